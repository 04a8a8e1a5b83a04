/** Random values. TFLite's own generator differs from one interpreter to the next where no seed is set; here it is always the same. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { sizeOf, tensor } from '../../../../kernels/tensor.js'
import { bounded } from '../bounds.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { integerTensor } from './axes.js'

/** Numbers in [0, 1) (mulberry32). */
function generator(op: Operator): () => number {
  let state = (op.number('seed') ^ Math.imul(op.number('seed2'), 0x9e3779b9)) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function drawn(op: Operator, draw: (uniform: () => number) => number): Tensor {
  const shape = bounded(op.integers(0))
  const uniform = generator(op)
  return tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => draw(uniform)),
  )
}

/** Box and Muller's transform. */
const normal = (uniform: () => number): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())

/** For each row of logits, classes drawn with the probabilities of their softmax. */
const multinomial: Kernel = (op) => {
  const { shape, data } = op.inputOf(0, 'float32')
  const [batch, classes] = shape as [number, number]
  const count = op.scalar(1)
  bounded([batch, count])
  const uniform = generator(op)
  const drawnClasses = Array.from({ length: batch * count }, (_, i) => {
    const logits = data.subarray(Math.floor(i / count) * classes, (Math.floor(i / count) + 1) * classes)
    const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
    const weights = Array.from(logits, (logit) => Math.exp(logit - largest))
    let rest = uniform() * weights.reduce((sum, weight) => sum + weight, 0)
    const chosen = weights.findIndex((weight) => (rest -= weight) < 0)
    return chosen < 0 ? classes - 1 : chosen
  })
  return { ...integerTensor(op.outputDType(), drawnClasses), shape: [batch, count] }
}

export const RANDOM: readonly OpRow[] = [
  row('RANDOM_UNIFORM', 0, [['int32', 'int64'], (op) => drawn(op, (uniform) => uniform())]),
  row('RANDOM_STANDARD_NORMAL', 0, [['int32', 'int64'], (op) => drawn(op, normal)]),
  row('MULTINOMIAL', 0, [['float32'], multinomial]),
]
