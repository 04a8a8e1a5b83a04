/** Convolutions and matrix products against sums written out, on both backends that come with the package. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import { sizeOf } from '../../../kernels/tensor.js'
import type { Plain } from '../../formats/tflite/write.js'
import { compute, error, float32, int32, randomTensor } from './run.js'

const LIMIT = 1e-5

interface Window {
  padding: 'SAME' | 'VALID'
  stride: [number, number]
  dilation: [number, number]
}

/** Positions and padding in front along one dimension. */
function placed({ padding, stride, dilation }: Window, axis: 0 | 1, input: number, size: number): { count: number; before: number } {
  const extent = (size - 1) * dilation[axis] + 1
  const count = padding === 'SAME' ? Math.ceil(input / stride[axis]) : Math.floor((input - extent) / stride[axis]) + 1
  return { count, before: padding === 'SAME' ? Math.floor(Math.max(0, (count - 1) * stride[axis] + extent - input) / 2) : 0 }
}

/** Filter [O, h, w, C / groups]; depthwise [1, h, w, O] with a group for each channel. */
function direct(x: Tensor<'float32'>, filter: Tensor<'float32'>, window: Window, depthwise: boolean): { shape: number[]; data: number[] } {
  const [N, H, W, C] = x.shape as [number, number, number, number]
  const [first, h, w, last] = filter.shape as [number, number, number, number]
  const filters = depthwise ? last : first
  const depth = depthwise ? 1 : last
  const perGroup = filters / (C / depth)
  const [rows, columns] = [placed(window, 0, H, h), placed(window, 1, W, w)]
  const data: number[] = []
  for (let n = 0; n < N; n++)
    for (let oy = 0; oy < rows.count; oy++)
      for (let ox = 0; ox < columns.count; ox++)
        for (let f = 0; f < filters; f++) {
          let sum = 0
          for (let ky = 0; ky < h; ky++)
            for (let kx = 0; kx < w; kx++) {
              const y = oy * window.stride[0] - rows.before + ky * window.dilation[0]
              const column = ox * window.stride[1] - columns.before + kx * window.dilation[1]
              if (y < 0 || y >= H || column < 0 || column >= W) continue
              for (let c = 0; c < depth; c++) {
                const channel = Math.floor(f / perGroup) * depth + c
                const weight = depthwise ? filter.data[(ky * w + kx) * filters + f]! : filter.data[((f * h + ky) * w + kx) * depth + c]!
                sum += x.data[((n * H + y) * W + column) * C + channel]! * weight
              }
            }
          data.push(sum)
        }
  return { shape: [N, rows.count, columns.count, filters], data }
}

const optionsOf = (table: string, { padding, stride, dilation }: Window): [string, Plain] => [
  table,
  { padding, stride_h: stride[0], stride_w: stride[1], dilation_h_factor: dilation[0], dilation_w_factor: dilation[1] },
]

const WINDOWS: Window[] = [
  { padding: 'SAME', stride: [1, 1], dilation: [1, 1] },
  { padding: 'SAME', stride: [2, 3], dilation: [1, 1] },
  { padding: 'VALID', stride: [2, 1], dilation: [1, 1] },
  { padding: 'SAME', stride: [1, 1], dilation: [2, 3] },
  { padding: 'SAME', stride: [2, 2], dilation: [2, 1] },
]

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  const x = randomTensor([2, 7, 8, 4], 1)
  const bias = randomTensor([6], 3)
  const withBias = (data: number[]): number[] => data.map((sum, i) => sum + bias.data[i % 6]!)

  it.each(WINDOWS)('CONV_2D %o', async (window) => {
    const filter = randomTensor([6, 3, 2, 4], 2)
    const want = direct(x, filter, window, false)
    const [got] = await compute('CONV_2D', [x, filter, bias], [{}], optionsOf('Conv2DOptions', window), { backend })
    expect(got!.shape).toEqual(want.shape)
    expect(error(got!, withBias(want.data))).toBeLessThan(LIMIT)
  })

  it('CONV_2D in groups', async () => {
    const filter = randomTensor([6, 3, 2, 2], 2)
    const want = direct(x, filter, WINDOWS[0]!, false)
    const [got] = await compute('CONV_2D', [x, filter, bias], [{}], optionsOf('Conv2DOptions', WINDOWS[0]!), { backend })
    expect(error(got!, withBias(want.data))).toBeLessThan(LIMIT)
  })

  it.each(WINDOWS)('DEPTHWISE_CONV_2D %o', async (window) => {
    const filter = randomTensor([1, 3, 2, 8], 2)
    const want = direct(x, filter, window, true)
    const [table, options] = optionsOf('DepthwiseConv2DOptions', window)
    const [got] = await compute('DEPTHWISE_CONV_2D', [x, filter], [{}], [table, { ...options, depth_multiplier: 2 }], { backend })
    expect(got!.shape).toEqual(want.shape)
    expect(error(got!, want.data)).toBeLessThan(LIMIT)
  })

  it.each(['SAME', 'VALID'] as const)('TRANSPOSE_CONV with padding %s undoes the places of a convolution', async (padding) => {
    const window: Window = { padding, stride: [2, 2], dilation: [1, 1] }
    const filter = randomTensor([4, 3, 2, 6], 2)
    // its result is the gradient of the convolution: <conv(x), y> = <x, transposed(y)>
    const forward = direct(x, float32([6, 3, 2, 4], transposedFilter(filter)), window, false)
    const y = randomTensor(forward.shape, 5)
    const [got] = await compute(
      'TRANSPOSE_CONV',
      [int32([4], x.shape), filter, y],
      [{}],
      ['TransposeConvOptions', { padding, stride_h: 2, stride_w: 2 }],
      { backend },
    )
    expect(got!.shape).toEqual(x.shape)
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0)
    expect(dot(got!.data as Float32Array, x.data)).toBeCloseTo(dot(forward.data, y.data), 3)
  })

  it('CONV_3D as a sum of convolutions', async () => {
    const volume = randomTensor([1, 3, 5, 4, 2], 6)
    const filter = randomTensor([2, 3, 2, 2, 3], 7)
    const window: Window = { padding: 'VALID', stride: [1, 1], dilation: [1, 1] }
    const plane = (depth: number): Tensor<'float32'> => float32([1, 5, 4, 2], volume.data.subarray(depth * 40, (depth + 1) * 40))
    const layer = (depth: number): Tensor<'float32'> => {
      // [h, w, C, O] to [O, h, w, C]
      const part = filter.data.subarray(depth * 36, (depth + 1) * 36)
      return float32(
        [3, 3, 2, 2],
        Array.from({ length: 36 }, (_, i) => part[(i % 12) * 3 + Math.floor(i / 12)]!),
      )
    }
    const want = [0, 1].flatMap((d) => {
      const [a, b] = [direct(plane(d), layer(0), window, false).data, direct(plane(d + 1), layer(1), window, false).data]
      return a.map((sum, i) => sum + b[i]!)
    })
    const [got] = await compute(
      'CONV_3D',
      [volume, filter],
      [{}],
      ['Conv3DOptions', { padding: 'VALID', stride_d: 1, stride_h: 1, stride_w: 1 }],
      { backend },
    )
    expect(got!.shape).toEqual([1, 2, 3, 3, 3])
    expect(error(got!, want)).toBeLessThan(LIMIT)
  })

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('BATCH_MATMUL adj_x %s adj_y %s, batches broadcast', async (adjX, adjY) => {
    const [m, k, n] = [2, 3, 4]
    const a = randomTensor(adjX ? [2, 1, k, m] : [2, 1, m, k], 8)
    const b = randomTensor(adjY ? [3, n, k] : [3, k, n], 9)
    const want: number[] = []
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++)
        for (let r = 0; r < m; r++)
          for (let c = 0; c < n; c++) {
            let sum = 0
            for (let t = 0; t < k; t++)
              sum += a.data[i * m * k + (adjX ? t * m + r : r * k + t)]! * b.data[j * k * n + (adjY ? c * k + t : t * n + c)]!
            want.push(sum)
          }
    const [got] = await compute('BATCH_MATMUL', [a, b], [{}], ['BatchMatMulOptions', { adj_x: adjX, adj_y: adjY }], { backend })
    expect(got!.shape).toEqual([2, 3, m, n])
    expect(error(got!, want)).toBeLessThan(LIMIT)
  })

  it('FULLY_CONNECTED keeps dimensions where it is told to', async () => {
    const input = randomTensor([2, 2, 3], 10)
    const filter = randomTensor([5, 3], 11)
    const want = Array.from({ length: 20 }, (_, i) =>
      [0, 1, 2].reduce((sum, t) => sum + input.data[Math.floor(i / 5) * 3 + t]! * filter.data[(i % 5) * 3 + t]!, 0),
    )
    for (const [keep, shape] of [
      [1, [2, 2, 5]],
      [0, [4, 5]],
    ] as const) {
      const [got] = await compute('FULLY_CONNECTED', [input, filter, null], [{}], ['FullyConnectedOptions', { keep_num_dims: keep }], {
        backend,
      })
      expect(got!.shape).toEqual(shape)
      expect(error(got!, want)).toBeLessThan(LIMIT)
    }
  })
})

/** [O, h, w, C] to [C, h, w, O] */
function transposedFilter({ shape, data }: Tensor<'float32'>): number[] {
  const [O, h, w, C] = shape as [number, number, number, number]
  return Array.from({ length: sizeOf(shape) }, (_, i) => {
    const o = i % O
    const place = Math.floor(i / O) % (h * w)
    const c = Math.floor(i / (O * h * w))
    return data[(o * h * w + place) * C + c]!
  })
}
