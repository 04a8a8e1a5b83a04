import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../../kernels/tensor.js'
import { leastSizes } from '../../src/inputs/windows.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'

const ones = (shape: number[]): Tensor => float32(shape, new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(1))
const ints = (...data: number[]): Tensor => tensor('int32', [data.length], Int32Array.from(data))
const word = (text: string): Tensor => tensor('string', [], [text])
const TFLITE = { name: 'tflite', version: '3' } as const

const least = (nodes: NodeSketch[], dialect?: typeof TFLITE): number | undefined =>
  leastSizes(sketchModel({ x: { dtype: 'float32', shape: [1, 1, 1, 1] } }, nodes, [nodes.at(-1)!.output], dialect).graph).get('x')

const conv = (input: string, output: string, size: number, more: Record<string, Tensor> = {}): NodeSketch => ({
  type: 'conv',
  inputs: { x: input, weight: ones([1, 1, size, 1]), ...more },
  output,
})

describe('leastSizes', () => {
  it.each([
    ['a window', {}, 5],
    ['stride, which one result needs none of', { strides: ints(3, 3) }, 5],
    ['dilation', { dilations: ints(2, 2) }, 9],
    ['padding of its own', { pad_type: word('custom'), pad: ints(1, 2, 0, 0) }, 2],
    ['padding that is as large as it must be', { pad_type: word('same') }, 1],
  ])('counts %s', (_, more, expected) => {
    expect(least([conv('x', 'y', 5, more)])).toBe(expected)
  })

  it('adds up over a chain, the strides of what comes before', () => {
    const pool: NodeSketch = {
      type: 'max_pool',
      inputs: { x: 'a', kernel_sizes: ints(2, 2), strides: ints(2, 2), pad_type: word('valid') },
      output: 'b',
    }
    expect(least([conv('x', 'a', 3), pool, { type: 'relu', inputs: { x: 'b' }, output: 'r' }, conv('r', 'y', 3)])).toBe(8)
  })

  it('takes the longest of several ways', () => {
    expect(least([conv('x', 'a', 3), conv('x', 'b', 7), { type: 'add', inputs: { x: 'a', y: 'b' }, output: 'y' }])).toBe(7)
  })

  it('is 1 where nothing has a window', () => {
    expect(least([{ type: 'relu', inputs: { x: 'x' }, output: 'y' }])).toBe(1)
  })

  it('knows the attributes of TFLite', () => {
    const convolution = (padding: string): NodeSketch => ({
      type: 'CONV_2D',
      inputs: { input: 'x', filter: ones([1, 3, 5, 1]) },
      output: 'a',
      attributes: { padding, stride_h: 2, stride_w: 2, dilation_h_factor: 1, dilation_w_factor: 1 },
    })
    const pool: NodeSketch = {
      type: 'AVERAGE_POOL_2D',
      inputs: { input: 'a' },
      output: 'y',
      attributes: { padding: 'VALID', stride_h: 1, stride_w: 1, filter_height: 2, filter_width: 2 },
    }
    expect(least([convolution('VALID'), pool], TFLITE)).toBe(7)
    expect(least([convolution('SAME'), pool], TFLITE)).toBe(3)
  })
})
