/** Ops that undo each other, ops that change nothing, and weights that survive their compression. */
import { describe, expect, it } from 'vitest'
import { roundToHalf } from '../../../kernels/float16.js'
import { sizeOf, type Tensor, tensor } from '../../../kernels/tensor.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { hold, policyOf } from '../../../src/runners/coreml/policy.js'
import { generator } from '../../support/numbers.js'
import { difference, ints, reals, wholes } from '../../support/tensors.js'
import { callOp } from './golden.js'

type Attributes = { [name: string]: Attribute }
type Operands = { [name: string]: Tensor | Tensor[] }

const call = (op: string, operands: Operands, attributes: Attributes = {}, version = 'CoreML8'): Tensor =>
  callOp(op, operands, { attributes, version })[0]!
const same = (actual: Tensor, expected: Tensor) => expect(difference(actual, expected)).toBe(0)
const counting = (count: number) => Array.from({ length: count }, (_, i) => i)

const x = reals([2, 3, 4, 6], 1)

describe('undone', () => {
  it.each<[string, Attributes, string, Attributes]>([
    ['transpose', { perm: [2, 0, 3, 1] }, 'transpose', { perm: [1, 3, 0, 2] }],
    ['reshape', { shape: [6, -1] }, 'reshape', { shape: [2, 3, 4, 6] }],
    ['expand_dims', { axes: [0, -2] }, 'squeeze', { axes: [0, -2] }],
    ['reverse', { axes: [1, 3] }, 'reverse', { axes: [3, 1] }],
    ['space_to_depth', { block_size: 2 }, 'depth_to_space', { block_size: 2 }],
    ['pixel_unshuffle', { downscale_factor: 2 }, 'pixel_shuffle', { upscale_factor: 2 }],
    ['space_to_batch', { block_shape: [2, 3], paddings: [1, 1, 0, 3] }, 'batch_to_space', { block_shape: [2, 3], crops: [1, 1, 0, 3] }],
    ['pad', { pad: [1, 2, 0, 3], mode: 'replicate' }, 'crop', { crop_height: [1, 2], crop_width: [0, 3] }],
    ['tile', { reps: [1, 2, 1, 3] }, 'slice_by_size', { begin: [0, 3, 0, 12], size: [2, 3, 4, 6] }],
    ['reverse_sequence', { lengths: [1, 4], seq_axis: 2 }, 'reverse_sequence', { lengths: [1, 4], seq_axis: 2 }],
    ['linear_activation', { alpha: 4, beta: 0 }, 'linear_activation', { alpha: 0.25, beta: 0 }],
  ])('%s %j by %s', (op, attributes, inverse, back) => same(call(inverse, { x: call(op, { x }, attributes) }, back), x))

  it('split by concat, stack by slices', () => {
    for (const [axis, sizes] of [
      [1, [1, 2]],
      [3, [2, 0, 3, 1]],
    ] as const) {
      const parts = callOp('split', { x }, { attributes: { split_sizes: [...sizes], axis }, outputs: sizes.length })
      same(call('concat', { values: parts }, { axis }), x)
    }
    const stacked = call('stack', { values: [x, wholes(x.shape, 2)] }, { axis: 2 })
    const first = call(
      'slice_by_index',
      { x: stacked },
      { begin: [0, 0, 0, 0, 0], end: [2, 3, 1, 4, 6], squeeze_mask: [false, false, true, false, false] },
    )
    same(first, x)
  })
  it('gather by scatter', () => {
    const order = [2, 0, 3, 1]
    const indices = ints([4], order)
    const data = call('fill_like', { ref_tensor: x, value: reals([], 3) })
    const taken = call('gather', { x, indices }, { axis: 2 })
    same(call('scatter', { data, indices, updates: taken }, { axis: 2, mode: 'update' }), x)
    const tuples = ints([6, 2], [1, 2, 0, 0, 1, 0, 0, 2, 1, 1, 0, 1])
    const rows = call('gather_nd', { x, indices: tuples })
    same(call('scatter_nd', { data, indices: tuples, updates: rows }, { mode: 'update' }), x)
    const sorted = callOp('topk', { x }, { attributes: { k: 6, ascending: true }, outputs: 2 })
    same(call('gather_along_axis', { x, indices: sorted[1]! }, { axis: -1 }), sorted[0]!)
    same(call('scatter_along_axis', { data, indices: sorted[1]!, updates: sorted[0]! }, { axis: -1, mode: 'update' }), x)
  })
  it('argsort by argsort', () => {
    const order = call('argsort', { x }, { axis: 3, ascending: true })
    const ranks = call('argsort', { x: order }, { axis: 3, ascending: true })
    same(call('gather_along_axis', { x: call('gather_along_axis', { x, indices: order }, { axis: 3 }), indices: ranks }, { axis: 3 }), x)
  })
  it('one_hot by reduce_argmax', () => {
    const indices = ints([2, 3], [4, 0, 2, 1, 1, 3])
    for (const axis of [0, 1, -1]) {
      const vectors = call('one_hot', { indices, one_hot_vector_size: ints([], [5]) }, { axis })
      expect(call('reduce_argmax', { x: vectors }, { axis }).data).toEqual(indices.data)
    }
  })
  it('cumsum by differences, in both directions', () => {
    const numbers = wholes([2, 5, 3], 4)
    for (const reverse of [false, true]) {
      const [all, before] = [false, true].map((exclusive) => call('cumsum', { x: numbers }, { axis: 1, exclusive, reverse }))
      same(call('sub', { x: all!, y: before! }), numbers)
    }
  })
  it('cast to a wider dtype by a cast back', () => {
    const bytes = tensor(
      'int8',
      [256],
      Int8Array.from(counting(256), (i) => i - 128),
    )
    for (const dtype of ['int16', 'int32', 'fp16', 'fp32'])
      expect(call('cast', { x: call('cast', { x: bytes }, { dtype }) }, { dtype: 'int8' })).toEqual(bytes)
  })
  it('logarithms, roots and inverse functions, nearly', () => {
    const small = call('clip', { x }, { alpha: -0.9, beta: 0.9 })
    for (const [op, inverse] of [
      ['tanh', 'atanh'],
      ['sin', 'asin'],
      ['tan', 'atan'],
      ['exp', 'log'],
    ] as const)
      expect(difference(call(inverse, { x: call(op, { x: small }) }), small)).toBeLessThan(2e-6)
    expect(difference(call('sqrt', { x: call('square', { x }) }), call('abs', { x }))).toBeLessThan(1e-6)
  })
})

describe('nothing changes', () => {
  const SAMPLING = ['STRICT_ALIGN_CORNERS', 'ALIGN_CORNERS', 'DEFAULT', 'UNALIGN_CORNERS']
  const size = { target_size_height: 4, target_size_width: 6 }
  it.each<[string, Attributes]>([
    ...SAMPLING.map((sampling_mode): [string, Attributes] => ['resize_bilinear', { ...size, sampling_mode }]),
    ...SAMPLING.map((sampling_mode): [string, Attributes] => ['resize', { shape: [4, 6], resized_dims: 2, sampling_mode }]),
    ['resize', { shape: [0, 0], resized_dims: 2, interpolation_mode: 'NEAREST_NEIGHBOR' }],
    ['resize_nearest_neighbor', size],
    ['upsample_nearest_neighbor', { scale_factor_height: 1, scale_factor_width: 1 }],
    ['upsample_bilinear', {}],
    ['upsample_bilinear', { align_corners: false }],
    ['pad', { pad: [0, 0, 0, 0] }],
    ['tile', { reps: [1, 1, 1, 1] }],
    ['band_part', {}],
    ['slice_by_size', { begin: [0, 0, 0, 0], size: [-1, -1, -1, -1] }],
    ['max_pool', { kernel_sizes: [1, 1], pad_type: 'same' }],
    ['clip', { alpha: -2, beta: 2 }],
    ['identity', {}],
  ])('%s %j', (op, attributes) => same(call(op, { x }, attributes), x))

  it('crop_resize of the whole image, resample on the pixels, affine by the identity', () => {
    const whole = tensor('float32', [2, 4], Float32Array.of(0, 0, 3, 5, 0, 0, 3, 5))
    const crop = { target_height: 4, target_width: 6, sampling_mode: 'ALIGN_CORNERS' }
    same(call('crop_resize', { x, boxes: whole, box_indices: ints([2], [0, 1]) }, crop), x)
    const points = counting(2 * 4 * 6).flatMap((i) => [i % 6, Math.floor(i / 6) % 4])
    const coordinates = tensor('float32', [2, 4, 6, 2], Float32Array.from(points))
    for (const sampling_mode of ['bilinear', 'nearest']) {
      const attributes = {
        sampling_mode,
        padding_mode: 'constant',
        padding_value: 0,
        coordinates_mode: 'unnormalized',
        align_corners: true,
      }
      same(call('resample', { x, coordinates }, attributes), x)
    }
    const transform_matrix = tensor('float32', [1, 6], Float32Array.of(1, 0, 0, 0, 1, 0))
    const plain = { sampling_mode: 'bilinear', padding_mode: 'constant', padding_value: 0, coordinates_mode: 'normalized_minus_one_to_one' }
    const moved = call('affine', { x, transform_matrix }, { ...plain, output_height: 4, output_width: 6, align_corners: true })
    expect(difference(moved, x)).toBeLessThan(1e-6)
  })
  it('where relu, clip, abs, round or a float16 policy are applied twice', () => {
    for (const op of ['relu', 'relu6', 'abs', 'round', 'ceil', 'floor', 'sign']) same(call(op, { x: call(op, { x }) }), call(op, { x }))
    for (const precision of ['fp16', 'fp16-accumulate'] as const) {
      for (const flushSubnormals of [false, true]) {
        const policy = policyOf({ precision, flushSubnormals }, 'mil')
        const once = hold(tensor('float32', [6], Float32Array.of(0.1, -1e-7, 7e4, 1e-5, -0, Number.NaN)), policy, false)
        expect(hold(once, policy, false)).toEqual(once)
        expect(once.dtype).toBe('float16')
      }
    }
  })
})

const bytes = (dtype: 'int8' | 'uint8', shape: readonly number[], data: readonly number[]): Tensor =>
  dtype === 'int8' ? tensor(dtype, shape, Int8Array.from(data)) : tensor(dtype, shape, Uint8Array.from(data))

const asSingle = (value: Tensor): Tensor => tensor('float32', value.shape, Float32Array.from(value.data as Int8Array))

/** `fields` of `bits` bits each, the first in the lowest bits of the first byte. */
function pack(fields: readonly number[], bits: number): Tensor<'uint8'> {
  const bytes = new Uint8Array(Math.ceil((fields.length * bits) / 8))
  fields.forEach((field, i) => {
    for (let bit = 0; bit < bits; bit++) if ((field >> bit) & 1) bytes[(i * bits + bit) >> 3]! |= 1 << ((i * bits + bit) & 7)
  })
  return tensor('uint8', [bytes.length], bytes)
}

const fieldsOf = (count: number, bits: number, seed: number): number[] => {
  const next = generator(seed)
  return Array.from({ length: count }, () => Math.floor(next() * 2 ** bits))
}

describe('compressed weights come back', () => {
  const shape = [4, 6]
  const count = sizeOf(shape)
  it('affine, on their own grid', () => {
    for (const [dtype, least] of [
      ['int8', -128],
      ['uint8', 0],
    ] as const) {
      for (const axis of [0, 1]) {
        const channels = shape[axis]!
        const scale = tensor(
          'float32',
          [channels],
          Float32Array.from(counting(channels), (i) => 2 ** (i - 3)),
        )
        const zero_point = bytes(
          dtype,
          [channels],
          counting(channels).map((i) => least + 20 * i),
        )
        const quantized = bytes(
          dtype,
          shape,
          fieldsOf(count, 8, axis).map((field) => field + least),
        )
        const dense = call('dequantize', { input: quantized, scale, zero_point }, { axis })
        expect(call('quantize', { input: dense, scale, zero_point }, { axis, output_dtype: dtype })).toEqual(quantized)
        same(call('constexpr_affine_dequantize', { quantized_data: quantized, scale, zero_point }, { axis }), dense)
        const blocks = shape.map((_, i) => (i === axis ? channels : 1))
        const inBlocks = { data: quantized, scale: { ...scale, shape: blocks }, offset: { ...zero_point, shape: blocks } as Tensor }
        same(call('constexpr_blockwise_shift_scale', inBlocks), dense)
      }
    }
  })
  it('affine, within half a step', () => {
    const scale = tensor('float32', [], Float32Array.of(1 / 64))
    const input = reals([50], 5)
    const back = call('dequantize', { input: call('quantize', { input, scale }, { output_dtype: 'int8' }), scale })
    input.data.forEach((value, i) => {
      expect(Math.abs(Math.max(-2, Math.min(127 / 64, value)) - (back.data[i] as number))).toBeLessThanOrEqual(1 / 128)
    })
  })
  it.each([1, 2, 3, 4, 6, 8])('a palette of %i bits', (bits) => {
    const lut = reals([2 ** bits], bits)
    const fields = fieldsOf(count, bits, bits)
    const dense = tensor(
      'float32',
      shape,
      Float32Array.from(fields, (field) => lut.data[field]!),
    )
    const indices = { dtype: `uint${bits}`, shape, data: Uint8Array.from(fields) } as Tensor
    same(call('constexpr_lut_to_dense', { indices, lut: { ...lut, shape: [1, 1, 2 ** bits, 1] } }), dense)
    if (bits !== 3)
      same(call('constexpr_lut_to_dense', { indices: pack(fields, bits), lut, shape: ints([2], shape) }, {}, 'CoreML6'), dense)
  })
  it('palettes of groups, and of vectors', () => {
    const lut = reals([2, 3, 4, 1], 7)
    const fields = fieldsOf(count, 2, 8)
    const group = (i: number) => 3 * Math.floor(Math.floor(i / 6) / 2) + Math.floor((i % 6) / 2)
    const dense = Float32Array.from(fields, (field, i) => lut.data[4 * group(i) + field]!)
    const indices = { dtype: 'uint2', shape, data: Uint8Array.from(fields) } as Tensor
    same(call('constexpr_lut_to_dense', { indices, lut }), tensor('float32', shape, dense))
    const vectors = reals([1, 1, 4, 2], 9)
    const rows = Float32Array.from(counting(2 * count), (i) => {
      const [row, column] = [Math.floor(i / 6), i % 6]
      return vectors.data[2 * fields[6 * Math.floor(row / 2) + column]! + (row % 2)]!
    })
    same(call('constexpr_lut_to_dense', { indices, lut: vectors }, { vector_axis: 0 }), tensor('float32', [8, 6], rows))
  })

  const bits = fieldsOf(count, 1, 10)
  const mask: Tensor = { dtype: 'uint1', shape, data: Uint8Array.from(bits) }
  /** Where the mask is 1, in order. */
  const kept = <D extends Tensor>(value: D): D => {
    const data = (value.data as Float32Array).filter((_, i) => bits[i] === 1)
    return { ...value, shape: [data.length], data } as D
  }
  const masked = (value: Tensor): Tensor => call('mul', { x: value, y: asSingle(mask) })

  it('sparse', () => {
    const dense = masked(reals(shape, 11))
    same(call('constexpr_sparse_to_dense', { nonzero_data: kept(dense), mask }), dense)
    const packed = { nonzero_data: kept(dense), mask: pack(bits, 1), shape: ints([2], shape) }
    same(call('constexpr_sparse_to_dense', packed, {}, 'CoreML6'), dense)
  })
  it('int4 in blocks', () => {
    const data: Tensor = { dtype: 'int4', shape, data: Int8Array.from(fieldsOf(count, 4, 12), (q) => q - 8) }
    const [scale, blocks] = [reals([2, 3], 13), [2, 2]]
    const offset: Tensor = { dtype: 'int4', shape: [2, 3], data: Int8Array.of(-8, -1, 0, 1, 3, 7) }
    const nearest = { shape, resized_dims: 2, interpolation_mode: 'NEAREST_NEIGHBOR' }
    const spread = (value: Tensor) => call('resize', { x: asSingle(value) }, nearest)
    expect(blocks.map((size, axis) => size * scale.shape[axis]!)).toEqual(shape)
    const shifted = call('sub', { x: asSingle(data), y: spread(offset) })
    same(call('constexpr_blockwise_shift_scale', { data, scale, offset }), call('mul', { x: shifted, y: spread(scale) }))
  })
  it('joint: a sparse palette, sparse blocks', () => {
    const lut = reals([1, 1, 4, 1], 14)
    const indices: Tensor = { dtype: 'uint2', shape, data: Uint8Array.from(fieldsOf(count, 2, 15)) }
    const dense = masked(call('constexpr_lut_to_dense', { indices, lut }))
    const operands = { indices_mask: mask, indices_nonzero_data: kept(indices), lut }
    const [outMask, values] = callOp('constexpr_lut_to_sparse', operands, { outputs: 2 })
    same(call('constexpr_sparse_to_dense', { nonzero_data: values!, mask: outMask! }), dense)

    const data: Tensor = { dtype: 'uint4', shape, data: Uint8Array.from(fieldsOf(count, 4, 16)) }
    const scale = reals([4, 2], 17)
    const whole = masked(call('constexpr_blockwise_shift_scale', { data, scale }))
    const sparse = callOp('constexpr_sparse_blockwise_shift_scale', { data_mask: mask, nonzero_data: kept(data), scale }, { outputs: 2 })
    same(call('constexpr_sparse_to_dense', { nonzero_data: sparse[1]!, mask: sparse[0]! }), whole)
  })
  it('as float16', () => {
    const half = tensor('float16', shape, reals(shape, 18).data.map(roundToHalf))
    expect(call('constexpr_cast', { source_val: half }, { output_dtype: 'fp32' })).toEqual({ ...half, dtype: 'float32' })
  })
})
