/** NeuralNetwork.proto `innerProduct`, `batchedMatmul`, `embedding`, `embeddingND`, `bias`, `scale` and `dot`. */
import { tensor as make, sizeOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import { boolean, integer, integers, optionalTensor, tensor, tensors } from '../../parameters.js'
import { type Context, type Op, op, type Rounding } from '../op.js'
import { BAD_INDEX } from '../semantics/indexing.js'
import { affine, multiplyMatrices, quantizeSymmetric, type Single } from '../semantics/linear.js'
import { allocatable, expectShape } from '../semantics/shapes.js'

const single = ['float32', 'float16'] as const
const weights = optionalTensor<Single>({ types: single })
const flag = boolean({ default: false })

/** The flat numbers of a weight as a matrix. */
function matrixOf(value: Single | undefined, rows: number, columns: number, context: Context): Single {
  if (value === undefined) return context.fail('has no weights')
  if (value.data.length !== rows * columns) context.fail(`has ${value.data.length} weights, expected ${rows} x ${columns}`)
  return withShape(value, [rows, columns])
}

function biasOf(hasBias: boolean, bias: Single | undefined, context: Context): Single | undefined {
  return hasBias ? (bias ?? context.fail('has no bias')) : undefined
}

/** x · weightᵀ + bias; with `dynamic` x is quantized to int8 first, as a whole. */
function product(x: Single, weight: Single, bias: Single | undefined, dynamic: boolean, context: Context): Tensor {
  if (!dynamic) return affine(x, weight, bias, context)
  const { levels, step } = quantizeSymmetric(x)
  const scaled = affine(levels, weight, undefined, context) as Single
  const data = scaled.data.map((sum, i) => sum * step + (bias ? bias.data[i % bias.data.length]! : 0))
  return { ...scaled, data }
}

/** The dimensions of an inner product's input that make up a vector: the last, or the last three of ranks 4 and 5. */
const vectorRank = (rank: number): number => (rank >= 4 ? 3 : 1)

const innerProduct = op({
  type: 'innerProduct',
  specification: 'NeuralNetwork.proto InnerProductLayerParams',
  parameters: {
    input: tensor<Single>({ types: single, rank: [1, 5] }),
    inputChannels: integer(),
    outputChannels: integer(),
    hasBias: flag,
    weights,
    bias: weights,
    int8DynamicQuantize: flag,
  },
  rounding: 'accumulating',
  terms: ({ inputChannels }) => inputChannels,
  run({ input, inputChannels, outputChannels, hasBias, weights: given, bias, int8DynamicQuantize }, context) {
    const rank = vectorRank(input.shape.length)
    const lead = input.shape.slice(0, -rank)
    const vectors = withShape(input, [...lead, sizeOf(input.shape.slice(-rank))])
    const weight = matrixOf(given, outputChannels, inputChannels, context)
    const result = product(vectors, weight, biasOf(hasBias, bias, context), int8DynamicQuantize, context)
    return withShape(result, [...lead, outputChannels, ...new Array<number>(rank - 1).fill(1)])
  },
})

const batchedMatmul = op({
  type: 'batchedMatmul',
  specification: 'NeuralNetwork.proto BatchedMatMulLayerParams',
  parameters: {
    input: tensors<Single>({ types: single, rank: [1, 5], least: 1, most: 2 }),
    transposeA: flag,
    transposeB: flag,
    weightMatrixFirstDimension: integer({ default: 0 }),
    weightMatrixSecondDimension: integer({ default: 0 }),
    hasBias: flag,
    weights,
    bias: weights,
    int8DynamicQuantize: flag,
  },
  rounding: 'accumulating',
  terms: ({ input: [a, b], transposeA }) => a!.shape.at(b && transposeA && a!.shape.length > 1 ? -2 : -1)!,
  run({ input: [a, b], transposeA, transposeB, ...values }, context) {
    if (b === undefined) {
      const { weightMatrixFirstDimension: inputs, weightMatrixSecondDimension: outputs } = values
      // stored column by column: [outputs, inputs]
      const weight = matrixOf(values.weights, outputs, inputs, context)
      return product(a!, weight, biasOf(values.hasBias, values.bias, context), values.int8DynamicQuantize, context)
    }
    const left = a!.shape.length === 1 ? withShape(a!, [1, ...a!.shape]) : a!
    const right = b.shape.length === 1 ? withShape(b, [...b.shape, 1]) : b
    const turns = { transposeA: transposeA && left === a, transposeB: transposeB && right === b }
    return multiplyMatrices(left, right, turns, left.dtype, context)
  },
})

/** Columns of the table [size, entries] for each index, + bias: [indices, size]. */
function lookUp(indices: Single, table: Single, bias: Single | undefined, context: Context): Float32Array {
  const [size, entries] = table.shape as [number, number]
  if (bias && bias.data.length !== size) context.fail(`has ${bias.data.length} biases, expected ${size}`)
  const out = new Float32Array(sizeOf(allocatable([indices.data.length, size], context)))
  indices.data.forEach((element, i) => {
    const index = Math.trunc(element)
    if (!(index >= 0 && index < entries)) context.fail(`has index ${element} in its input, expected 0 to ${entries - 1}`, BAD_INDEX)
    for (let j = 0; j < size; j++) out[i * size + j] = table.data[j * entries + index]! + (bias ? bias.data[j]! : 0)
  })
  return out
}

/** Without a bias entries are only copied. */
const lookUpRounding = ({ hasBias }: { hasBias: boolean }): Rounding => (hasBias ? 'rounded' : 'exact')

const embedding = op({
  type: 'embedding',
  specification: 'NeuralNetwork.proto EmbeddingLayerParams',
  parameters: {
    input: tensor<Single>({ types: single, rank: [4, 5] }),
    inputDim: integer(),
    outputChannels: integer(),
    hasBias: flag,
    weights,
    bias: weights,
  },
  rounding: 'rounded',
  roundingOf: lookUpRounding,
  run({ input, inputDim, outputChannels, hasBias, weights: given, bias }, context) {
    const lead = input.shape.slice(0, -3)
    expectShape(input.shape.slice(-3), [1, 1, 1], context, 'the end of its input')
    const table = matrixOf(given, outputChannels, inputDim, context)
    return make(input.dtype, [...lead, outputChannels, 1, 1], lookUp(input, table, biasOf(hasBias, bias, context), context))
  },
})

const embeddingND = op({
  type: 'embeddingND',
  specification: 'NeuralNetwork.proto EmbeddingNDLayerParams',
  parameters: {
    input: tensor<Single>({ types: single, rank: [2, 5] }),
    vocabSize: integer(),
    embeddingSize: integer(),
    hasBias: flag,
    weights,
    bias: weights,
  },
  rounding: 'rounded',
  roundingOf: lookUpRounding,
  run({ input, vocabSize, embeddingSize, hasBias, weights: given, bias }, context) {
    expectShape(input.shape.slice(-1), [1], context, 'the end of its input')
    const table = matrixOf(given, embeddingSize, vocabSize, context)
    return make(input.dtype, [...input.shape.slice(0, -1), embeddingSize], lookUp(input, table, biasOf(hasBias, bias, context), context))
  },
})

/** A parameter of shape [1], [C], [1, H, W] or [C, H, W] as one that broadcasts to [..., C, H, W]. */
function overImage(value: Single | undefined, shape: readonly number[], input: Single, name: string, context: Context): Single {
  const [first = 1, ...rest] = shape
  const full = rest.length === 0 ? [first, 1, 1] : [...shape]
  const image = input.shape.slice(-3)
  const fits = full.length === 3 && full.every((size, axis) => size === 1 || size === image[axis])
  if (!fits) context.fail(`has a ${name} of shape [${shape}] for an input of shape [${input.shape}]`)
  if (value?.data.length !== sizeOf(full)) context.fail(`has ${value?.data.length ?? 0} numbers as ${name}, expected shape [${shape}]`)
  return withShape(value!, full)
}

const image = tensor<Single>({ types: single, rank: [3, 5] })
const shape = integers({ default: [] })

const bias = op({
  type: 'bias',
  specification: 'NeuralNetwork.proto BiasLayerParams',
  parameters: { input: image, shape, bias: weights },
  rounding: 'rounded',
  run: ({ input, shape: given, bias: values }, context) =>
    context.kernels.binary('add', input, overImage(values, given, input, 'bias', context), input.dtype),
})

const scale = op({
  type: 'scale',
  specification: 'NeuralNetwork.proto ScaleLayerParams',
  parameters: { input: image, shapeScale: shape, scale: weights, hasBias: flag, shapeBias: shape, bias: weights },
  rounding: 'accumulating',
  roundingOf: ({ hasBias }) => (hasBias ? 'accumulating' : 'rounded'),
  run(values, context) {
    const { input } = values
    const { binary } = context.kernels
    const scaled = binary('mul', input, overImage(values.scale, values.shapeScale, input, 'scale', context), input.dtype)
    if (!values.hasBias) return scaled
    return binary('add', scaled, overImage(values.bias, values.shapeBias, input, 'bias', context), input.dtype)
  },
})

const dot = op({
  type: 'dot',
  specification: 'NeuralNetwork.proto DotProductLayerParams',
  parameters: { input: tensors<Single>({ types: single, rank: [3, 5], least: 2, most: 2 }), cosineSimilarity: flag },
  rounding: 'accumulating',
  terms: ({ input }) => input[0]!.shape.at(-3)!,
  run({ input: [a, b], cosineSimilarity }, context) {
    expectShape(b!.shape, a!.shape, context, 'the second input')
    expectShape(a!.shape.slice(-2), [1, 1], context, 'the end of the first input')
    const lead = a!.shape.slice(0, -3)
    const products = (x: Single, y: Single) => {
      const matrix = [sizeOf(lead), 1, x.shape.at(-3)!]
      return multiplyMatrices(withShape(x, matrix), withShape(y, matrix), { transposeB: true }, x.dtype, context) as Single
    }
    const result = withShape(products(a!, b!), [...lead, 1, 1, 1])
    if (!cosineSimilarity) return result
    const [ofA, ofB] = [products(a!, a!), products(b!, b!)]
    return { ...result, data: result.data.map((sum, i) => sum / (Math.sqrt(ofA.data[i]!) * Math.sqrt(ofB.data[i]!))) }
  },
})

export const linearLayers: readonly Op[] = [innerProduct, batchedMatmul, embedding, embeddingND, bias, scale, dot]
