/** Quantized softmax and its logarithm, along the last dimension. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Operand, Output } from '../../op.js'
import { affineOf, clampTo, codesOf, integers, rangeOf } from './affine.js'
import { LONGS, logOfAtLeastOne, reciprocal } from './fixed-functions.js'
import type { Multiplier } from './fixed-point.js'
import { highMul, leadingZeros, multiplierOf, roundingShift, scale } from './fixed-point.js'
import { wordTable } from './lookup.js'

/** Integer bits of differences from the largest element, and of sums of their exponentials. */
const DIFFERENCE_BITS = 5
const SUM_BITS = 12

interface Rows {
  data: Int32Array
  depth: number
  out: Tensor & { data: Int32Array }
}

const rowsOf = (value: Operand, { dtype }: Output): Rows => ({
  data: codesOf(value),
  depth: value.shape[value.shape.length - 1] ?? 1,
  out: integers(dtype, value.shape),
})

const largestOf = (data: Int32Array, start: number, depth: number): number =>
  data.subarray(start, start + depth).reduce((a, b) => Math.max(a, b))

interface Differences {
  multiplier: Multiplier
  /** Smaller differences count as nothing. */
  least: number
}

/** From the input's scale times beta to DIFFERENCE_BITS integer bits. */
function differencesOf(value: Operand, beta: number): Differences {
  const real = Math.min(beta * affineOf(value).scale * 2 ** (31 - DIFFERENCE_BITS), 2 ** 31 - 1)
  const multiplier = multiplierOf(real)
  return { multiplier, least: -Math.floor(((2 ** DIFFERENCE_BITS - 1) * 2 ** (31 - DIFFERENCE_BITS)) / 2 ** multiplier.shift) }
}

function sumOfExponentials({ data, depth }: Rows, start: number, largest: number, { multiplier, least }: Differences): number {
  let sum = 0
  for (let c = 0; c < depth; c++) {
    const difference = data[start + c]! - largest
    if (difference >= least) sum += roundingShift(LONGS.expOfNegative(scale(difference, multiplier), DIFFERENCE_BITS), SUM_BITS)
  }
  return sum | 0
}

function softmaxOfBytes(value: Operand, beta: number, output: Output): Tensor {
  const rows = rowsOf(value, output)
  const { data, depth, out } = rows
  const differences = differencesOf(value, beta)
  const range = rangeOf(output.dtype)
  const bits = out.dtype === 'int16' ? 16 : 8
  for (let start = 0; start < data.length; start += depth) {
    const largest = largestOf(data, start, depth)
    const { mantissa, bitsOverUnit } = reciprocal(sumOfExponentials(rows, start, largest, differences), SUM_BITS)
    for (let c = 0; c < depth; c++) {
      const difference = data[start + c]! - largest
      const exponential =
        difference >= differences.least ? LONGS.expOfNegative(scale(difference, differences.multiplier), DIFFERENCE_BITS) : null
      const share = exponential === null ? 0 : roundingShift(highMul(mantissa, exponential), bitsOverUnit + 31 - bits)
      out.data[start + c] = clampTo(share + range[0], range)
    }
  }
  return out
}

/** Of the exponential's table: the least number that counts. */
const LEAST_EXPONENT = 10
const WORD: readonly [number, number] = [-32768, 32767]

const exponentialTable = wordTable({ scale: LEAST_EXPONENT / 65535, zeroPoint: 32767 }, { scale: 2 / 65535, zeroPoint: 0 }, Math.exp, true)
const reciprocalTable = wordTable({ scale: 1 / 65535, zeroPoint: -32768 }, { scale: 2 / 65535, zeroPoint: 0 }, (x) => 1 / (1 + x), true)

function softmaxOfWords(value: Operand, beta: number, output: Output): Tensor {
  const { data, depth, out } = rowsOf(value, output)
  const multiplier = multiplierOf(Math.fround(affineOf(value).scale * beta) / (LEAST_EXPONENT / 65535))
  for (let start = 0; start < data.length; start += depth) {
    const largest = largestOf(data, start, depth)
    let sum = 0
    for (let c = 0; c < depth; c++) {
      const exponential = exponentialTable(clampTo(scale(data[start + c]! - largest, multiplier) + 32767, WORD))
      out.data[start + c] = exponential
      sum += exponential
    }
    const headroom = leadingZeros(sum)
    const shifted = Math.floor((sum * 2 ** (headroom - 1) + 2 ** 13) / 2 ** 14)
    const share = reciprocalTable(clampTo(shifted - 2 ** 15 - 2 ** 16, WORD))
    const right = 31 - headroom
    for (let c = 0; c < depth; c++) {
      out.data[start + c] = clampTo(Math.floor((out.data[start + c]! * share + 2 ** (right - 1)) / 2 ** right), [0, 32767])
    }
  }
  return out
}

/** Of beta x; beta is a float32. */
export const quantizedSoftmax = (value: Operand, beta: number, output: Output): Tensor =>
  value.dtype === 'int16' ? softmaxOfWords(value, beta, output) : softmaxOfBytes(value, beta, output)

/** Integer bits of the result: it has scale 16/256 below its greatest integer. */
const LOG_BITS = 4

export function quantizedLogSoftmax(value: Operand, output: Output): Tensor {
  const rows = rowsOf(value, output)
  const { data, depth, out } = rows
  const differences = differencesOf(value, 1)
  const { multiplier } = differences
  const back = multiplierOf(2 ** (31 - multiplier.shift) / multiplier.mantissa)
  const range = rangeOf(output.dtype)
  for (let start = 0; start < data.length; start += depth) {
    const largest = largestOf(data, start, depth)
    const logarithm = logOfAtLeastOne(sumOfExponentials(rows, start, largest, differences), SUM_BITS, DIFFERENCE_BITS)
    const least = Math.max(differences.least - 1, scale((logarithm - 2 ** 31) | 0, back))
    for (let c = 0; c < depth; c++) {
      const difference = data[start + c]! - largest
      const raw = scale(difference, multiplier) - logarithm
      out.data[start + c] = difference > least ? clampTo(roundingShift(raw, 31 - DIFFERENCE_BITS - LOG_BITS) + range[1], range) : range[0]
    }
  }
  return out
}
