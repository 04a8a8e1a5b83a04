/**
 * Small pairs on which a verdict easily errs: one source, a clean target that computes the same in another way, and a faulty one.
 * Sizes and magnitudes are the trap; nothing here is special to a real network.
 */

import { Random } from '../../kernels/generator.js'
import type { Tensor } from '../../kernels/tensor.js'
import type { Model } from '../../src/graph/model.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'

export interface Trap {
  about: string
  source: Model
  clean: Model
  faulty: Model
  samples: Record<string, Tensor>[]
  /** Values of the faulty target at which the first finding may stand. */
  at: string[]
}

const int32 = (shape: number[], data: number[]): Tensor<'int32'> => ({ dtype: 'int32', shape, data: Int32Array.from(data) })

/** Normal numbers from a seed. */
const noise = (count: number, seed: number, scale = 1, mean = 0): number[] => {
  const random = new Random(seed)
  return Array.from({ length: count }, () => Math.fround(mean + scale * random.normal()))
}

const vectors = (count: number, size: number, scale = 1, mean = 0): Record<string, Tensor>[] =>
  Array.from({ length: count }, (_, i) => ({ x: float32([1, size], noise(size, 100 + i, scale, mean)) }))

const net = (size: number, nodes: NodeSketch[], outputs = ['out']): Model =>
  sketchModel({ x: { dtype: 'float32', shape: [1, size] } }, nodes, outputs)

const linear = (x: string, weights: readonly number[], bias: readonly number[], output: string): NodeSketch => ({
  type: 'linear',
  inputs: {
    x,
    weight: float32([bias.length, weights.length / bias.length], [...weights]),
    bias: float32([bias.length], [...bias]),
  },
  output,
})

/** The same layer, its sums taken in two halves and the bias added apart. */
function linearInHalves(x: string, size: number, weights: readonly number[], bias: readonly number[], output: string): NodeSketch[] {
  const half = size / 2
  const columns = (from: number, to: number) => weights.filter((_, i) => i % size >= from && i % size < to)
  const part = (begin: number, name: string): NodeSketch[] => [
    { type: 'slice_by_size', inputs: { x, begin: int32([2], [0, begin]), size: int32([2], [1, half]) }, output: `${name}_in` },
    { type: 'linear', inputs: { x: `${name}_in`, weight: float32([bias.length, half], columns(begin, begin + half)) }, output: name },
  ]
  return [
    ...part(0, `${output}_a`),
    ...part(half, `${output}_b`),
    { type: 'add', inputs: { x: `${output}_a`, y: `${output}_b` }, output: `${output}_sum` },
    { type: 'add', inputs: { x: `${output}_sum`, y: float32([bias.length], [...bias]) }, output },
  ]
}

/** Boxes of 1e5 and scores of 0.05 side by side; the biases of the scores are dropped. */
function smallBesideLarge(): Trap {
  const scale = Array.from({ length: 12 }, (_, i) => (i < 4 ? 1e5 : 0.05))
  const weights = noise(12 * 32, 1).map((w, i) => Math.fround(w * scale[Math.floor(i / 32)]!))
  const bias = noise(12, 2).map((b, i) => Math.fround(b * scale[i]!))
  return {
    about: 'a bias dropped beside channels a million times as large',
    source: net(32, [linear('x', weights, bias, 'out')]),
    clean: net(32, linearInHalves('x', 32, weights, bias, 'out')),
    faulty: net(32, [
      linear(
        'x',
        weights,
        bias.map((b, i) => (i < 4 ? b : 0)),
        'out',
      ),
    ]),
    samples: vectors(4, 32),
    at: ['out'],
  }
}

/** Forbidden classes get -1e9; a factor of the logits is missing. */
function masked(): Trap {
  const weights = noise(10 * 32, 3)
  const bias = noise(10, 4)
  const mask = float32([10], [0, 0, -1e9, 0, -1e9, 0, 0, 0, -1e9, 0])
  const logits = (factor: number, halves: boolean): NodeSketch[] => [
    ...(halves ? linearInHalves('x', 32, weights, bias, 'logits') : [linear('x', weights, bias, 'logits')]),
    { type: 'mul', inputs: { x: 'logits', y: float32([], [factor]) }, output: 'tempered' },
    { type: 'add', inputs: { x: 'tempered', y: mask }, output: 'out' },
  ]
  return {
    about: 'a factor missing among logits masked by -1e9',
    source: net(32, logits(0.35, false)),
    clean: net(32, logits(0.35, true)),
    faulty: net(32, logits(0.36, false)),
    samples: vectors(4, 32),
    at: ['tempered', 'out'],
  }
}

/** One number a sample, a hundred samples: a single draw of one element says next to nothing. */
function scalar(): Trap {
  const weights = noise(64, 5)
  const head = (factor: number, halves: boolean): NodeSketch[] => [
    ...(halves ? linearInHalves('x', 64, weights, [0.25], 'sum') : [linear('x', weights, [0.25], 'sum')]),
    { type: 'mul', inputs: { x: 'sum', y: float32([], [factor]) }, output: 'out' },
  ]
  return {
    about: 'a scalar on many samples, its factor truncated',
    source: net(64, head(Math.SQRT1_2, false)),
    clean: net(64, head(Math.SQRT1_2, true)),
    faulty: net(64, head(0.7072, false)),
    samples: vectors(100, 64),
    at: ['out'],
  }
}

/** Linear interpolation of white noise to twice the size, as a resize and as a product with the matrix of its weights. */
function interpolation(): Trap {
  const size = 24
  const matrix = new Array<number>(2 * size * size).fill(0)
  for (let i = 0; i < 2 * size; i++) {
    const at = Math.min(size - 1, Math.max(0, (i + 0.5) / 2 - 0.5))
    const low = Math.min(size - 1, Math.floor(at))
    matrix[i * size + low]! += 1 - (at - low)
    matrix[i * size + Math.min(size - 1, low + 1)]! += at - low
  }
  const resized = (align: boolean): NodeSketch[] => [
    {
      type: 'upsample_bilinear',
      inputs: {
        x: 'x',
        scale_factor_height: float32([], [1]),
        scale_factor_width: float32([], [2]),
        align_corners: { dtype: 'bool', shape: [], data: Uint8Array.of(Number(align)) },
      },
      output: 'out',
    },
  ]
  const model = (nodes: NodeSketch[]) => sketchModel({ x: { dtype: 'float32', shape: [1, 2, 3, size] } }, nodes, ['out'])
  return {
    about: 'interpolation of white noise, its corners aligned',
    source: model([
      {
        type: 'matmul',
        inputs: { x: 'x', y: float32([2 * size, size], matrix), transpose_y: { dtype: 'bool', shape: [], data: Uint8Array.of(1) } },
        output: 'out',
      },
    ]),
    clean: model(resized(false)),
    faulty: model(resized(true)),
    samples: Array.from({ length: 20 }, (_, i) => ({ x: float32([1, 2, 3, size], noise(6 * size, 200 + i, 100)) })),
    at: ['out'],
  }
}

/** The index of the largest of two thousand logits, two of which are equal up to rounding on one sample. */
function index(): Trap {
  const count = 2000
  const weights = noise(count * 16, 7)
  for (let i = 0; i < 16; i++) weights[1500 * 16 + i] = weights[40 * 16 + i]!
  const bias = new Array<number>(count).fill(0)
  const argmax = (halves: boolean, shift: number): NodeSketch[] => [
    ...(halves ? linearInHalves('x', 16, weights, bias, 'logits') : [linear('x', weights, bias, 'logits')]),
    {
      type: 'reduce_argmax',
      inputs: { x: 'logits', axis: int32([], [1]), keep_dims: { dtype: 'bool', shape: [], data: Uint8Array.of(0) } },
      output: 'top',
      dtype: 'int32',
    },
    { type: 'add', inputs: { x: 'top', y: int32([], [shift]) }, output: 'out', dtype: 'int32' },
  ]
  const samples = vectors(6, 16)
  // on this one the two equal rows win
  samples[2] = { x: float32([1, 16], weights.slice(40 * 16, 41 * 16)) }
  return {
    about: 'an index three too large, and a tie of two equal logits',
    source: net(16, argmax(false, 0)),
    clean: net(16, argmax(true, 0)),
    faulty: net(16, argmax(false, 3)),
    samples,
    at: ['out', 'top'],
  }
}

/** Features rounded to eighths: floor(8 x + 1/2) / 8; the half is left out. */
function steps(): Trap {
  const weights = noise(32 * 64, 8, 0.2)
  const bias = noise(32, 9)
  const rounded = (halves: boolean, half: number): NodeSketch[] => [
    ...(halves ? linearInHalves('x', 64, weights, bias, 'feature') : [linear('x', weights, bias, 'feature')]),
    { type: 'mul', inputs: { x: 'feature', y: float32([], [8]) }, output: 'scaled' },
    { type: 'add', inputs: { x: 'scaled', y: float32([], [half]) }, output: 'half' },
    { type: 'floor', inputs: { x: 'half' }, output: 'whole' },
    { type: 'mul', inputs: { x: 'whole', y: float32([], [1 / 8]) }, output: 'out' },
  ]
  return {
    about: 'values rounded to steps, and cut off to them',
    source: net(64, rounded(false, 0.5)),
    clean: net(64, rounded(true, 0.5)),
    faulty: net(64, rounded(false, 0)),
    samples: vectors(60, 64),
    at: ['scaled', 'half', 'whole'],
  }
}

/** 0/0 where the source guards against it. */
function guard(): Trap {
  const ratio = (guarded: boolean): NodeSketch[] => [
    { type: 'relu', inputs: { x: 'x' }, output: 'positive' },
    { type: 'reduce_sum', inputs: { x: 'positive', axes: int32([1], [1]) }, output: 'total' },
    ...(guarded ? [{ type: 'maximum', inputs: { x: 'total', y: float32([], [1e-6]) }, output: 'guarded' }] : []),
    { type: 'real_div', inputs: { x: 'positive', y: guarded ? 'guarded' : 'total' }, output: 'out' },
  ]
  const samples = vectors(3, 12)
  samples.push({
    x: float32(
      [1, 12],
      noise(12, 50).map((x) => -Math.abs(x)),
    ),
  })
  return {
    about: 'NaN where the source, which guards its division, gives zero',
    source: net(12, ratio(true)),
    clean: net(12, ratio(true)),
    faulty: net(12, ratio(false)),
    samples,
    at: ['out'],
  }
}

/** Logarithms of which some are NaN on either side. */
function logarithms(): Trap {
  const weights = noise(16 * 32, 10)
  const bias = noise(16, 11)
  const logs = (halves: boolean, moved: readonly number[]): NodeSketch[] => [
    ...(halves ? linearInHalves('x', 32, weights, moved, 'level') : [linear('x', weights, moved, 'level')]),
    { type: 'log', inputs: { x: 'level', epsilon: float32([], [0]) }, output: 'out' },
  ]
  return {
    about: 'logarithms of numbers of both signs, some biases off',
    source: net(32, logs(false, bias)),
    clean: net(32, logs(true, bias)),
    faulty: net(
      32,
      logs(
        false,
        bias.map((b, i) => (i % 4 ? b : Math.fround(b * 0.9))),
      ),
    ),
    samples: vectors(6, 32),
    at: ['level'],
  }
}

/** A clip whose bound one sample alone reaches. */
function rareClip(): Trap {
  const weights = noise(16 * 32, 12, 0.1)
  const bias = noise(16, 13)
  const clipped = (halves: boolean, bound: number): NodeSketch[] => [
    ...(halves ? linearInHalves('x', 32, weights, bias, 'feature') : [linear('x', weights, bias, 'feature')]),
    { type: 'clip', inputs: { x: 'feature', alpha: float32([], [-6]), beta: float32([], [bound]) }, output: 'out' },
  ]
  const samples = vectors(10, 32)
  samples[7] = { x: float32([1, 32], noise(32, 107, 8)) }
  return {
    about: 'a bound that one sample of ten reaches',
    source: net(32, clipped(false, 6)),
    clean: net(32, clipped(true, 6)),
    faulty: net(32, clipped(false, 4)),
    samples,
    at: ['out'],
  }
}

/** Small errors everywhere, ten times the rounding and far below what any one element shows. */
function epsilon(): Trap {
  const normalized = (eps: number, spelled: boolean): NodeSketch[] => {
    const gamma = float32([64], noise(64, 14, 0.1, 1))
    const beta = float32([64], noise(64, 15))
    if (!spelled)
      return [{ type: 'layer_norm', inputs: { x: 'x', axes: int32([1], [1]), gamma, beta, epsilon: float32([], [eps]) }, output: 'out' }]
    const mean = { axes: int32([1], [1]), keep_dims: { dtype: 'bool', shape: [], data: Uint8Array.of(1) } as Tensor }
    return [
      { type: 'reduce_mean', inputs: { x: 'x', ...mean }, output: 'mean' },
      { type: 'sub', inputs: { x: 'x', y: 'mean' }, output: 'centred' },
      { type: 'mul', inputs: { x: 'centred', y: 'centred' }, output: 'square' },
      { type: 'reduce_mean', inputs: { x: 'square', ...mean }, output: 'variance' },
      { type: 'add', inputs: { x: 'variance', y: float32([], [eps]) }, output: 'eps' },
      { type: 'rsqrt', inputs: { x: 'eps', epsilon: float32([], [0]) }, output: 'factor' },
      { type: 'mul', inputs: { x: 'centred', y: 'factor' }, output: 'normal' },
      { type: 'mul', inputs: { x: 'normal', y: gamma }, output: 'scaled' },
      { type: 'add', inputs: { x: 'scaled', y: beta }, output: 'out' },
    ]
  }
  return {
    about: 'an epsilon of 1e-4 in place of 1e-6',
    source: net(64, normalized(1e-6, true)),
    clean: net(64, normalized(1e-6, false)),
    faulty: net(64, normalized(1e-4, false)),
    samples: vectors(8, 64, 2, 3),
    at: ['out'],
  }
}

export const TRAPS: readonly Trap[] = [
  smallBesideLarge(),
  masked(),
  scalar(),
  interpolation(),
  index(),
  steps(),
  guard(),
  logarithms(),
  rareClip(),
  epsilon(),
]
