/** Random values. TFLite's own generator differs from one interpreter to the next where no seed is set; here it is always the same. */
import { Random } from '../../../../kernels/generator.js'
import { drawCategorical, drawNormal, drawUniform, type Uniform } from '../../../../kernels/random.js'
import { sizeOf, type Tensor, tensor } from '../../../../kernels/tensor.js'
import { integer, integers } from '../../parameters.js'
import { integerTensor } from '../geometry/axes.js'
import { bounded } from '../geometry/bounds.js'
import { type Op, op, operand } from '../op.js'

const SEEDS = { seed: integer({ default: 0 }), seed2: integer({ default: 0 }) }

function uniformFrom({ seed, seed2 }: { seed: number; seed2: number }): Uniform {
  const random = new Random(seed, seed2)
  return () => random.uniform()
}

const drawn = (shape: readonly number[], draw: (count: number) => Float32Array): Tensor =>
  tensor('float32', shape, draw(sizeOf(bounded(shape))))

export const RANDOM: readonly Op[] = [
  op({
    type: 'RANDOM_UNIFORM',
    specification: 'RandomOptions; kernels/random_ops.cc',
    operands: { shape: integers() },
    attributes: SEEDS,
    rounding: 'exact',
    run: ({ shape, ...seeds }) => drawn(shape, (count) => drawUniform(count, 0, 1, uniformFrom(seeds))),
  }),
  op({
    type: 'RANDOM_STANDARD_NORMAL',
    specification: 'RandomOptions; kernels/random_ops.cc',
    operands: { shape: integers() },
    attributes: SEEDS,
    rounding: 'transcendental',
    run: ({ shape, ...seeds }) => drawn(shape, (count) => drawNormal(count, 0, 1, uniformFrom(seeds))),
  }),
  op({
    type: 'MULTINOMIAL',
    specification: 'RandomOptions; kernels/random_ops.cc',
    operands: { logits: operand(['float32'], 2), num_samples: integer() },
    attributes: SEEDS,
    rounding: 'exact',
    run({ logits, num_samples: count, ...seeds }, { output }) {
      const [batch, classes] = logits.shape as [number, number]
      bounded([batch, count])
      const chosen = drawCategorical(logits.data, classes, count, uniformFrom(seeds))
      return { ...integerTensor(output().dtype, Array.from(chosen)), shape: [batch, count] }
    },
  }),
]
