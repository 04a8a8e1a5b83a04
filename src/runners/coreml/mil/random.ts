/** MIL `random_bernoulli`, `random_categorical`, `random_normal`, `random_uniform` (coremltools ops/defs/iOS15/random). */
import { drawBernoulli, drawCategorical, drawNormal, drawUniform, type Uniform } from '../../../../kernels/random.js'
import { type FloatTensor, sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import { integer, integers, number, type Parameters, tensor, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'

/** A gigabyte of float32; a larger shape is a broken one. */
const MOST_ELEMENTS = 2 ** 28

/** A tensor of `shape` whose elements `draw` makes; a negative seed stands for none. The dtype is the one that the file declares. */
export function randomTensor(
  shape: readonly number[],
  seed: number,
  draw: (count: number, uniform: Uniform) => Float32Array,
  context: Context,
): Tensor {
  const count = sizeOf(shape)
  if (shape.some((dimension) => dimension < 0) || count > MOST_ELEMENTS) context.fail(`has shape [${shape}]`)
  const dtype = context.declared(0).dtype === 'float16' ? 'float16' : 'float32'
  return { dtype, shape: [...shape], data: draw(count, context.random(seed < 0 ? undefined : seed)) }
}

/** Draws `samples` classes for each row of the last axis: [..., classes] to [..., samples]. */
export function randomClasses(logits: Float32Array, shape: readonly number[], samples: number, seed: number, context: Context): Tensor {
  const classes = shape.at(-1) ?? context.fail('takes a tensor of rank 1 or more')
  if (classes === 0) context.fail('has no classes to draw from')
  return randomTensor([...shape.slice(0, -1), samples], seed, (_, uniform) => drawCategorical(logits, classes, samples, uniform), context)
}

const seed = integer({ default: -1 })

function distribution<P extends Parameters>(
  type: string,
  parameters: P,
  draw: (values: { [name in keyof P]: number }, count: number, uniform: Uniform) => Float32Array,
): Op {
  return op({
    type,
    specification: 'iOS15 random',
    parameters: { shape: integers(), seed, ...parameters },
    rounding: 'exact',
    impure: true,
    run(values, context) {
      const { shape, seed } = values as unknown as { shape: number[]; seed: number }
      return randomTensor(shape, seed, (count, uniform) => draw(values as { [name in keyof P]: number }, count, uniform), context)
    },
  })
}

const bernoulli = distribution('random_bernoulli', { prob: number({ default: 0.5 }) }, ({ prob }, count, uniform) =>
  drawBernoulli(count, prob, uniform),
)

const normal = distribution(
  'random_normal',
  { mean: number({ default: 0 }), stddev: number({ default: 1 }) },
  ({ mean, stddev }, count, uniform) => drawNormal(count, mean, stddev, uniform),
)

const uniformly = distribution(
  'random_uniform',
  { low: number({ default: 0 }), high: number({ default: 1 }) },
  ({ low, high }, count, uniform) => drawUniform(count, low, high, uniform),
)

const categorical = op({
  type: 'random_categorical',
  specification: 'iOS15 random',
  parameters: {
    x: tensor<FloatTensor>({ types: 'float', rank: [1, Infinity] }),
    mode: text(['logits', 'probs'], { default: 'logits' }),
    size: integer({ default: 1 }),
    seed,
  },
  rounding: 'exact',
  impure: true,
  run({ x, mode, size, seed }, context) {
    const logits = mode === 'probs' ? Float32Array.from(x.data, Math.log) : Float32Array.from(x.data)
    return { ...randomClasses(logits, x.shape, size, seed, context), dtype: x.dtype } as Tensor
  },
})

export const randomOps: readonly Op[] = [bernoulli, categorical, normal, uniformly]
