"""Small Core ML models, each of which shows one thing that a model can ask of a session: flexible shapes, optional inputs, images,
classes, states, several functions, control flow.

    python golden/models/make.py
"""

import shutil
from pathlib import Path

import coremltools as ct
import numpy as np
from coremltools.converters.mil.mil import Builder as mb
from coremltools.converters.mil.mil import types
from coremltools.models import datatypes
from coremltools.models.neural_network import NeuralNetworkBuilder, flexible_shape_utils
from coremltools.models.utils import MultiFunctionDescriptor, save_multifunction, save_spec
from coremltools.proto import FeatureTypes_pb2

HERE = Path(__file__).parent
ARRAY = datatypes.Array


def save_program(name, program, target=ct.target.iOS15, precision=ct.precision.FLOAT32, **options):
    path = HERE / f'{name}.mlpackage'
    shutil.rmtree(path, ignore_errors=True)
    model = ct.convert(program, convert_to='mlprogram', minimum_deployment_target=target, compute_precision=precision, skip_model_load=True, **options)
    model.save(str(path))
    return path


def save_network(name, builder):
    save_spec(builder.spec, str(HERE / f'{name}.mlmodel'))


def network(inputs, outputs, **options):
    return NeuralNetworkBuilder([(n, ARRAY(*s)) for n, s in inputs], [(n, None) for n in outputs], disable_rank5_shape_mapping=True, **options)


# Flexible shapes: y = 2x


def doubled(shape):
    @mb.program(input_specs=[mb.TensorSpec(shape=shape)], opset_version=ct.target.iOS15)
    def program(x):
        return mb.mul(x=x, y=np.float32(2), name='y')

    return program


def flexible_models():
    symbolic = (ct.converters.mil.mil.get_new_symbol(), 3)
    shape = ct.EnumeratedShapes(shapes=[[1, 3], [4, 3], [2, 3]], default=[4, 3])
    save_program('enumerated', doubled(symbolic), inputs=[ct.TensorType(name='x', shape=shape)])
    symbolic = (ct.converters.mil.mil.get_new_symbol(), 3)
    shape = ct.Shape(shape=(ct.RangeDim(lower_bound=2, upper_bound=5, default=3), 3))
    save_program('range', doubled(symbolic), inputs=[ct.TensorType(name='x', shape=shape)])


# Optional inputs: y = x + z, of which z has a default of its own, or none


def optional_models():
    builder = network([('x', (3,)), ('z', (3,)), ('w', (3,))], ['y'])
    builder.add_add_broadcastable('sum', ['x', 'z'], 'xz')
    builder.add_add_broadcastable('sum_w', ['xz', 'w'], 'y')
    for feature in builder.spec.description.input[1:]:
        feature.type.isOptional = True
    builder.spec.description.input[1].type.multiArrayType.floatDefaultValue = 2.5
    builder.spec.specificationVersion = 5
    save_network('optional', builder)


# Classifiers: labels of either type


def classifier_models():
    for name, labels in [('classifier_text', ['ant', 'bee', 'cat']), ('classifier_number', [30, 10, 20])]:
        builder = network([('x', (3,))], ['scores'], mode='classifier')
        builder.add_softmax_nd('softmax', 'x', 'scores', axis=-1)
        builder.set_class_labels(labels, predicted_feature_name='animal', prediction_blob='scores')
        save_network(name, builder)

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 3))], opset_version=ct.target.iOS15)
    def program(x):
        return mb.softmax(x=x, axis=-1, name='scores')

    save_program('classifier_program', program, inputs=[ct.TensorType(name='x', shape=(1, 3))], classifier_config=ct.ClassifierConfig(['ant', 'bee', 'cat']))


# Images in and out


def image_models():
    spaces = FeatureTypes_pb2.ImageFeatureType.ColorSpace
    for name, channels, space in [('image_rgb', 3, 'RGB'), ('image_bgr', 3, 'BGR'), ('image_gray', 1, 'GRAYSCALE')]:
        builder = network([('x', (channels, 2, 3))], ['y'])
        builder.add_activation('half', 'LINEAR', 'x', 'y', [0.5, 100])
        builder.set_pre_processing_parameters(image_input_names=['x'], is_bgr=space == 'BGR', red_bias=1, green_bias=2, blue_bias=3, gray_bias=4, image_scale=2)
        output = builder.spec.description.output[0]
        output.type.imageType.width, output.type.imageType.height = 3, 2
        output.type.imageType.colorSpace = spaces.Value(space)
        if name == 'image_gray':
            sizes = [flexible_shape_utils.NeuralNetworkImageSize(height, width) for height, width in [(2, 3), (4, 4)]]
            for feature in ('x', 'y'):
                flexible_shape_utils.add_enumerated_image_sizes(builder.spec, feature, sizes)
        builder.spec.specificationVersion = 4
        save_network(name, builder)


# States: the running sum of what was fed


def state_models():
    @mb.program(input_specs=[mb.TensorSpec(shape=(3,), dtype=types.fp16), mb.StateTensorSpec(shape=(3,), dtype=types.fp16)], opset_version=ct.target.iOS18)
    def program(x, total):
        before = mb.read_state(input=total)
        after = mb.coreml_update_state(state=total, value=mb.add(x=before, y=x))
        return mb.mul(x=after, y=np.float16(2), name='y')

    save_program('state', program, target=ct.target.iOS18, precision=ct.precision.FLOAT16)

    @mb.program(input_specs=[mb.TensorSpec(shape=(3,), dtype=types.fp16), mb.StateTensorSpec(shape=(3,), dtype=types.fp16)], opset_version=ct.target.iOS18)
    def written_only(x, total):
        before = mb.read_state(input=total)
        mb.coreml_update_state(state=total, value=mb.add(x=before, y=x))
        return mb.mul(x=before, y=np.float16(1), name='y')

    save_program('state_written_last', written_only, target=ct.target.iOS18, precision=ct.precision.FLOAT16)


# Functions: plus one, times three


def function_models():
    def save(name, op, value):
        @mb.program(input_specs=[mb.TensorSpec(shape=(2,))], opset_version=ct.target.iOS15)
        def program(x):
            return getattr(mb, op)(x=x, y=np.float32(value), name='y')

        return save_program(name, program)

    parts = [save('part_add', 'add', 1), save('part_mul', 'mul', 3)]
    descriptor = MultiFunctionDescriptor()
    descriptor.add_function(str(parts[0]), src_function_name='main', target_function_name='plus_one')
    descriptor.add_function(str(parts[1]), src_function_name='main', target_function_name='times_three')
    descriptor.default_function_name = 'times_three'
    path = HERE / 'functions.mlpackage'
    shutil.rmtree(path, ignore_errors=True)
    save_multifunction(descriptor, str(path))
    for part in parts:
        shutil.rmtree(part)


# Control flow of neural networks


def inner(spec):
    return NeuralNetworkBuilder(input_features=None, output_features=None, spec=None, nn_spec=spec, disable_rank5_shape_mapping=True)


def control_models():
    # y = x + 2 * count
    builder = network([('x', (1,)), ('count', (1,))], ['y'])
    builder.add_copy('start', 'x', 'y')
    loop = builder.add_loop('loop', input_name='count')
    body = inner(loop.loop.bodyNetwork)
    body.add_elementwise('add', ['y'], 'more', 'ADD', 2)
    body.add_copy('carry', 'more', 'y')
    save_network('loop_count', builder)

    # doubles y while it is below a limit, five times at most
    builder = network([('x', (1,)), ('limit', (1,))], ['y'])
    builder.add_copy('start', 'x', 'y')
    loop = builder.add_loop('loop', max_iterations=5, condition='goes_on')
    inner(loop.loop.conditionNetwork).add_less_than('below', ['y', 'limit'], 'goes_on')
    body = inner(loop.loop.bodyNetwork)
    body.add_elementwise('double', ['y'], 'doubled', 'MULTIPLY', 2)
    body.add_copy('carry', 'doubled', 'y')
    save_network('loop_condition', builder)

    # n counts to 10; odd numbers are left out of the sum; the loop is left at the limit
    builder = network([('limit', (1,))], ['sum', 'n'])
    builder.add_load_constant_nd('zero', 'sum', np.zeros(1), [1])
    builder.add_copy('n_start', 'sum', 'n')
    loop = builder.add_loop('loop', max_iterations=10)
    body = inner(loop.loop.bodyNetwork)
    body.add_elementwise('next', ['n'], 'next_n', 'ADD', 1)
    body.add_copy('carry_n', 'next_n', 'n')
    body.add_greater_than('beyond', ['n', 'limit'], 'stop')
    inner(body.add_branch('leave', 'stop').branch.ifBranch).add_loop_break('break')
    body.add_load_constant_nd('two', 'two', np.full(1, 2.0), [1])
    body.add_mod_broadcastable('odd', ['n', 'two'], 'is_odd')
    inner(body.add_branch('skip', 'is_odd').branch.ifBranch).add_loop_continue('continue')
    body.add_add_broadcastable('add', ['sum', 'n'], 'more')
    body.add_copy('carry_sum', 'more', 'sum')
    save_network('loop_break_continue', builder)

    # y = 10 x where the predicate holds, x where it does not
    builder = network([('x', (2,)), ('predicate', (1,))], ['y'])
    builder.add_copy('start', 'x', 'y')
    branch = inner(builder.add_branch('branch', 'predicate').branch.ifBranch)
    branch.add_elementwise('times', ['x'], 'ten', 'MULTIPLY', 10)
    branch.add_copy('carry', 'ten', 'y')
    save_network('branch_without_else', builder)

    # y, z = x + 1, 2 x where the predicate holds, 0, x where it does not
    builder = network([('x', (2,)), ('predicate', (1,))], ['y', 'z'])
    builder.add_load_constant_nd('start_y', 'y', np.zeros(2), [2])
    builder.add_copy('start_z', 'x', 'z')
    branch = inner(builder.add_branch('branch', 'predicate').branch.ifBranch)
    branch.add_elementwise('plus', ['x'], 'y', 'ADD', 1)
    branch.add_elementwise('times', ['x'], 'z', 'MULTIPLY', 2)
    save_network('branch_two_values', builder)

    # y, n: for each i below count, n counts i more steps: the loops share the names around them
    builder = network([('count', (1,))], ['n'])
    builder.add_load_constant_nd('n_start', 'n', np.zeros(1), [1])
    builder.add_load_constant_nd('i_start', 'i', np.zeros(1), [1])
    outer = inner(builder.add_loop('outer', input_name='count').loop.bodyNetwork)
    nested = inner(outer.add_loop('inner', input_name='i').loop.bodyNetwork)
    nested.add_elementwise('one_more', ['n'], 'next_n', 'ADD', 1)
    nested.add_copy('carry_n', 'next_n', 'n')
    outer.add_elementwise('next', ['i'], 'next_i', 'ADD', 1)
    outer.add_copy('carry_i', 'next_i', 'i')
    save_network('loop_nested', builder)

    # y is first made in the body, the last of i + 1
    builder = network([('x', (1,)), ('limit', (1,))], ['y'])
    builder.add_copy('start', 'x', 'i')
    loop = builder.add_loop('loop', max_iterations=5, condition='goes_on')
    inner(loop.loop.conditionNetwork).add_less_than('below', ['i', 'limit'], 'goes_on')
    body = inner(loop.loop.bodyNetwork)
    body.add_elementwise('next', ['i'], 'y', 'ADD', 1)
    body.add_copy('carry', 'y', 'i')
    save_network('loop_first_made_inside', builder)

    # never ends
    builder = network([('x', (1,))], ['y'])
    builder.add_copy('start', 'x', 'y')
    loop = builder.add_loop('loop', condition='y')
    inner(loop.loop.conditionNetwork).add_copy('same', 'x', 'y')
    inner(loop.loop.bodyNetwork).add_copy('again', 'x', 'y')
    save_network('loop_endless', builder)

    # breaks where there is no loop
    builder = network([('x', (1,))], ['y'])
    builder.add_copy('copy', 'x', 'y')
    builder.add_loop_break('break')
    save_network('break_outside', builder)


def control_programs():
    # the powers of x below a limit, and how many there are
    @mb.program(input_specs=[mb.TensorSpec(shape=(1,)), mb.TensorSpec(shape=(1,))], opset_version=ct.target.iOS15)
    def powers(x, limit):
        start = mb.make_list(init_length=1, dynamic_length=True, elem_shape=(1,), dtype='fp32')

        def below(power, index, found):
            return mb.squeeze(x=mb.less(x=power, y=limit))

        def step(power, index, found):
            return mb.mul(x=power, y=x), mb.add(x=index, y=1), mb.list_write(ls=found, index=index, value=power)

        _, index, found = mb.while_loop(_cond=below, _body=step, loop_vars=(x, 0, start))
        all_found = mb.list_gather(ls=found, indices=mb.range_1d(start=0, end=index, step=1), name='powers')
        return all_found, mb.identity(x=mb.list_length(ls=found), name='length')

    save_program('while_list', powers)

    # y = 10 x where x is positive, -x where it is not
    @mb.program(input_specs=[mb.TensorSpec(shape=(1,))], opset_version=ct.target.iOS15)
    def either(x):
        positive = mb.squeeze(x=mb.greater(x=x, y=np.float32(0)))
        return mb.cond(pred=positive, _true_fn=lambda: mb.mul(x=x, y=np.float32(10)), _false_fn=lambda: mb.mul(x=x, y=np.float32(-1)), name='y')

    save_program('cond', either)


# The rank-5 mapping: a sum over a sequence, with a state that callers may give


def rank5_models():
    builder = NeuralNetworkBuilder([('x', ARRAY(2)), ('before', ARRAY(1))], [('y', None), ('after', None)])
    builder.add_simple_rnn('rnn', np.ones((1, 1)), np.ones((1, 2)), None, 1, 2, 'LINEAR', ['x', 'before'], ['y', 'after'], output_all=True)
    builder.spec.description.input[1].type.isOptional = True
    builder.spec.specificationVersion = 5
    save_network('rank5', builder)


def custom_models():
    builder = network([('x', (4,))], ['y'])
    layer = builder.spec.neuralNetwork.layers.add()
    layer.name, layer.custom.className = 'scaling', 'Scaling'
    layer.input.append('x')
    layer.output.append('y')
    layer.custom.weights.add().floatValue.extend([1, 2, 3, 4])
    layer.custom.weights.add().floatValue.extend([0.5])
    layer.custom.parameters['offset'].doubleValue = 0.25
    layer.custom.parameters['kind'].stringValue = 'affine'
    layer.custom.parameters['negate'].boolValue = True
    layer.custom.parameters['times'].intValue = 2
    layer.custom.parameters['limit'].longValue = 2**40
    layer.custom.description = 'scales each element'
    save_network('custom', builder)

    builder = network([('x', (2,)), ('z', (2,))], ['sum', 'difference'])
    layer = builder.spec.neuralNetwork.layers.add()
    layer.name, layer.custom.className = 'both', 'SumAndDifference'
    layer.input.extend(['x', 'z'])
    layer.output.extend(['sum', 'difference'])
    save_network('custom_two_inputs', builder)


if __name__ == '__main__':
    for make in (flexible_models, optional_models, classifier_models, image_models, state_models, function_models, control_models, control_programs, rank5_models, custom_models):
        make()
