/** Quantized kernels: the fixed-point arithmetic against BigInt, and operators against the numbers that their operands stand for. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import { sizeOf } from '../../../kernels/tensor.js'
import { inverseRoot, LONGS, logOfAtLeastOne, WORDS } from '../../../src/runners/tfjs/tflite/quantized/fixed-functions.js'
import { highMul, multiplierOf, roundingShift, scale, scaleWide } from '../../../src/runners/tfjs/tflite/quantized/fixed-point.js'
import type { Plain } from '../../formats/tflite/write.js'
import type { Operand } from './run.js'
import { compute, error, float32, int8, int32, randomFrom, randomTensor } from './run.js'

const random = randomFrom(3)
const integer = (bits: number): number => Math.floor((random() - 0.5) * 2 ** bits)

/** Division that rounds to nearest, ties away from zero. */
function divided(a: bigint, b: bigint): bigint {
  const half = b / 2n
  return a < 0n ? -((-a + half) / b) : (a + half) / b
}

describe('fixed-point arithmetic', () => {
  it('takes the rounded high half of a double product', () => {
    for (let i = 0; i < 20000; i++) {
      const [a, b] = [integer(32), integer(32)]
      // the reference adds a nudge and cuts off, which rounds negative ties up
      const product = BigInt(a) * BigInt(b)
      const want = (product + (product >= 0n ? 1n << 30n : 1n - (1n << 30n))) / (1n << 31n)
      expect(highMul(a, b)).toBe(Number(want))
    }
    expect(highMul(-(2 ** 31), -(2 ** 31))).toBe(2 ** 31 - 1)
  })

  it('shifts to the right with rounding, ties away from zero', () => {
    for (let i = 0; i < 20000; i++) {
      const [x, exponent] = [integer(32), Math.floor(random() * 31)]
      expect(roundingShift(x, exponent)).toBe(Number(divided(BigInt(x), 1n << BigInt(exponent))))
    }
  })

  it('decomposes a real number', () => {
    expect(multiplierOf(0.5)).toEqual({ mantissa: 2 ** 30, shift: 0 })
    expect(multiplierOf(3)).toEqual({ mantissa: 3 * 2 ** 29, shift: 2 })
    expect(multiplierOf(1 - 2 ** -40)).toEqual({ mantissa: 2 ** 30, shift: 1 })
    expect(multiplierOf(2 ** -40)).toEqual({ mantissa: 0, shift: 0 })
    expect(multiplierOf(0)).toEqual({ mantissa: 0, shift: 0 })
  })

  it('scales within a unit of the real product', () => {
    for (let i = 0; i < 5000; i++) {
      const [x, real] = [integer(24), random() * 4]
      expect(Math.abs(scale(x, multiplierOf(real)) - x * real)).toBeLessThanOrEqual(1)
    }
  })

  it('scales wide sums by 15 bits, rounding once', () => {
    for (let i = 0; i < 20000; i++) {
      const [x, multiplier] = [integer(46), multiplierOf(random() * 2 ** -Math.ceil(16 + 15 * random()))]
      const reduced = BigInt(multiplier.mantissa < 0x7fff0000 ? (multiplier.mantissa + 2 ** 15) >> 16 : 0x7fff)
      const bits = BigInt(15 - multiplier.shift)
      const want = (BigInt(x) * reduced + (1n << (bits - 1n))) >> bits
      expect(scaleWide(x, multiplier)).toBe(Number(BigInt.asIntN(32, want)))
    }
  })

  it.each([
    ['exp', (x: number) => LONGS.expOfNegative(Math.round(-x * 2 ** 26), 5) / 2 ** 31, (x: number) => Math.exp(-x), 1e-6],
    [
      '1 / (1 + x)',
      (x: number) => LONGS.reciprocalOfOnePlus(Math.round((x / 16) * (2 ** 31 - 1))) / 2 ** 31,
      (x: number) => 1 / (1 + x / 16),
      1e-8,
    ],
    ['log', (x: number) => logOfAtLeastOne(Math.round((x + 1) * 2 ** 19), 12, 5) / 2 ** 26, (x: number) => Math.log(x + 1), 1e-5],
    [
      'logistic on int16',
      (x: number) => WORDS.logistic(Math.round((x / 2) * 2 ** 12), 3) / 2 ** 15,
      (x: number) => 1 / (1 + Math.exp(-x / 2)),
      1e-3,
    ],
    ['tanh on int16', (x: number) => WORDS.tanh(Math.round((x / 2) * 2 ** 12), 3) / 2 ** 15, (x: number) => Math.tanh(x / 2), 2e-3],
  ])('computes %s', (_, fixed, real, limit) => {
    for (let x = 0.01; x < 15.5; x += 0.13) expect(Math.abs(fixed(x) - real(x))).toBeLessThan(limit)
  })

  it('computes 1 / sqrt(x) as a multiplier', () => {
    for (const x of [2, 3, 100, 65025, 2 ** 28 + 1, 2 ** 31 - 1]) {
      const { mantissa, shift } = inverseRoot(x)
      expect(mantissa * 2 ** (shift - 31) * Math.sqrt(x)).toBeCloseTo(1, 5)
    }
  })
})

interface Case {
  type: string
  operands: Operand[]
  options?: [string, Plain]
  /** Scale and zero point of the result. */
  output: [number, number]
  real: (...operands: number[][]) => number[]
  /** Units of the result by which the kernel may be off. */
  units: number
}

const values = (count: number): number[] => Array.from({ length: count }, () => integer(8))
const a = int8([2, 3], values(6), [0.05], [3])
const b = int8([3], values(3), [0.02], [-10])
const row = int8([1, 8], values(8), [0.1], [5])

const CASES: Case[] = [
  {
    type: 'ADD',
    operands: [a, b],
    options: ['AddOptions', {}],
    output: [0.07, -3],
    real: (x, y) => x.map((v, i) => v + y![i % 3]!),
    units: 1,
  },
  {
    type: 'SUB',
    operands: [a, b],
    options: ['SubOptions', { fused_activation_function: 'RELU' }],
    output: [0.07, -30],
    real: (x, y) => x.map((v, i) => Math.max(0, v - y![i % 3]!)),
    units: 1,
  },
  {
    type: 'MUL',
    operands: [a, b],
    options: ['MulOptions', {}],
    output: [0.1, 0],
    real: (x, y) => x.map((v, i) => v * y![i % 3]!),
    units: 1,
  },
  { type: 'SQUARED_DIFFERENCE', operands: [a, b], output: [0.3, -100], real: (x, y) => x.map((v, i) => (v - y![i % 3]!) ** 2), units: 1 },
  { type: 'ABS', operands: [a], output: [0.06, -120], real: (x) => x.map(Math.abs), units: 1 },
  { type: 'LOGISTIC', operands: [a], output: [1 / 256, -128], real: (x) => x.map((v) => 1 / (1 + Math.exp(-v))), units: 1 },
  { type: 'TANH', operands: [a], output: [1 / 128, 0], real: (x) => x.map(Math.tanh), units: 1 },
  {
    type: 'HARD_SWISH',
    operands: [a],
    output: [0.06, -120],
    real: (x) => x.map((v) => (v * Math.min(6, Math.max(0, v + 3))) / 6),
    units: 1,
  },
  {
    type: 'LEAKY_RELU',
    operands: [a],
    options: ['LeakyReluOptions', { alpha: 0.2 }],
    output: [0.05, -80],
    real: (x) => x.map((v) => (v > 0 ? v : v * Math.fround(0.2))),
    units: 1,
  },
  { type: 'RELU6', operands: [a], output: [0.05, -20], real: (x) => x.map((v) => Math.min(6, Math.max(0, v))), units: 1 },
  {
    type: 'SOFTMAX',
    operands: [row],
    options: ['SoftmaxOptions', { beta: 1 }],
    output: [1 / 256, -128],
    real: (x) => softmax(x),
    units: 1,
  },
  { type: 'LOG_SOFTMAX', operands: [row], output: [16 / 256, 127], real: (x) => softmax(x).map(Math.log), units: 1 },
  {
    type: 'L2_NORMALIZATION',
    operands: [row],
    options: ['L2NormOptions', {}],
    output: [1 / 128, 0],
    real: (x) => x.map((v) => v / Math.hypot(...x)),
    units: 1,
  },
  {
    type: 'MEAN',
    operands: [a, int32([1], [1])],
    options: ['ReducerOptions', {}],
    output: [0.05, -1],
    real: (x) => [0, 1].map((r) => (x[3 * r]! + x[3 * r + 1]! + x[3 * r + 2]!) / 3),
    units: 1,
  },
  {
    type: 'SUM',
    operands: [a, int32([1], [0])],
    options: ['ReducerOptions', {}],
    output: [0.1, 2],
    real: (x) => [0, 1, 2].map((c) => x[c]! + x[3 + c]!),
    units: 1,
  },
  { type: 'QUANTIZE', operands: [a], output: [0.03, 7], real: (x) => x, units: 1 },
]

function softmax(x: number[]): number[] {
  const exponentials = x.map((v) => Math.exp(v - Math.max(...x)))
  const sum = exponentials.reduce((p, q) => p + q)
  return exponentials.map((v) => v / sum)
}

const realOf = (operand: Operand): number[] => {
  const { scale: [by] = [1], zeroPoint: [zero] = [0], data } = operand!
  return Array.from(data as Int8Array, (q) => Math.fround(by!) * (q - zero!))
}

describe('a quantized operator', () => {
  it.each(CASES)('$type stands for the real result', async ({ type, operands, options, output: [by, zero], real, units }) => {
    const [got] = await compute(type, operands, [{ type: 'INT8', scale: [by], zeroPoint: [zero] }], options)
    const want = real(...operands.map(realOf)).map((v) => Math.min(127, Math.max(-128, v / Math.fround(by) + zero)))
    expect(got!.dtype).toBe('int8')
    for (const [i, v] of want.entries()) expect(Math.abs(Number(got!.data[i]) - v)).toBeLessThanOrEqual(units)
  })

  it('CONV_2D sums exactly and scales each channel', async () => {
    const x = int8([1, 4, 4, 3], values(48), [0.05], [7])
    const filter = { ...int8([2, 3, 3, 3], values(54), [0.01, 0.02], [0, 0]) }
    const bias: Operand = { ...int32([2], [100, -50]), scale: [0.0005, 0.001] }
    const [got] = await compute(
      'CONV_2D',
      [x, filter, bias],
      [{ type: 'INT8', scale: [0.5], zeroPoint: [-4] }],
      ['Conv2DOptions', { padding: 'VALID', stride_h: 1, stride_w: 1 }],
    )
    expect(got!.shape).toEqual([1, 2, 2, 2])
    for (let i = 0; i < 8; i++) {
      const f = i % 2
      let sum = bias.data[f]!
      for (let ky = 0; ky < 3; ky++)
        for (let kx = 0; kx < 3; kx++)
          for (let c = 0; c < 3; c++)
            sum +=
              (x.data[((Math.floor(i / 4) + ky) * 4 + (Math.floor(i / 2) % 2) + kx) * 3 + c]! - 7) *
              filter.data[((f * 3 + ky) * 3 + kx) * 3 + c]!
      const want = (sum * Math.fround(0.05) * Math.fround(filter.scale[f]!)) / Math.fround(0.5) - 4
      expect(Math.abs(Number(got!.data[i]) - Math.min(127, Math.max(-128, want)))).toBeLessThanOrEqual(1)
    }
  })

  it.each([
    ['FULLY_CONNECTED', float32([2, 6], randomTensor([12], 20).data), int8([4, 6], values(24), [0.01]), ['FullyConnectedOptions', {}]],
    [
      'FULLY_CONNECTED',
      float32([2, 6], randomTensor([12], 21).data),
      int8([4, 6], values(24), [0.01]),
      ['FullyConnectedOptions', { asymmetric_quantize_inputs: 1 }],
    ],
    [
      'CONV_2D',
      float32([1, 3, 3, 6], randomTensor([54], 22).data),
      int8([4, 1, 1, 6], values(24), [0.01, 0.02, 0.03, 0.04]),
      ['Conv2DOptions', { stride_h: 1, stride_w: 1 }],
    ],
  ] as const)('%s of int8 weights and floats is near the float product', async (type, x, filter, options) => {
    const [units, depth] = [4, 6]
    const scales = filter.scale as readonly number[]
    const want = Array.from({ length: (x.data.length / depth) * units }, (_, i) => {
      let sum = 0
      for (let k = 0; k < depth; k++)
        sum += x.data[Math.floor(i / units) * depth + k]! * filter.data[(i % units) * depth + k]! * (scales[i % units] ?? scales[0]!)
      return sum
    })
    const [got] = await compute(type, [x, filter as Operand, null], [{}], options as unknown as [string, Plain])
    expect(error(got!, want)).toBeLessThan(0.02)
  })

  it('DEQUANTIZE takes the scale of each index', async () => {
    const [got] = await compute('DEQUANTIZE', [int8([2, 2], [1, 2, 3, 4], [0.5, 2], [0, 1], 0)], [{}])
    expect([...(got!.data as Float32Array)]).toEqual([0.5, 1, 4, 6])
  })

  it('QUANTIZE rounds ties away from zero and saturates', async () => {
    const [got] = await compute(
      'QUANTIZE',
      [float32([5], [0.5, 1.5, -0.5, 1e9, Number.NaN])],
      [{ type: 'INT8', scale: [1], zeroPoint: [0] }],
    )
    expect([...(got!.data as Int8Array)]).toEqual([1, 2, -1, 127, -128])
  })

  it('refuses int8 without a scale', async () => {
    const x: Tensor = { dtype: 'int8', shape: [2], data: Int8Array.of(1, 2) }
    await expect(compute('TANH', [x], [{ type: 'INT8' }])).rejects.toMatchObject({ code: 'UNSUPPORTED_DTYPE' })
  })

  it('data is moved without looking at scales', async () => {
    const [got] = await compute('RESHAPE', [a, int32([1], [6])], [{ type: 'INT8', scale: [0.05], zeroPoint: [3] }])
    expect(got).toEqual({ dtype: 'int8', shape: [6], data: a.data })
    expect(sizeOf(got!.shape)).toBe(6)
  })
})
