/**
 * Numbers that were printed in public about Core ML's arithmetic, each with where: those that follow from the specification as tests of
 * the engine, those of one unit as tests of its profile. Issue numbers are apple/coremltools'.
 */
import { describe, expect, it } from 'vitest'
import { roundToHalf } from '../../../kernels/float16.js'
import type { Tensor } from '../../../kernels/tensor.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { policyOf } from '../../../src/runners/coreml/policy.js'
import type { ComputeUnit } from '../../../src/runners/session.js'
import { float16, float32 } from '../../support/graphs.js'
import { bareEngine, callOp } from './golden.js'

type Operands = { [parameter: string]: Tensor | readonly Tensor[] }

const on = (computeUnit: ComputeUnit, dialect: 'mil' | 'neuralnetwork' = 'mil') =>
  bareEngine({ policy: policyOf({ computeUnit }, dialect) })

/** The numbers of an ML Program op's first result. */
const mil = (op: string, operands: Operands, unit: ComputeUnit = 'cpu', attributes: { [name: string]: Attribute } = {}): number[] =>
  Array.from(callOp(op, operands, { attributes, engine: on(unit) })[0]!.data as Float32Array)

const layer = (op: string, operands: Operands, attributes: { [name: string]: Attribute }, unit: ComputeUnit = 'cpu'): Tensor =>
  callOp(op, operands, { attributes, dialect: 'neuralnetwork', engine: on(unit, 'neuralnetwork') })[0]!

const full = (count: number, value: number): number[] => new Array<number>(count).fill(value)
const halves = (shape: number[], data: number[]) => float16(shape, data.map(roundToHalf))
const half = (...data: number[]) => halves([data.length], data)

describe('softplus (2687, 2725)', () => {
  const [below, above] = [10.390625, 10.3984375]
  it('is right where it is computed as the specification says', () => {
    for (const unit of ['cpu', 'gpu'] as const) expect(mil('softplus', { x: half(below, above, 50) }, unit)).toEqual([below, above, 50])
  })
  it('written out in float16 is infinite from x = 11.09, ln 65504, on', () => {
    const [e] = [mil('exp', { x: half(11.0859375, 11.09375) })]
    expect(mil('log', { x: half(...mil('add', { x: half(...e), y: half(1) })) })).toEqual([11.0859375, Infinity])
  })
  it('falls from 10.39 to 0 within one step on the Neural Engine', () => {
    expect(mil('softplus', { x: half(below, above, 50) }, 'ane')).toEqual([below, 0, 0])
  })
  it('takes Mish with it (2359)', () => {
    const x = half(below, above)
    const mish = (unit: ComputeUnit) => mil('mul', { x, y: half(...mil('tanh', { x: half(...mil('softplus', { x }, unit)) }, unit)) }, unit)
    expect(mish('cpu')).toEqual([below, above])
    expect(mish('ane')).toEqual([below, 0])
  })
  it('of float32 in an ML Program runs nowhere near the Neural Engine', () => {
    expect(mil('softplus', { x: float32([1], [50]) }, 'ane')).toEqual([50])
  })
})

describe('reduce_log_sum_exp of 32 equal channels (2690)', () => {
  const at = (x: number, unit: ComputeUnit) => mil('reduce_log_sum_exp', { x: halves([32], full(32, x)) }, unit)[0]!
  it('is x + ln 32 where it is computed as the specification says', () => {
    for (const x of [7.6163, 7.6313, 50]) expect(at(x, 'gpu')).toBe(roundToHalf(roundToHalf(x) + Math.log(32)))
  })
  it('falls from 11.1 to 0 between two points of the published sweep on the Neural Engine', () => {
    expect(at(7.6163, 'ane')).toBeCloseTo(11.08, 1)
    expect(at(7.6313, 'ane')).toBe(0)
  })
})

describe('softmax and what follows it (2728, 2729)', () => {
  const logits = half(0, 50, 0)
  it('shifts its exponentials on every unit', () => {
    for (const unit of ['cpu', 'gpu', 'ane'] as const) expect(mil('softmax', { x: logits }, unit)).toEqual([0, 1, 0])
  })
  it('has a logarithm of -Infinity where a probability underflows', () => {
    expect(mil('log', { x: half(...mil('softmax', { x: logits })) })).toEqual([-Infinity, 0, -Infinity])
  })
  it('a running sum of exponentials is infinite from 11.09 on', () => {
    const sums = mil('cumsum', { x: half(...mil('exp', { x: half(1, 10, 12, 1) })) })
    expect(mil('log', { x: half(...sums) }).slice(2)).toEqual([Infinity, Infinity])
  })
  it('gives NaN for a row that a mask of the least float32 number hides, and none for one of -1e4 (2110, 2223)', () => {
    const masked = (mask: number) => mil('softmax', { x: half(...mil('add', { x: half(1, 1), y: half(mask, mask) })) })
    expect(masked(-3.4e38)).toEqual([Number.NaN, Number.NaN])
    expect(masked(-1e4)).toEqual([0.5, 0.5])
  })
})

it('an epsilon added after dividing by the largest element acts as epsilon * max² (2821)', () => {
  const x = Float32Array.from({ length: 64 }, (_, i) => i - 30.5)
  const epsilon = 1e-3
  const norm = (values: number[], added: number) => {
    const squares = mil('reduce_mean', { x: float32([64], mil('square', { x: float32([64], values) })) })
    return mil('sqrt', { x: float32([1], mil('add', { x: float32([1], squares), y: float32([], [added]) })) })[0]!
  }
  const largest = mil('reduce_max', { x: float32([64], mil('abs', { x: float32([64], [...x]) })) })[0]!
  const scaled = [...x].map((value) => value / largest)
  expect(largest).toBe(32.5)
  expect(scaled[0]! / norm(scaled, epsilon)).toBeCloseTo(x[0]! / norm([...x], epsilon * largest ** 2), 5)
  expect(Math.abs(scaled[0]! / norm(scaled, epsilon) / (x[0]! / norm([...x], epsilon)) - 1)).toBeGreaterThan(1e-3)
})

describe('avg_pool with ceil_mode (2772)', () => {
  const pooled = (exclude: boolean) =>
    mil(
      'avg_pool',
      {
        x: float32(
          [1, 1, 7, 7],
          Array.from({ length: 49 }, (_, i) => i),
        ),
      },
      'cpu',
      {
        kernel_sizes: [2, 2],
        strides: [3, 3],
        pad_type: 'custom',
        pad: [0, 0, 0, 0],
        ceil_mode: true,
        exclude_padding_from_average: exclude,
      },
    )
  it('counts what hangs over into the divisor', () => {
    expect(pooled(false)).toEqual([4, 7, 4.75, 25, 28, 15.25, 21.25, 22.75, 12])
  })
  it('does not with exclude_padding_from_average', () => {
    expect(pooled(true)).toEqual([4, 7, 9.5, 25, 28, 30.5, 42.5, 45.5, 48])
  })
})

describe('resizeBilinear (644, 673; NeuralNetwork.proto, SamplingMode)', () => {
  const image = float32([1, 3, 3], [1, 9, 3, 3, 0, 2, 2, 7, 5])
  const resized = (samplingMethod: string, size = 5, x = image) =>
    Array.from(layer('resizeBilinear', { input: x }, { targetSize: [size, size], mode: { samplingMethod } }).data as Float32Array)
  it.each(['STRICT_ALIGN_ENDPOINTS_MODE', 'ALIGN_ENDPOINTS_MODE'])('%s keeps the corners', (mode) => {
    expect(resized(mode).slice(0, 10)).toEqual([1, 5, 9, 6, 3, 2, 3.25, 4.5, 3.5, 2.5])
  })
  it('the two modes that align end points differ at size 1: the first element, the middle', () => {
    expect([resized('STRICT_ALIGN_ENDPOINTS_MODE', 1), resized('ALIGN_ENDPOINTS_MODE', 1)]).toEqual([[1], [0]])
  })
  it('UPSAMPLE_MODE runs from 0 to X - X/N', () => {
    const ramp = float32(
      [1, 4, 4],
      Array.from({ length: 16 }, (_, i) => i % 4),
    )
    expect(resized('UPSAMPLE_MODE', 8, ramp).slice(0, 8)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3])
  })
  it('no mode samples at half pixels, as upsample_bilinear of ML Programs does', () => {
    const x = float32([1, 1, 1, 2], [0, 1])
    const factors = { scale_factor_height: 1, scale_factor_width: 2, align_corners: false }
    expect(mil('upsample_bilinear', { x }, 'cpu', factors)).toEqual([0, 0.25, 0.75, 1])
    expect(mil('upsample_bilinear', { x }, 'cpu', { ...factors, half_pixel_centers: false })).toEqual([0, 0.5, 1, 1])
  })
})

describe('epsilons that stand for one that is left out', () => {
  const one = (value: number) => float32([1, 1, 1], [value])
  const single = (value: Tensor): number => (value.data as Float32Array)[0]!
  it('batchnorm 1e-5, of 0 as well', () => {
    const constants = { gamma: float32([1], [1]), beta: float32([1], [0]), mean: float32([1], [0]), variance: float32([1], [0]) }
    const at = (attributes: { [name: string]: Attribute }) =>
      single(
        layer(
          'batchnorm',
          { input: one(1), ...constants },
          { channels: 1n, computeMeanVar: false, instanceNormalization: false, ...attributes },
        ),
      )
    expect(at({ epsilon: 0 })).toBeCloseTo(1 / Math.sqrt(1e-5), 2)
    expect(at({ epsilon: 1 })).toBe(1)
    expect(mil('batch_norm', { x: float32([1, 1, 1], [1]), mean: constants.mean, variance: constants.variance })[0]).toBeCloseTo(
      1 / Math.sqrt(1e-5),
      2,
    )
  })
  it('unary and l2normalize 1e-6', () => {
    const unary = (type: string) => single(layer('unary', { input: one(0) }, { type, alpha: 0, epsilon: 0, shift: 0, scale: 1 }))
    expect(unary('INVERSE')).toBe(1e6)
    expect(unary('RSQRT')).toBeCloseTo(1000, 2)
    expect(single(layer('l2normalize', { input: one(1e-3) }, { epsilon: 0 }))).toBeCloseTo(Math.SQRT1_2, 5)
  })
  it('inverse 1e-4, log 1e-45 (nothing in float16), rsqrt 1e-12', () => {
    expect(mil('inverse', { x: float32([1], [0]) })[0]).toBeCloseTo(1e4, 2)
    expect(mil('rsqrt', { x: float32([1], [0]) })[0]).toBeCloseTo(1e6, 0)
    expect(mil('log', { x: float32([1], [0]) })[0]).toBeCloseTo(Math.log(2 ** -149), 4)
    expect(mil('log', { x: half(0) })).toEqual([-Infinity])
  })
})

describe('the Neural Engine profile', () => {
  describe('sums of products overflow at half the range (ANEForge 115)', () => {
    const [ones, row] = [halves([1, 32], full(32, 1)), (sum: number) => full(32, sum / 32)]
    const operations: readonly (readonly [name: string, run: (sum: number, unit: ComputeUnit) => number])[] = [
      ['matmul', (sum, unit) => mil('matmul', { x: ones, y: halves([32, 1], row(sum)) }, unit)[0]!],
      ['linear', (sum, unit) => mil('linear', { x: ones, weight: halves([1, 32], row(sum)) }, unit)[0]!],
      [
        'einsum',
        (sum, unit) =>
          mil('einsum', { values: [halves([32, 1], full(32, 1)), halves([32, 1], row(sum))] }, unit, { equation: 'ka,kb->ab' })[0]!,
      ],
      ['conv', (sum, unit) => mil('conv', { x: halves([1, 32, 1], full(32, 1)), weight: halves([1, 32, 1], row(sum)) }, unit)[0]!],
      [
        'conv, depthwise',
        (sum, unit) => mil('conv', { x: halves([1, 1, 32], full(32, 1)), weight: halves([1, 1, 32], row(sum)) }, unit)[0]!,
      ],
      [
        'conv_transpose',
        (sum, unit) => mil('conv_transpose', { x: halves([1, 32, 1], full(32, 1)), weight: halves([32, 1, 1], row(sum)) }, unit)[0]!,
      ],
      [
        'conv_transpose over taps',
        (sum, unit) => mil('conv_transpose', { x: halves([1, 1, 2], [1, 1]), weight: halves([1, 1, 2], [sum / 2, sum / 2]) }, unit)[1]!,
      ],
      [
        'innerProduct',
        (sum, unit) => {
          const weights = float32([32], row(sum))
          const attributes = { inputChannels: 32n, outputChannels: 1n, hasBias: false, int8DynamicQuantize: false }
          return (layer('innerProduct', { input: float32([32], full(32, 1)), weights }, attributes, unit).data as Float32Array)[0]!
        },
      ],
    ]
    it.each(operations)('%s', (_, run) => {
      expect(run(32000, 'ane')).toBe(32000)
      expect(run(32736, 'ane')).toBe(32736)
      expect(run(33024, 'ane')).toBe(Infinity)
      expect(run(-33024, 'ane')).toBe(-Infinity)
      expect(run(33024, 'gpu')).toBe(33024)
    })
    it('attention hides a score that overflowed behind NaN', () => {
      const operands = { query: halves([1, 1, 2], [200, 200]), key: halves([1, 1, 2], [100, 100]), value: halves([1, 1, 1], [3]) }
      expect(mil('scaled_dot_product_attention', operands, 'gpu')).toEqual([3])
      expect(mil('scaled_dot_product_attention', operands, 'ane')).toEqual([Number.NaN])
    })
    it('float32 of an ML Program is not touched', () => {
      expect(mil('matmul', { x: float32([1, 1], [300]), y: float32([1, 1], [300]) }, 'ane')).toEqual([90000])
    })
  })

  it('flushes subnormals: sqrt(0 + epsilon) (ANEForge 263)', () => {
    const root = (epsilon: number, unit: ComputeUnit) =>
      mil('sqrt', { x: half(...mil('add', { x: half(0), y: half(epsilon) }, unit)) }, unit)[0]!
    for (const epsilon of [1e-9, 1e-7, 1e-6, 1e-5]) expect(root(epsilon, 'ane')).toBe(0)
    expect(root(6e-5, 'ane')).toBe(7.8125e-3)
    expect(root(1e-4, 'ane')).toBeCloseTo(0.01, 4)
    expect(root(1e-6, 'gpu')).toBeCloseTo(1e-3, 4)
  })
})
