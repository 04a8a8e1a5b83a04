/**
 * How large the numbers are that float32 implementations round on their way to a result, where the result can be smaller; and what rounding
 * does where an op decides. Rows of both dialects declare their `intermediates` by these.
 */
import { type NumberTensor, type Tensor, tensor } from '../../../../kernels/tensor.js'
import type { UnaryName } from '../../../../kernels/unary.js'
import type { Context } from '../op.js'

/** Of one element, or the same for all; by the constants of the function. */
type Magnitudes = (alpha: number, beta: number) => number | ((x: number) => number)

const ofElement: Magnitudes = () => Math.abs

/** A sum that float32 holds is not rounded. */
const ofShiftedLog: Magnitudes = (alpha) => (x) => (Math.fround(x + alpha) === x + alpha ? 0 : 1)

/** A product that nothing is added to is the result, and one with one is exact. */
const ofProduct: Magnitudes = (alpha, beta) => (beta === 0 || Math.abs(alpha) === 1 ? 0 : (x) => Math.abs(alpha * x))

const ofInside: Magnitudes = (alpha, beta) => (x) => (alpha * x + beta > 0 && alpha * x + beta < 1 ? Math.abs(alpha * x) : 0)

/**
 * Sines and cosines by polynomials are good to some units of 1, not of the result: those of tfjs 4.22's WebAssembly backend stray by up to
 * 5.5 units from the true ones, next to zero as well.
 */
const WAVE = 2

/** By function; the others are as good, relative to their result, as the class of their row says. */
const INTERMEDIATES: { readonly [kernel in UnaryName]?: Magnitudes } = {
  cos: () => WAVE,
  // e^x - 1
  elu: (alpha) => (x) => (x < 0 ? Math.abs(alpha) : 0),
  // x (1 + erf) / 2 and x (1 + tanh) / 2 cancel below zero
  gelu: ofElement,
  geluSigmoid: ofElement,
  geluTanh: ofElement,
  linear: ofProduct,
  log: ofShiftedLog,
  scaledTanh: (alpha) => Math.abs(alpha),
  // by tanh, by a rational function about 1/2, or as e^x from -9 on down
  sigmoid: () => 1,
  sigmoidHard: ofInside,
  silu: ofElement,
  sin: () => WAVE,
  // log(1 + e^x)
  softplus: (alpha) => Math.abs(alpha),
}

/** Infinities and NaN are moved by nothing. */
export const finite = (magnitude: number): number => (Number.isFinite(magnitude) ? magnitude : 0)

/** Of a function of one element with its constants. */
export function unaryIntermediates(kernel: UnaryName, { data }: NumberTensor, alpha = 0, beta = 0): number | Float32Array {
  const magnitude = INTERMEDIATES[kernel]?.(alpha, beta) ?? 0
  if (typeof magnitude === 'number') return finite(magnitude)
  const magnitudes = new Float32Array(data.length)
  for (let i = 0; i < data.length; i++) magnitudes[i] = finite(magnitude(data[i]!))
  return magnitudes
}

/** Of a softplus whose factor `alpha` differs by channel. */
export const softplusIntermediates = (alpha: ArrayLike<number>): number => {
  let most = 0
  for (let i = 0; i < alpha.length; i++) most = Math.max(most, Math.abs(alpha[i]!))
  return finite(most)
}

/** Units by which right exponentials differ, which move their share in the sum. */
const EXPONENTIAL = 3

/** Of softmax along an axis: e^(x - largest) is wrong by as many units of itself as x - largest is large; whatever all x have in common is not. */
export function softmaxIntermediates(
  x: Tensor<'float32' | 'float16' | 'float64'>,
  [y]: readonly Tensor[],
  axis: number,
  context: Context,
): Float32Array {
  const { kernels, arithmetic } = context
  const below = kernels.binary('sub', x, kernels.reduce('max', x, [axis], arithmetic), x.dtype).data
  const shares = y!.data as Float32Array
  return shares.map((share, i) => finite(share * (EXPONENTIAL + Math.abs(below[i]!))))
}

/** Of start + i step, which some add up step by step: each addition rounds, and in the same direction while the exponent stays. */
export function rangeIntermediates(start: number, step: number, count: number): number | Float32Array {
  if (Number.isInteger(start) && Number.isInteger(step)) return 0
  return Float32Array.from(
    { length: count },
    (_, i) => (1 + i / 2) * Math.max(Math.abs(start), Math.abs(start + i * step), Math.abs(i * step)),
  )
}

/** Units of a quotient, or of a product with a reciprocal, that a decision falls on. */
const QUOTIENT = 2

/** The operand of a division whose quotient is then rounded to a whole number, as far off as the quotient may be in float32. */
export function asDivided<T extends NumberTensor>(x: T, { wobble }: Context): T {
  if (!wobble || !(x.data instanceof Float32Array)) return x
  return { ...x, data: x.data.map((element) => element + wobble(QUOTIENT * finite(Math.abs(element)))) }
}

/** floor(x / y) where the quotient in float32 may reach the next whole number; an exact quotient stays. */
export function floorDivided(x: NumberTensor, y: NumberTensor, dtype: NumberTensor['dtype'], context: Context): NumberTensor {
  const { binary } = context.kernels
  const result = binary('floorDiv', x, y, dtype)
  if (!context.wobble || !(result.data instanceof Float32Array)) return result
  const moved = binary('floorDiv', asDivided(x, context), y, dtype)
  const rest = binary('mod', x, y, dtype)
  return tensor(
    dtype as 'float32',
    result.shape,
    result.data.map((whole, i) => (rest.data[i] === 0 ? whole : (moved.data[i] as number))),
  )
}
