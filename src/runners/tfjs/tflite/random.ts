/** Random values. TFLite's own generator differs from one interpreter to the next where no seed is set; here it is always the same. */
import { integer, integers } from '../../parameters.js'
import { integerTensor } from '../geometry/axes.js'
import { drawn, drawnClasses, generator, normal } from '../maths/random.js'
import { type Op, op, operand } from '../op.js'

const SEEDS = { seed: integer({ default: 0 }), seed2: integer({ default: 0 }) }

export const RANDOM: readonly Op[] = [
  op({
    type: 'RANDOM_UNIFORM',
    specification: 'RandomOptions; kernels/random_ops.cc',
    operands: { shape: integers() },
    attributes: SEEDS,
    rounding: 'exact',
    run: ({ shape, seed, seed2 }) => drawn(shape, generator(seed, seed2)),
  }),
  op({
    type: 'RANDOM_STANDARD_NORMAL',
    specification: 'RandomOptions; kernels/random_ops.cc',
    operands: { shape: integers() },
    attributes: SEEDS,
    rounding: 'transcendental',
    run({ shape, seed, seed2 }) {
      const uniform = generator(seed, seed2)
      return drawn(shape, () => normal(uniform))
    },
  }),
  op({
    type: 'MULTINOMIAL',
    specification: 'RandomOptions; kernels/random_ops.cc',
    operands: { logits: operand(['float32'], 2), num_samples: integer() },
    attributes: SEEDS,
    rounding: 'exact',
    run: ({ logits, num_samples: count, seed, seed2 }, { output }) => ({
      ...integerTensor(output().dtype, drawnClasses(logits, count, generator(seed, seed2))),
      shape: [logits.shape[0]!, count],
    }),
  }),
]
