/** Matrix products as the ops of both dialects need them. */
import { broadcastShape, forEachRun, walkOf } from '../../../../kernels/broadcast.js'
import { cast } from '../../../../kernels/cast.js'
import { type MatmulShape, matmulInt32 } from '../../../../kernels/matmul.js'
import { transpose } from '../../../../kernels/movement.js'
import { type DType, tensor as make, sizeOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { allocatable } from './shapes.js'

export type Single = Tensor<'float32' | 'float16'>
/** What matrix products take; int32 by int32 wraps. */
export type Matrix = Tensor<'float32' | 'float16' | 'int32'>

export interface Turns {
  transposeA?: boolean
  transposeB?: boolean
}

/** Indices into an operand's matrices for each matrix of the result. */
function matrixIndices(batch: readonly number[], operands: readonly (readonly number[])[]): number[][] {
  const indices: number[][] = operands.map(() => [])
  const walk = walkOf(batch, operands)
  const run = walk.dimensions.at(-1)!
  forEachRun(walk, (_, starts) => {
    starts.forEach((start, operand) => {
      for (let i = 0; i < run; i++) indices[operand]!.push(start + i * walk.strides[operand]!.at(-1)!)
    })
  })
  return indices
}

const asSingle = (value: Matrix): Float32Array => (value.dtype === 'int32' ? Float32Array.from(value.data) : value.data)

/**
 * Operands of two dtypes are multiplied as floats, as numpy promotes them in the tests of coremltools (iOS17 matmul); what the op declares as
 * int32 is cut off to whole numbers afterwards, as `cast` does.
 */
function product(a: Matrix, b: Matrix, shape: MatmulShape, dtype: Matrix['dtype'], context: Context): Matrix['data'] {
  if (a.dtype === 'int32' && b.dtype === 'int32' && dtype === 'int32') return matmulInt32(a.data, b.data, shape)
  const data = context.kernels.matmul(asSingle(a), asSingle(b), shape, context.arithmetic)
  return dtype === 'int32' ? cast(make('float32', [data.length], data), 'int32').data : data
}

/** Matrices in the last two dimensions multiplied, the dimensions before them broadcast; both operands have rank 2 or more. */
export function multiplyMatrices(a: Matrix, b: Matrix, turns: Turns, dtype: Matrix['dtype'], context: Context): Matrix {
  const { transposeA = false, transposeB = false } = turns
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const [rows, terms] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!]
  const [termsOfB, columns] = transposeB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!]
  if (batch === undefined || terms !== termsOfB) {
    return context.fail(
      `multiplies shapes [${a.shape}]${transposeA ? ' transposed' : ''} and [${b.shape}]${transposeB ? ' transposed' : ''}`,
    )
  }
  const shape = allocatable([...batch, rows, columns], context)
  const [indicesA, indicesB] = matrixIndices(batch, [a.shape.slice(0, -2), b.shape.slice(0, -2)]) as [number[], number[]]
  return make(dtype, shape, product(a, b, { rows, terms, columns, transposeA, transposeB, a: indicesA, b: indicesB }, dtype, context))
}

/** x · weightᵀ + bias with the vectors in the last dimension of x; weight is [outputs, inputs]. */
export function affine(x: Matrix, weight: Matrix, bias: Matrix | undefined, context: Context): Matrix {
  const [outputs, inputs] = weight.shape as [number, number]
  if (x.shape.at(-1) !== inputs) context.fail(`multiplies vectors of ${x.shape.at(-1)} by a weight of shape [${weight.shape}]`)
  if (bias && bias.data.length !== outputs) context.fail(`has ${bias.data.length} biases, expected ${outputs}`)
  const rows = sizeOf(x.shape.slice(0, -1))
  const shape = allocatable([...x.shape.slice(0, -1), outputs], context)
  const data = product(x, weight, { rows, terms: inputs, columns: outputs, transposeB: true, a: [0], b: [0] }, x.dtype, context)
  if (bias) for (let i = 0; i < data.length; i++) data[i] = data[i]! + bias.data[i % outputs]!
  return make(x.dtype, shape, data)
}

interface Labels {
  batch: string[]
  summed: string[]
  ofA: string[]
  ofB: string[]
  output: string[]
}

function labelsOf(equation: string, a: Matrix, b: Matrix, context: Context): [string[], string[], Labels] {
  const match = /^([a-z]+),([a-z]+)->([a-z]*)$/i.exec(equation.replace(/\s/g, ''))
  if (!match) return context.unsupported(`has equation '${equation}'`)
  const [first, second, output] = match.slice(1).map((word) => [...word]) as [string[], string[], string[]]
  if (first.length !== a.shape.length || second.length !== b.shape.length) {
    context.fail(`has equation '${equation}' for shapes [${a.shape}] and [${b.shape}]`)
  }
  const distinct = [first, second, output].every((word) => new Set(word).size === word.length)
  const known = output.every((label) => first.includes(label) || second.includes(label))
  const used = [...first, ...second].every((label) => output.includes(label) || (first.includes(label) && second.includes(label)))
  if (!distinct || !known || !used) context.unsupported(`has equation '${equation}'`)
  const shared = first.filter((label) => second.includes(label))
  return [
    first,
    second,
    {
      batch: shared.filter((label) => output.includes(label)),
      summed: shared.filter((label) => !output.includes(label)),
      ofA: first.filter((label) => !second.includes(label)),
      ofB: second.filter((label) => !first.includes(label)),
      output,
    },
  ]
}

/** The product of two tensors that an einsum equation names: each label at most once a word; dimensions of 1 broadcast where both have them. */
export function einsum(a: Matrix, b: Matrix, equation: string, context: Context): Matrix {
  const [first, second, { batch, summed, ofA, ofB, output }] = labelsOf(equation, a, b, context)
  const sizesA = (labels: string[]) => labels.map((label) => a.shape[first.indexOf(label)]!)
  const sizesB = (labels: string[]) => labels.map((label) => b.shape[second.indexOf(label)]!)
  if (sizesA(summed).some((size, i) => size !== sizesB(summed)[i]))
    context.fail(`has equation '${equation}' for shapes [${a.shape}] and [${b.shape}]`)
  const inOrder = (value: Matrix, word: string[], labels: string[]) =>
    transpose(
      value,
      labels.map((label) => word.indexOf(label)),
    )
  const terms = sizeOf(sizesA(summed))
  const left = withShape(inOrder(a, first, [...batch, ...ofA, ...summed]), [...sizesA(batch), sizeOf(sizesA(ofA)), terms])
  const right = withShape(inOrder(b, second, [...batch, ...summed, ...ofB]), [...sizesB(batch), terms, sizeOf(sizesB(ofB))])
  const result = multiplyMatrices(left, right, {}, a.dtype, context)
  const shape = [...result.shape.slice(0, -2), ...sizesA(ofA), ...sizesB(ofB)]
  return inOrder(withShape(result, shape), [...batch, ...ofA, ...ofB], output)
}

/** Products that an element of an einsum's result sums: the sizes of the first operand's labels that the result lacks. */
export function contractedTerms(a: Matrix, equation: string): number {
  const [operands = '', output = ''] = equation.replace(/\s/g, '').split('->')
  const labels = [...operands.split(',')[0]!]
  return sizeOf(labels.map((label, axis) => (output.includes(label) ? 1 : (a.shape[axis] ?? 1))))
}

/** The mask that is added to the scores: a truth value stands for 0 and -Infinity. */
function additive(mask: Single | Tensor<'bool'>, dtype: Single['dtype']): Single {
  if (mask.dtype !== 'bool') return mask
  return make(
    dtype,
    mask.shape,
    Float32Array.from(mask.data, (keep) => (keep ? 0 : -Infinity)),
  )
}

/** softmax(query · keyᵀ / √E + mask) · value with query [..., L, E], key [..., S, E], value [..., S, EV]: [..., L, EV]. */
export function attention(query: Single, key: Single, value: Single, mask: Single | Tensor<'bool'> | undefined, context: Context): Matrix {
  const { kernels, arithmetic } = context
  const { dtype } = query
  const scores = multiplyMatrices(query, key, { transposeB: true }, dtype, context) as Single
  const root = Math.sqrt(query.shape.at(-1)!)
  for (let i = 0; i < scores.data.length; i++) scores.data[i] = scores.data[i]! / root
  let masked = scores
  if (mask) {
    const common = broadcastShape(scores.shape, mask.shape)
    if (!common || sizeOf(common) !== sizeOf(scores.shape))
      context.fail(`has a mask of shape [${mask.shape}] for scores of shape [${scores.shape}]`)
    masked = withShape(kernels.binary('add', scores, additive(mask, dtype), dtype) as Single, scores.shape)
  }
  return multiplyMatrices(kernels.softmax(masked, masked.shape.length - 1, arithmetic), value, {}, dtype, context)
}

/** `x` on a grid of 127 steps either way of zero, as whole numbers (halves away from zero), and the size of a step: x is about step * levels. */
export function quantizeSymmetric(x: Single): { levels: Single; step: number } {
  let largest = 0
  for (const element of x.data) if (Math.abs(element) > largest) largest = Math.abs(element)
  const step = largest / 127 || 1
  return { levels: { ...x, data: x.data.map((element) => Math.sign(element) * Math.round(Math.abs(element) / step)) }, step }
}

const MATRIX_DTYPES: readonly (string | null)[] = ['float32', 'float16', 'int32']

export const isMatrixDtype = (dtype: DType | null): dtype is Matrix['dtype'] => MATRIX_DTYPES.includes(dtype)
