/** MIL `classify` (coremltools ops/defs/iOS15/classify): the label of the largest probability, and the probabilities in the labels' order. */
import { type FloatTensor, sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import { tensor } from '../../parameters.js'
import { type Op, op } from '../op.js'

/** Index of the largest element; of equal ones the first; NaN is passed over. */
function indexOfLargest(data: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < data.length; i++) if (data[i]! > data[best]! || data[best] !== data[best]) best = i
  return best
}

const classify = op({
  type: 'classify',
  specification: 'iOS15 classify',
  parameters: {
    probabilities: tensor<FloatTensor>({ types: 'float' }),
    classes: tensor<Tensor<'string' | 'int64' | 'int32'>>({ types: ['string', 'int64', 'int32'] }),
  },
  results: 2,
  rounding: 'exact',
  run({ probabilities, classes }, context) {
    const count = sizeOf(probabilities.shape)
    if (count !== classes.data.length || count === 0) context.fail(`has ${classes.data.length} classes for ${count} probabilities`)
    const best = indexOfLargest(probabilities.data)
    const label = { dtype: classes.dtype, shape: [1], data: classes.data.slice(best, best + 1) } as Tensor
    return [label, { ...probabilities, shape: [count] }]
  },
})

export const classifyOps: readonly Op[] = [classify]
