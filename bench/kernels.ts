/** Speed of the reference kernels, in multiply-accumulates or elements a second: `npm run bench`, or `node dist/bench/kernels.js [NAME…]`. */
import { type Arithmetic, PLAIN } from '../kernels/arithmetic.js'
import type { ConvolutionShape } from '../kernels/convolution.js'
import { reference as kernels } from '../kernels/index.js'
import type { Tensor } from '../kernels/tensor.js'
import { machine, median, table } from './table.js'

const RUNS = 7
/** Seconds that a run takes at least: short kernels are repeated. */
const LEAST = 0.05

interface Case {
  name: string
  unit: 'MAC' | 'element'
  /** Units of one call. */
  work: number
  call(): unknown
}

/** Numbers between -1 and 1, always the same. */
function numbers(count: number): Float32Array {
  let state = 1
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state / 2 ** 31
  })
}

const float32 = (...shape: number[]): Tensor<'float32'> => ({
  dtype: 'float32',
  shape,
  data: numbers(shape.reduce((product, size) => product * size, 1)),
})

/** `size` x `size` pixels in and out, `kernel` x `kernel` taps. */
function convolution(name: string, size: number, channels: number, kernel: number, groups: number, arithmetic: Arithmetic = PLAIN): Case {
  const shape: ConvolutionShape = {
    batch: 1,
    groups,
    inputChannels: channels,
    outputChannels: channels,
    input: [1, size, size],
    kernel: [1, kernel, kernel],
    output: [1, size, size],
    stride: [1, 1, 1],
    dilation: [1, 1, 1],
    before: [0, kernel >> 1, kernel >> 1],
  }
  const terms = (channels / groups) * kernel * kernel
  const input = numbers(channels * size * size)
  const weight = numbers(channels * terms)
  return {
    name,
    unit: 'MAC',
    work: channels * size * size * terms,
    call: () => kernels.convolution(input, weight, undefined, shape, arithmetic),
  }
}

function matmul(name: string, rows: number, terms: number, columns: number): Case {
  const [a, b] = [numbers(rows * terms), numbers(terms * columns)]
  const shape = { rows, terms, columns, a: [0], b: [0] }
  return { name, unit: 'MAC', work: rows * terms * columns, call: () => kernels.matmul(a, b, shape, PLAIN) }
}

function each(name: string, x: Tensor<'float32'>, call: (x: Tensor<'float32'>) => unknown): Case {
  return { name, unit: 'element', work: x.data.length, call: () => call(x) }
}

const CHANNELS = 64
const row = float32(CHANNELS, 1, 1)

const CASES: readonly Case[] = [
  convolution('convolution 1x1, 128 channels, 28x28', 28, 128, 1, 1),
  convolution('convolution 3x3, 64 channels, 28x28', 28, 64, 3, 1),
  convolution('convolution 3x3 depthwise, 128 channels, 56x56', 56, 128, 3, 128),
  convolution('convolution 3x3, 64 channels, 14x14, sums in float16', 14, 64, 3, 1, { ...PLAIN, sum: 'float16' }),
  matmul('matmul 256x256x256', 256, 256, 256),
  matmul('matmul 1x1024x1024', 1, 1024, 1024),
  each('add', float32(CHANNELS, 56, 56), (x) => kernels.binary('add', x, x, 'float32')),
  each('add, broadcast', float32(CHANNELS, 56, 56), (x) => kernels.binary('add', x, row, 'float32')),
  each('relu', float32(CHANNELS, 56, 56), (x) => kernels.unary('relu', x)),
  each('exp', float32(CHANNELS, 56, 56), (x) => kernels.unary('exp', x)),
  each('tanh', float32(CHANNELS, 56, 56), (x) => kernels.unary('tanh', x)),
  each('softmax, last axis of 1000', float32(200, 1000), (x) => kernels.softmax(x, 1, PLAIN)),
  each('softmax, first axis of 64', float32(CHANNELS, 56, 56), (x) => kernels.softmax(x, 0, PLAIN)),
  each('sum, last axes', float32(CHANNELS, 56, 56), (x) => kernels.reduce('sum', x, [1, 2], PLAIN)),
]

/** Units a second: median, smallest and largest of the runs. */
function measure({ work, call }: Case): number[] {
  const seconds = (calls: number): number => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) call()
    return (performance.now() - start) / 1000
  }
  let calls = 1
  while (seconds(calls) < LEAST) calls *= 2
  const speeds = Array.from({ length: RUNS }, () => (work * calls) / seconds(calls))
  return [median(speeds), Math.min(...speeds), Math.max(...speeds)]
}

const wanted = process.argv.slice(2)
const rows = CASES.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part))).map((one) => [
  one.name,
  ...measure(one).map((speed) => (speed / 1e6).toFixed(0)),
  `M ${one.unit}/s`,
])
console.log(`${machine()}\n\n${table(['reference kernel, one thread', 'median', 'least', 'most', ''], rows)}\n`)
