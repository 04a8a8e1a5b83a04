/** Quantised softmax and its logarithm, along the last dimension. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Kernel, Operator } from '../../operator.js'
import { clampTo, inputAffine, integers, quantizedInput, rangeOf } from './affine.js'
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

function rowsOf(op: Operator): Rows {
  const { shape, data } = quantizedInput(op, 0)
  return { data, depth: shape[shape.length - 1] ?? 1, out: integers(op.outputDType(), shape) }
}

const largestOf = (data: Int32Array, start: number, depth: number): number =>
  data.subarray(start, start + depth).reduce((a, b) => Math.max(a, b))

interface Differences {
  multiplier: Multiplier
  /** Smaller differences count as nothing. */
  least: number
}

/** From the input's scale times beta to DIFFERENCE_BITS integer bits. */
function differencesOf(op: Operator, beta: number): Differences {
  const real = Math.min(beta * inputAffine(op, 0).scale * 2 ** (31 - DIFFERENCE_BITS), 2 ** 31 - 1)
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

const softmaxOfBytes: Kernel = (op) => {
  const rows = rowsOf(op)
  const { data, depth, out } = rows
  const differences = differencesOf(op, Math.fround(op.number('beta', 1)))
  const range = rangeOf(op, op.outputDType())
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

const softmaxOfWords: Kernel = (op) => {
  const { data, depth, out } = rowsOf(op)
  const beta = Math.fround(op.number('beta', 1))
  const multiplier = multiplierOf(Math.fround(inputAffine(op, 0).scale * beta) / (LEAST_EXPONENT / 65535))
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

export const quantizedSoftmax: Kernel = (op) => (op.input(0).dtype === 'int16' ? softmaxOfWords(op) : softmaxOfBytes(op))

/** Integer bits of the result: it has scale 16/256 below its greatest integer. */
const LOG_BITS = 4

export const quantizedLogSoftmax: Kernel = (op) => {
  const rows = rowsOf(op)
  const { data, depth, out } = rows
  const differences = differencesOf(op, 1)
  const { multiplier } = differences
  const back = multiplierOf(2 ** (31 - multiplier.shift) / multiplier.mantissa)
  const range = rangeOf(op, op.outputDType())
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
