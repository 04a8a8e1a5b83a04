"""Golden cases of TFLite operators that no test writes down by hand, by numpy in float64. Operands have the names of the table of rows.

    python golden/tflite/operators.py > golden/tflite/operators.json
"""

import math
import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / 'ops'))
from case import Cases, Typed, reals  # noqa: E402

cases = Cases()
NAN, INF = np.nan, np.inf


def case(op, operands, expected, *, note='', tolerance=None, **attributes):
    """Operands by name; a list stands for a variadic one."""
    pairs = [(name, one) for name, given in operands.items() for one in (given if isinstance(given, list) else [given])]
    cases.add('tflite', op, pairs, attributes, expected, version='3', note=note, tolerance=tolerance)


def long(values):
    return Typed(np.asarray(values), 'int64')


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


erf = np.vectorize(math.erf, otypes=[float])
WIDE = reals('wide', 11, scale=2)
POSITIVE = np.linspace(0.125, 6, 12)

# functions of one element
case('COS', {'input': WIDE}, np.cos(WIDE))
case('SIN', {'input': WIDE}, np.sin(WIDE))
case('EXP', {'input': WIDE}, np.exp(WIDE))
case('EXP', {'input': np.array([NAN, INF, -INF, 0.0])}, np.array([NAN, INF, 0, 1]), note='of NaN and infinities')
case('LOG', {'input': POSITIVE}, np.log(POSITIVE))
case('LOG', {'input': np.array([0.0, -1, INF, NAN])}, np.array([-INF, NAN, INF, NAN]), note='of 0, -1, infinity and NaN')
case('SQRT', {'input': POSITIVE}, np.sqrt(POSITIVE))
case('GELU', {'input': WIDE}, 0.5 * WIDE * (1 + erf(WIDE / math.sqrt(2))))
case(
    'GELU',
    {'input': WIDE},
    0.5 * WIDE * (1 + np.tanh(math.sqrt(2 / math.pi) * (WIDE + 0.044715 * WIDE**3))),
    note='by tanh',
    approximate=True,
)
case('LOGICAL_NOT', {'input': np.array([True, False])}, np.array([False, True]))
# 15 steps of 0.25 over [-1.25, 2.5], which hold 0
FAKE = np.array([-9, -1.25, -1.2, -0.13, 0.12, 0.13, 1.1, 2.5, 9])
case(
    'FAKE_QUANT',
    {'input': FAKE},
    np.floor((np.clip(FAKE, -1.25, 2.5) + 1.25) / 0.25 + 0.5) * 0.25 - 1.25,
    note='in 4 bits',
    min=-1.25,
    max=2.5,
    num_bits=4,
)
case(
    'FAKE_QUANT',
    {'input': FAKE},
    np.floor((np.clip(FAKE, -1.25, 2.25) + 1.25) / 0.25 + 0.5) * 0.25 - 1.25,
    note='in 4 bits but for one level',
    min=-1.25,
    max=2.25,
    num_bits=4,
    narrow_range=True,
)

# functions of two elements
A, B = reals('a', 2, 3), reals('b', 3)
case('SUB', {'input1': A, 'input2': B}, A - B)
case('SUB', {'input1': A, 'input2': B}, np.clip(A - B, 0, 6), note='clamped', fused_activation_function='RELU6')
case('ATAN2', {'y': A, 'x': B}, np.arctan2(A, B))
case('MINIMUM', {'input1': A, 'input2': B}, np.minimum(A, B))
case('MINIMUM', {'input1': np.array([3, -7], np.int32), 'input2': np.array([2, -1], np.int32)}, np.array([2, -7], np.int32), note='of int32')
case('ADD_N', {'inputs': [A, A + 1, A * 2]}, 4 * A + 1)
X, Y = np.array([1.0, 2, 3, NAN]), np.array([2.0, 2, 2, 1])
case('GREATER', {'input1': X, 'input2': Y}, X > Y)
case('GREATER_EQUAL', {'input1': X, 'input2': Y}, X >= Y)
case('LESS_EQUAL', {'input1': X, 'input2': Y}, X <= Y)
case('NOT_EQUAL', {'input1': X, 'input2': Y}, X != Y)
P, Q = np.array([True, True, False, False]), np.array([True, False, True, False])
case('LOGICAL_AND', {'input1': P, 'input2': Q}, P & Q)

# complex numbers
Z = reals('z', 2, 3) + 1j * reals('zi', 2, 3)
case('REAL', {'input': Z}, Z.real)
case('IMAG', {'input': Z}, Z.imag)
case('COMPLEX_ABS', {'input': Z}, np.abs(Z))

# shapes
case('EXPAND_DIMS', {'input': A, 'axis': np.array(-1, np.int32)}, A[..., None], note='at the end')
case('RANK', {'input': A}, np.array(2, np.int32))
case('FILL', {'dims': np.array([2, 3], np.int32), 'value': np.array(1.5)}, np.full((2, 3), 1.5))
case('FILL', {'dims': long([2]), 'value': np.array(7, np.int32)}, np.array([7, 7], np.int32), note='of int32, with int64 sizes')
case('ZEROS_LIKE', {'input': A}, np.zeros((2, 3)))
case('BROADCAST_ARGS', {'shape1': np.array([4, 1], np.int32), 'shape2': np.array([3, 1, 5], np.int32)}, np.array([3, 4, 5], np.int32))
case('PAD', {'input': A, 'paddings': np.array([[1, 0], [0, 2]], np.int32)}, np.pad(A, [(1, 0), (0, 2)]))

# reductions
case('LOG_SOFTMAX', {'input': A}, A - np.log(np.exp(A).sum(-1, keepdims=True)))
case('REDUCE_MIN', {'input': A, 'axis': np.array([0], np.int32)}, A.min(0, keepdims=True), keep_dims=True)
case('REDUCE_ALL', {'input': np.array([[True, False], [True, True]]), 'axis': np.array([1], np.int32)}, np.array([False, True]))
case('ARG_MIN', {'input': np.array([[3.0, 1, 1], [0, 5, -2]]), 'axis': np.array(-1, np.int32)}, np.array([1, 2], np.int32), note='the first of equals')
V = reals('v', 1, 4, 4, 2)
WINDOWS = V.reshape(1, 2, 2, 2, 2, 2).transpose(0, 1, 3, 5, 2, 4).reshape(1, 2, 2, 2, 4)
case('L2_POOL_2D', {'input': V}, np.sqrt((WINDOWS**2).mean(-1)), padding='VALID', stride_h=2, stride_w=2, filter_height=2, filter_width=2)
case(
    'L2_POOL_2D',
    {'input': V},
    np.clip(np.sqrt((WINDOWS**2).mean(-1)), None, 1),
    note='clamped',
    padding='SAME',
    stride_h=2,
    stride_w=2,
    filter_height=2,
    filter_width=2,
    fused_activation_function='RELU_N1_TO_1',
)

# tables and segments
TABLE = reals('table', 5, 3)
IDS, WEIGHTS = np.array([1, 4, 0, 3], np.int32), np.array([0.5, 2, 1, -1.5])
PLACES = np.array([[0, 0], [0, 1], [2, 0], [2, 1]], np.int32)
SUMS = np.stack([0.5 * TABLE[1] + 2 * TABLE[4], 0 * TABLE[0], TABLE[0] - 1.5 * TABLE[3]])
for combiner, by in (('SUM', [1, 1, 1]), ('MEAN', [2.5, 1, -0.5]), ('SQRTN', [math.sqrt(4.25), 1, math.sqrt(3.25)])):
    case(
        'EMBEDDING_LOOKUP_SPARSE',
        {'ids': IDS, 'indices': PLACES, 'dense_shape': np.array([3, 2], np.int32), 'weights': WEIGHTS, 'params': TABLE},
        SUMS / np.array(by)[:, None],
        note=combiner.lower(),
        combiner=combiner,
    )
ROWS, SEGMENTS = reals('rows', 5, 2), np.array([2, 0, -1, 2, 0], np.int32)
KEPT = [ROWS[[1, 4]], ROWS[:0], ROWS[[0, 3]], ROWS[:0]]
LEAST = -float(np.finfo(np.float32).max)
for name, fold, empty in (
    ('SUM', lambda rows: rows.sum(0), 0),
    ('PROD', lambda rows: rows.prod(0), 1),
    ('MIN', lambda rows: rows.min(0), -LEAST),
):
    expected = np.stack([fold(rows) if len(rows) else np.full(2, empty) for rows in KEPT])
    case(
        f'UNSORTED_SEGMENT_{name}',
        {'input': ROWS, 'segment_ids': SEGMENTS, 'num_segments': np.array(4, np.int32)},
        expected,
        note='with an id that is left out',
    )
BOXES = np.array([[0, 0, 1, 1], [0, 0, 1, 0.5], [2, 2, 3, 3]], np.float64)
SCORES = np.array([0.9, 0.8, 0.3])
LIMITS = {'max_output_size': np.array(3, np.int32), 'iou_threshold': np.array(1.0), 'score_threshold': np.array(0.1)}
# the second box overlaps the first by a half; soft suppression lowers its score and leaves it in
case(
    'NON_MAX_SUPPRESSION_V5',
    {'boxes': BOXES, 'scores': SCORES, **LIMITS, 'soft_nms_sigma': np.array(0.5)},
    [np.array([0, 1, 2], np.int32), np.array([0.9, 0.8 * math.exp(-0.25), 0.3]), np.array(3, np.int32)],
)


# convolution: each element times the filter, added where the window of the convolution that it undoes stands
def transposed_3d(x, weights, shape, stride):
    out = np.zeros(shape)
    kernel = weights.shape[:3]
    for place in np.ndindex(*x.shape[1:4]):
        for k in np.ndindex(*kernel):
            to = tuple(p * s + i for p, s, i in zip(place, stride, k))
            out[(slice(None), *to)] += x[(slice(None), *place)] @ weights[k].T
    return out


SMALL, FILTER, BIAS = reals('small', 1, 2, 2, 1, 3), reals('filter', 2, 1, 2, 2, 3), reals('bias', 2)
SIZE = (1, 4, 2, 3, 2)
case(
    'CONV_3D_TRANSPOSE',
    {'output_shape': np.array(SIZE, np.int32), 'filter': FILTER, 'input': SMALL, 'bias': BIAS},
    np.maximum(transposed_3d(SMALL, FILTER, SIZE, (2, 1, 2)) + BIAS, 0),
    padding='VALID',
    stride_d=2,
    stride_h=1,
    stride_w=2,
    fused_activation_function='RELU',
)

# recurrent networks: operands by name, states from zero
BATCH, INPUT, CELLS, STEPS = 2, 3, 4, 3
GATES = ('input', 'forget', 'cell', 'output')


def rnn(name):
    return {'weights': reals(f'{name} w', CELLS, INPUT, scale=0.5), 'recurrent_weights': reals(f'{name} r', CELLS, CELLS, scale=0.25), 'bias': reals(f'{name} b', CELLS)}


SIMPLE = rnn('rnn')
STATE = reals('state', BATCH, CELLS)
STEP = reals('step', BATCH, INPUT)
case(
    'RNN',
    {'input': STEP, **SIMPLE, 'hidden_state': STATE},
    np.maximum(STEP @ SIMPLE['weights'].T + STATE @ SIMPLE['recurrent_weights'].T + SIMPLE['bias'], 0),
    tolerance=1e-5,
    fused_activation_function='RELU',
)


def lstm_weights(name):
    weights = {f'input_to_{gate}_weights': reals(f'{name} {gate} w', CELLS, INPUT, scale=0.5) for gate in GATES}
    weights |= {f'recurrent_to_{gate}_weights': reals(f'{name} {gate} r', CELLS, CELLS, scale=0.25) for gate in GATES}
    return weights | {f'{gate}_gate_bias': reals(f'{name} {gate} b', CELLS) for gate in GATES}


def lstm_step(weights, x, h, c):
    def gate(name):
        return x @ weights[f'input_to_{name}_weights'].T + h @ weights[f'recurrent_to_{name}_weights'].T + weights[f'{name}_gate_bias']

    c = sigmoid(gate('forget')) * c + sigmoid(gate('input')) * np.tanh(gate('cell'))
    return sigmoid(gate('output')) * np.tanh(c), c


def lstm(weights, sequence):
    h = c = np.zeros((BATCH, CELLS))
    outputs = []
    for x in sequence:
        h, c = lstm_step(weights, x, h, c)
        outputs.append(h)
    return np.stack(outputs)


WEIGHTS = lstm_weights('lstm')
HIDDEN, CELL = reals('hidden', BATCH, CELLS), reals('cell', BATCH, CELLS)
case(
    'LSTM',
    {'input': STEP, **WEIGHTS, 'output_state': HIDDEN, 'cell_state': CELL},
    lstm_step(WEIGHTS, STEP, HIDDEN, CELL)[0],
    note='one full step',
    tolerance=1e-5,
    fused_activation_function='TANH',
)
ALL = reals('all', 4 * CELLS, INPUT + CELLS, scale=0.5)
ALL_BIAS = reals('all bias', 4 * CELLS)
JOINED = np.concatenate([STEP, HIDDEN], 1)
SUMMED = JOINED @ ALL.T + ALL_BIAS
I, G, F, O = np.split(SUMMED, 4, 1)
NEXT = sigmoid(I) * np.tanh(G) + sigmoid(F) * CELL
# the basic kernel's operands stand in the places of the first weights: previous output, weights, bias, state
case(
    'LSTM',
    {
        'input': STEP,
        'input_to_input_weights': HIDDEN,
        'input_to_forget_weights': ALL,
        'input_to_cell_weights': ALL_BIAS,
        'input_to_output_weights': CELL,
    },
    [sigmoid(O) * np.tanh(NEXT), NEXT, JOINED, SUMMED],
    note='one basic step',
    tolerance=1e-5,
    fused_activation_function='TANH',
    kernel_type='BASIC',
)
SEQUENCE = reals('sequence', STEPS, BATCH, INPUT)
FORWARD, BACKWARD = lstm_weights('fw'), lstm_weights('bw')
ZERO = np.zeros((BATCH, CELLS))
case(
    'BIDIRECTIONAL_SEQUENCE_LSTM',
    {
        'input': SEQUENCE,
        **{f'fw_{name}': array for name, array in FORWARD.items()},
        **{f'bw_{name}': array for name, array in BACKWARD.items()},
        **{f'{side}_{state}_state': ZERO for side in ('fw', 'bw') for state in ('output', 'cell')},
    },
    np.concatenate([lstm(FORWARD, SEQUENCE), lstm(BACKWARD, SEQUENCE[::-1])[::-1]], 2),
    note='side by side',
    tolerance=1e-5,
    fused_activation_function='TANH',
    time_major=True,
    merge_outputs=True,
)

# random numbers: what does not depend on the generator
case('MULTINOMIAL', {'logits': np.array([[0.0, -1000], [-1000, 0]]), 'num_samples': np.array(3, np.int32)}, long([[0, 0, 0], [1, 1, 1]]), note='of certain classes', seed=3)

cases.print()
