/** NeuralNetwork.proto's random layers: normal, uniform and Bernoulli in the shape of an input, of a field or of a shape vector; classes. */
import { drawBernoulli, drawNormal, drawUniform, type Uniform } from '../../../../kernels/random.js'
import type { Tensor } from '../../../../kernels/tensor.js'
import { boolean, integer, integers, number, type Parameters, tensor } from '../../parameters.js'
import { randomClasses, randomTensor } from '../mil/random.js'
import { type Op, op } from '../op.js'
import { layerParams } from './section.js'

const zero = number({ default: 0 })
const seed = integer({ default: 0 })

interface Distribution {
  parameters: Parameters
  draw(values: Readonly<Record<string, number>>, count: number, uniform: Uniform): Float32Array
}

const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  randomNormal: {
    parameters: { mean: zero, stdDev: zero },
    draw: ({ mean, stdDev }, count, uniform) => drawNormal(count, mean!, stdDev!, uniform),
  },
  randomUniform: {
    parameters: { minVal: zero, maxVal: zero },
    draw: ({ minVal, maxVal }, count, uniform) => drawUniform(count, minVal!, maxVal!, uniform),
  },
  randomBernoulli: { parameters: { prob: zero }, draw: ({ prob }, count, uniform) => drawBernoulli(count, prob!, uniform) },
}

/** Where the result's shape comes from: the input's own, the field, or the input's elements. */
const SHAPES: Readonly<Record<string, { parameters: Parameters; shapeOf(values: Readonly<Record<string, unknown>>): number[] }>> = {
  Like: { parameters: { input: tensor() }, shapeOf: ({ input }) => (input as Tensor).shape },
  Static: { parameters: { outputShape: integers() }, shapeOf: ({ outputShape }) => outputShape as number[] },
  Dynamic: { parameters: { input: integers() }, shapeOf: ({ input }) => input as number[] },
}

const distributions: Op[] = Object.entries(DISTRIBUTIONS).flatMap(([name, distribution]) =>
  Object.entries(SHAPES).map(([suffix, { parameters, shapeOf }]) =>
    op({
      type: `${name}${suffix}`,
      specification: layerParams(`${name}${suffix}`),
      parameters: { ...parameters, ...distribution.parameters, seed },
      rounding: 'exact',
      impure: true,
      run(values, context) {
        const draw = (count: number, uniform: Uniform) => distribution.draw(values as unknown as Record<string, number>, count, uniform)
        return randomTensor(shapeOf(values), values.seed, draw, context)
      },
    }),
  ),
)

/** Values of an unset field. */
const EPSILON = 1e-10
const TEMPERATURE = 1

const categorical = op({
  type: 'categoricalDistribution',
  specification: 'NeuralNetwork.proto CategoricalDistributionLayerParams',
  parameters: {
    input: tensor<Tensor<'float32' | 'float16'>>({ types: ['float32', 'float16'], rank: [1, Infinity] }),
    seed,
    numSamples: integer({ default: 0 }),
    isLogits: boolean({ default: false }),
    eps: zero,
    temperature: zero,
  },
  rounding: 'exact',
  impure: true,
  run({ input, seed, numSamples, isLogits, eps, temperature }, context) {
    const scale = 1 / (temperature || TEMPERATURE)
    const logits = input.data.map((x) => (isLogits ? x : Math.log(x + (eps || EPSILON))) * scale)
    return randomClasses(logits, input.shape, numSamples, seed, context)
  },
})

export const randomLayers: readonly Op[] = [...distributions, categorical]
