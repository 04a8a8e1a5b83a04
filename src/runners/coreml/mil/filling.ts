/** MIL ops that make tensors: `fill`, `range_1d`, `one_hot` of coremltools ops/defs/iOS15 tensor_operation, `fill_like` of iOS16. */
import * as filling from '../../../../kernels/filling.js'
import { isNumberTensor, type NumberDType, type NumberTensor, type Tensor } from '../../../../kernels/tensor.js'
import { exactly, integer, integers, optionalTensor, tensor } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { rangeIntermediates } from '../semantics/rounding.js'
import { allocatable, scalarOf } from '../semantics/shapes.js'
import * as semantics from '../semantics/transformation.js'

/** The dtype of a value that decides the result's; where it is left out, what the file declares for the result. */
function dtypeOf(value: Tensor | undefined, fallback: NumberDType, context: Context): NumberDType {
  const dtype = value?.dtype ?? context.declared(0).dtype ?? fallback
  return isNumberTensor({ dtype } as Tensor) ? (dtype as NumberDType) : context.unsupported(`makes a tensor of dtype ${dtype}`)
}

function fillWith(shape: readonly number[], value: Tensor | undefined, context: Context): Tensor {
  const dtype = dtypeOf(value, 'float32', context)
  return filling.fill(dtype, allocatable(shape, context), value ? scalarOf(value, context, 'value') : 0)
}

export const fillingOps: readonly Op[] = [
  op({
    type: 'fill',
    specification: 'iOS15 tensor_operation',
    parameters: { shape: integers(), value: optionalTensor() },
    rounding: 'exact',
    run: ({ shape, value }, context) => fillWith(shape, value, context),
  }),
  op({
    type: 'fill_like',
    specification: 'iOS16 tensor_operation',
    since: 'iOS16',
    parameters: { ref_tensor: tensor(), value: optionalTensor() },
    rounding: 'exact',
    run: ({ ref_tensor, value }, context) => fillWith(ref_tensor.shape, value, context),
  }),
  op({
    type: 'range_1d',
    specification: 'iOS15 tensor_operation',
    parameters: { start: exactly(tensor<NumberTensor>()), end: exactly(tensor()), step: exactly(tensor()) },
    rounding: 'rounded',
    intermediates: ({ start, step }, [range], context) =>
      rangeIntermediates(scalarOf(start, context, 'start'), scalarOf(step, context, 'step'), range!.data.length),
    run({ start, end, step }, context) {
      const [first, last, by] = [scalarOf(start, context, 'start'), scalarOf(end, context, 'end'), scalarOf(step, context, 'step')]
      return semantics.range(start.dtype, first, last, by, context)
    },
  }),
  op({
    type: 'one_hot',
    specification: 'iOS15 tensor_operation',
    parameters: {
      indices: tensor(),
      one_hot_vector_size: integer(),
      axis: integer({ default: -1 }),
      on_value: optionalTensor(),
      off_value: optionalTensor(),
    },
    rounding: 'exact',
    run({ indices, one_hot_vector_size, axis, on_value, off_value }, context) {
      const on = on_value ? scalarOf(on_value, context, 'on_value') : 1
      const off = off_value ? scalarOf(off_value, context, 'off_value') : 0
      const dtype = dtypeOf(on_value ?? off_value, 'int32', context)
      return semantics.oneHot(dtype, indices, { depth: one_hot_vector_size, axis, on, off }, context)
    },
  }),
]
