/** What algebra says of the ops: linearity, indifference to the order of axes, and ops that are made of others. */
import { describe, expect, it } from 'vitest'
import { sizeOf, type Tensor, tensor } from '../../../kernels/tensor.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { difference, ints, reals, wholes } from '../../support/tensors.js'
import { callOp } from './golden.js'

type Attributes = { [name: string]: Attribute }
type Operands = { [name: string]: Tensor | Tensor[] }

const call = (op: string, operands: Operands, attributes: Attributes = {}): Tensor => callOp(op, operands, { attributes })[0]!
const filled = (shape: readonly number[], value: number): Tensor => tensor('float32', shape, new Float32Array(sizeOf(shape)).fill(value))
const permuted = (x: Tensor, perm: number[]): Tensor => call('transpose', { x }, { perm })
const scaled = (x: Tensor, factor: number): Tensor => call('linear_activation', { x }, { alpha: factor, beta: 0 })
const same = (actual: Tensor, expected: Tensor) => expect(difference(actual, expected)).toBe(0)
const close = (actual: Tensor, expected: Tensor) => expect(difference(actual, expected)).toBeLessThan(2e-6)

describe('linear ops keep sums and multiples', () => {
  const kernel = { weight: wholes([4, 3, 3, 2], 5) }
  it.each<[string, number[], Operands, Attributes]>([
    ['conv', [2, 3, 5, 4], kernel, { strides: [2, 1], pad_type: 'same' }],
    ['conv', [1, 6, 5, 4], kernel, { groups: 2, dilations: [1, 2], pad_type: 'custom', pad: [1, 0, 2, 1] }],
    ['conv_transpose', [2, 4, 3, 4], kernel, { strides: [2, 3] }],
    ['matmul', [2, 3, 4], { y: wholes([4, 5], 6) }, {}],
    ['linear', [2, 3, 4], { weight: wholes([5, 4], 6) }, {}],
    ['reduce_sum', [2, 3, 4], {}, { axes: [0, 2] }],
    ['reduce_mean', [2, 3, 4], {}, { axes: [2] }],
    ['avg_pool', [1, 2, 5, 6], {}, { kernel_sizes: [2, 2], pad_type: 'same' }],
    ['cumsum', [2, 3, 4], {}, { axis: 1, exclusive: true }],
    ['resize_bilinear', [1, 2, 3, 5], {}, { target_size_height: 5, target_size_width: 9, sampling_mode: 'STRICT_ALIGN_CORNERS' }],
    ['upsample_bilinear', [1, 2, 3, 5], {}, { scale_factor_height: 2, scale_factor_width: 2, align_corners: false }],
    ['band_part', [2, 4, 5], {}, { lower: 1, upper: 0 }],
    ['pixel_shuffle', [1, 8, 2, 3], {}, { upscale_factor: 2 }],
  ])('%s of %j', (op, shape, operands, attributes) => {
    const [a, b] = [wholes(shape, 1), wholes(shape, 2)]
    const map = (x: Tensor) => call(op, { x, ...operands }, attributes)
    same(map(call('add', { x: scaled(a, 3), y: scaled(b, -2) })), call('add', { x: scaled(map(a), 3), y: scaled(map(b), -2) }))
  })
})

describe('axes may be moved before or after', () => {
  const PERM = [2, 0, 3, 1]
  const shape = [2, 3, 4, 5]
  const moved = (axis: number) => PERM.indexOf((axis + 4) % 4)
  it.each(['reduce_sum', 'reduce_max', 'reduce_min', 'reduce_l1_norm', 'reduce_sum_square', 'reduce_mean'])('%s', (op) => {
    const x = wholes(shape, 3)
    for (const axes of [[1], [0, 2], [3, 1]]) {
      const inner = permuted(call(op, { x }, { axes, keep_dims: true }), PERM)
      same(call(op, { x: permuted(x, PERM) }, { axes: axes.map(moved), keep_dims: true }), inner)
    }
  })
  it.each<[string, Attributes]>([
    ['softmax', {}],
    ['cumsum', { reverse: true }],
    ['argsort', { ascending: true }],
    ['topk', { k: 2 }],
  ])('%s', (op, attributes) => {
    const x = wholes(shape, 4)
    for (const axis of [0, 1, -1]) {
      const result = call(op, { x }, { ...attributes, axis })
      same(call(op, { x: permuted(x, PERM) }, { ...attributes, axis: moved(axis) }), permuted(result, PERM))
    }
  })
  it('pad, tile, reverse and slice_by_index', () => {
    const x = wholes(shape, 5)
    const order = <T>(list: readonly T[]) => PERM.map((axis) => list[axis]!)
    const pads = [
      [1, 0],
      [0, 2],
      [1, 1],
      [2, 0],
    ]
    for (const mode of ['constant', 'replicate', 'reflect']) {
      same(
        call('pad', { x: permuted(x, PERM) }, { pad: order(pads).flat(), mode }),
        permuted(call('pad', { x }, { pad: pads.flat(), mode }), PERM),
      )
    }
    const reps = [1, 3, 2, 1]
    same(call('tile', { x: permuted(x, PERM) }, { reps: order(reps) }), permuted(call('tile', { x }, { reps }), PERM))
    same(
      call('reverse', { x: permuted(x, PERM) }, { axes: [moved(1), moved(3)] }),
      permuted(call('reverse', { x }, { axes: [1, 3] }), PERM),
    )
    const slice = { begin: [1, 0, 3, 4], end: [2, 3, 0, 0], stride: [1, 2, -1, -2] }
    const turned = { begin: order(slice.begin), end: order(slice.end), stride: order(slice.stride) }
    same(call('slice_by_index', { x: permuted(x, PERM) }, turned), permuted(call('slice_by_index', { x }, slice), PERM))
  })
  it('gather and concat', () => {
    const x = wholes(shape, 6)
    const indices = ints([3], [2, 0, 2])
    same(call('gather', { x: permuted(x, PERM), indices }, { axis: moved(2) }), permuted(call('gather', { x, indices }, { axis: 2 }), PERM))
    const y = wholes([2, 3, 1, 5], 7)
    const values = [x, y]
    const turned = values.map((value) => permuted(value, PERM))
    same(call('concat', { values: turned }, { axis: moved(2) }), permuted(call('concat', { values }, { axis: 2 }), PERM))
  })
  it('height and width of conv, conv_transpose and pools', () => {
    const swap = [0, 1, 3, 2]
    const [x, weight] = [wholes([2, 3, 5, 6], 8), wholes([4, 3, 3, 2], 9)]
    const attributes = { strides: [2, 1], pad_type: 'custom', pad: [1, 0, 2, 1], dilations: [1, 2] }
    const turned = { strides: [1, 2], pad_type: 'custom', pad: [2, 1, 1, 0], dilations: [2, 1] }
    same(
      call('conv', { x: permuted(x, swap), weight: permuted(weight, swap) }, turned),
      permuted(call('conv', { x, weight }, attributes), swap),
    )
    const back = { x: wholes([1, 4, 3, 4], 10), weight }
    const swapped = { x: permuted(back.x, swap), weight: permuted(weight, swap) }
    same(call('conv_transpose', swapped, turned), permuted(call('conv_transpose', back, attributes), swap))
    for (const op of ['max_pool', 'avg_pool', 'l2_pool']) {
      const pooled = call(op, { x }, { kernel_sizes: [3, 2], strides: [2, 1], pad_type: 'custom', pad: [1, 0, 0, 1], ceil_mode: true })
      const other = { kernel_sizes: [2, 3], strides: [1, 2], pad_type: 'custom', pad: [0, 1, 1, 0], ceil_mode: true }
      close(call(op, { x: permuted(x, swap) }, other), permuted(pooled, swap))
    }
  })
})

describe('convolution', () => {
  const x = wholes([2, 4, 5, 6], 11)
  const weight = wholes([6, 4, 3, 2], 12)
  const bias = wholes([6], 13)
  const plain = call('conv', { x, weight, bias })
  it('with padding is one of the padded input', () => {
    const pad = [1, 2, 0, 3]
    const padded = call('pad', { x }, { pad })
    same(call('conv', { x, weight, bias }, { pad_type: 'custom', pad }), call('conv', { x: padded, weight, bias }))
    // 'same' of stride 1: kernel - 1 in all, the odd one behind, or in front
    const [same4, lower] = [
      [1, 1, 0, 1],
      [1, 1, 1, 0],
    ]
    same(call('conv', { x, weight }, { pad_type: 'same' }), call('conv', { x, weight }, { pad_type: 'custom', pad: same4 }))
    same(call('conv', { x, weight }, { pad_type: 'same_lower' }), call('conv', { x, weight }, { pad_type: 'custom', pad: lower }))
  })
  it('with strides skips results', () => {
    const every = call('slice_by_index', { x: plain }, { begin: [0, 0, 0, 0], end: plain.shape, stride: [1, 1, 2, 3] })
    same(call('conv', { x, weight, bias }, { strides: [2, 3] }), every)
  })
  it('with dilations has zeros between its weights', () => {
    const alone = call('reshape', { x: weight }, { shape: [24, 1, 3, 2] })
    const spread = call('conv_transpose', { x: alone, weight: filled([1, 1, 1, 1], 1) }, { strides: [2, 3] })
    const dilated = call('reshape', { x: spread }, { shape: [6, 4, 5, 4] })
    same(call('conv', { x, weight }, { dilations: [2, 3] }), call('conv', { x, weight: dilated }))
  })
  it('in groups joins one of each group', () => {
    const part = wholes([6, 2, 3, 2], 14)
    const halves = callOp('split', { x }, { attributes: { num_splits: 2, axis: 1 }, outputs: 2 })
    const weights = callOp('split', { x: part }, { attributes: { num_splits: 2, axis: 0 }, outputs: 2 })
    const values = halves.map((half, i) => call('conv', { x: half, weight: weights[i]! }))
    same(call('conv', { x, weight: part }, { groups: 2 }), call('concat', { values }, { axis: 1 }))
  })
  it('of kernel 1 is a product of matrices', () => {
    const matrix = wholes([6, 4], 15)
    const product = call('linear', { x: permuted(x, [0, 2, 3, 1]), weight: matrix, bias })
    const points = call('reshape', { x: matrix }, { shape: [6, 4, 1, 1] })
    same(call('conv', { x, weight: points, bias }), permuted(product, [0, 3, 1, 2]))
  })
  it('is the same in one, two and three dimensions', () => {
    const [line, lineWeight] = [wholes([2, 3, 9], 16), wholes([4, 3, 3], 17)]
    for (const [op, weight] of [
      ['conv', lineWeight],
      ['conv_transpose', permuted(lineWeight, [1, 0, 2])],
    ] as const) {
      const results = [[], [2], [2, 3]].map((axes) => {
        const lift = (value: Tensor) => (axes.length ? call('expand_dims', { x: value }, { axes }) : value)
        const ones = axes.map(() => 1)
        const pad = [...axes.flatMap(() => [0, 0]), 2, 1]
        const attributes = { strides: [...ones, 2], dilations: [...ones, 2], pad_type: 'custom', pad }
        const result = call(op, { x: lift(line), weight: lift(weight) }, attributes)
        return axes.length ? call('squeeze', { x: result }, { axes }) : result
      })
      for (const result of results) same(result, results[0]!)
    }
  })
})

describe('pooling', () => {
  const line = wholes([2, 3, 9], 18)
  const window = { kernel_sizes: [3], strides: [2], pad_type: 'custom', pad: [1, 2] }
  it.each(['max_pool', 'avg_pool'])('%s is the same in one, two and three dimensions', (op) => {
    const results = [[], [2], [2, 3]].map((axes) => {
      const ones = axes.map(() => 1)
      const lifted = axes.length ? call('expand_dims', { x: line }, { axes }) : line
      const pad = [...axes.flatMap(() => [0, 0]), ...window.pad]
      const result = call(op, { x: lifted }, { ...window, kernel_sizes: [...ones, 3], strides: [...ones, 2], pad })
      return axes.length ? call('squeeze', { x: result }, { axes }) : result
    })
    for (const result of results) same(result, results[0]!)
  })
  it('with padding is one of the padded input', () => {
    const unpadded = { ...window, pad_type: 'valid', pad: [0, 0] }
    const padded = (value: number) => call('pad', { x: line }, { pad: window.pad, constant_val: value })
    same(call('max_pool', { x: line }, window), call('max_pool', { x: padded(Number.NEGATIVE_INFINITY) }, unpadded))
    same(call('avg_pool', { x: line }, window), call('avg_pool', { x: padded(0) }, unpadded))
    same(call('l2_pool', { x: line }, window), call('l2_pool', { x: padded(0) }, unpadded))
  })
  it('averages what lies inside as a quotient of sums', () => {
    const share = call('avg_pool', { x: filled(line.shape, 1) }, window)
    const quotient = call('real_div', { x: call('avg_pool', { x: line }, window), y: share })
    close(call('avg_pool', { x: line }, { ...window, exclude_padding_from_average: true }), quotient)
  })
  it('is a depthwise convolution where it averages', () => {
    const weight = filled([3, 1, 3], Math.fround(1 / 3))
    const { strides, pad_type, pad } = window
    close(call('avg_pool', { x: line }, window), call('conv', { x: line, weight }, { strides, pad_type, pad, groups: 3 }))
  })
})

describe('ops that are made of others', () => {
  const x = reals([2, 3, 4], 20)
  const axes = [1, 2]
  it('softmax sums to 1 and does not see a shift', () => {
    for (const axis of [0, 1, 2]) {
      const shares = call('softmax', { x }, { axis })
      const sums = call('reduce_sum', { x: shares }, { axes: [axis] })
      for (const sum of sums.data as Float32Array) expect(sum).toBeCloseTo(1, 6)
      close(call('softmax', { x: call('linear_activation', { x }, { alpha: 1, beta: 100 }) }, { axis }), shares)
    }
  })
  it('reduce_log_sum_exp, reduce_log_sum, reduce_l2_norm, reduce_mean', () => {
    const exp = call('exp', { x })
    const sum = (value: Tensor) => call('reduce_sum', { x: value }, { axes })
    const log = (value: Tensor) => call('log', { x: value })
    close(call('reduce_log_sum_exp', { x }, { axes }), log(sum(exp)))
    close(call('reduce_log_sum', { x: exp }, { axes }), log(sum(exp)))
    close(call('reduce_l2_norm', { x }, { axes }), call('sqrt', { x: call('reduce_sum_square', { x }, { axes }) }))
    close(call('reduce_mean', { x }, { axes }), scaled(sum(x), 1 / 12))
  })
  it('layer_norm, instance_norm and batch_norm agree where they mean the same', () => {
    const image = reals([2, 3, 4, 5], 21)
    const normal = call('instance_norm', { x: image }, { epsilon: 1e-3 })
    close(call('layer_norm', { x: image }, { axes: [2, 3], epsilon: 1e-3 }), normal)
    const single = call('slice_by_size', { x: image }, { begin: [0, 0, 0, 0], size: [1, -1, -1, -1] })
    const mean = call('reduce_mean', { x: single }, { axes: [0, 2, 3] })
    const squares = call('reduce_mean', { x: call('square', { x: single }) }, { axes: [0, 2, 3] })
    const variance = call('sub', { x: squares, y: call('square', { x: mean }) })
    const expected = call('slice_by_size', { x: normal }, { begin: [0, 0, 0, 0], size: [1, -1, -1, -1] })
    close(call('batch_norm', { x: single, mean, variance }, { epsilon: 1e-3 }), expected)
  })
  it('scaled_dot_product_attention', () => {
    const [query, key, value] = [reals([2, 3, 4], 22), reals([2, 5, 4], 23), reals([2, 5, 6], 24)]
    const mask = reals([2, 3, 5], 25)
    const products = scaled(call('matmul', { x: query, y: key }, { transpose_y: true }), 0.5)
    const shares = call('softmax', { x: call('add', { x: products, y: mask }) })
    close(call('scaled_dot_product_attention', { query, key, value, attn_mask: mask }), call('matmul', { x: shares, y: value }))
  })
  it('einsum, matmul and linear', () => {
    const [a, b] = [wholes([2, 3, 4], 26), wholes([4, 5], 27)]
    const product = call('matmul', { x: a, y: b })
    same(call('linear', { x: a, weight: permuted(b, [1, 0]) }), product)
    same(call('matmul', { x: permuted(a, [0, 2, 1]), y: permuted(b, [1, 0]) }, { transpose_x: true, transpose_y: true }), product)
    const images = [wholes([2, 3, 4, 5], 28), wholes([2, 5, 4, 6], 29)] as const
    const [turned, other] = [permuted(images[0], [0, 2, 1, 3]), permuted(images[1], [0, 2, 1, 3])]
    const expected = permuted(call('matmul', { x: turned, y: other }), [0, 2, 1, 3])
    same(call('einsum', { values: [...images] }, { equation: 'nchw,nwhu->nchu' }), expected)
  })
  it('activations', () => {
    const sigmoid = call('sigmoid', { x })
    close(call('silu', { x }), call('mul', { x, y: sigmoid }))
    close(call('gelu', { x }, { mode: 'SIGMOID_APPROXIMATION' }), call('mul', { x, y: call('sigmoid', { x: scaled(x, 1.702) }) }))
    close(call('softplus', { x }), call('log', { x: call('linear_activation', { x: call('exp', { x }) }, { alpha: 1, beta: 1 }) }))
    close(call('scaled_tanh', { x }, { alpha: 2, beta: 0.5 }), scaled(call('tanh', { x: scaled(x, 0.5) }), 2))
    same(call('clip', { x }, { alpha: 0, beta: 6 }), call('relu6', { x }))
    same(call('leaky_relu', { x }, { alpha: 0 }), call('relu', { x }))
    same(call('prelu', { x, alpha: filled([1], 0.25) }), call('leaky_relu', { x }, { alpha: 0.25 }))
  })
})
