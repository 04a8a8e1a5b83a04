import { describe, expect, it } from 'vitest'
import { type Arithmetic, PLAIN } from '../../kernels/arithmetic.js'
import { type ConvolutionShape, convolution, type Spatial, transposedConvolution } from '../../kernels/convolution.js'
import { roundToHalf } from '../../kernels/float16.js'
import { sizeOf } from '../../kernels/tensor.js'
import { halves, singles, whole } from '../support/numbers.js'

const { fround } = Math
const HALF: Arithmetic = { ...PLAIN, sum: 'float16' }

interface Sketch extends Omit<ConvolutionShape, 'output' | 'dilation' | 'before' | 'stride'> {
  stride?: Spatial
  dilation?: Spatial
  before?: Spatial
  after?: Spatial
}

function shapeOf({ stride = [1, 1, 1], dilation = [1, 1, 1], before = [0, 0, 0], after = [0, 0, 0], ...rest }: Sketch): ConvolutionShape {
  const output = rest.input.map((size, axis) => {
    const room = size + before[axis]! + after[axis]! - (rest.kernel[axis]! - 1) * dilation[axis]! - 1
    return Math.floor(room / stride[axis]!) + 1
  })
  return { ...rest, stride, dilation, before, output: output as unknown as Spatial }
}

/** The sum as it is written down, one term after the other; padding is left out. */
function plainly(input: Float32Array, weight: Float32Array, shape: ConvolutionShape, add: (sum: number, product: number) => number) {
  const { batch, groups, inputChannels, outputChannels, input: size, kernel, output, stride, dilation, before } = shape
  const channels = inputChannels / groups
  const out: number[] = []
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputChannels; o++) {
      const first = Math.floor(o / (outputChannels / groups)) * channels
      for (let at = 0; at < sizeOf(output); at++) {
        const place = [Math.floor(at / output[2] / output[1]), Math.floor(at / output[2]) % output[1], at % output[2]]
        let sum = 0
        let tap = o * channels * sizeOf(kernel)
        for (let c = 0; c < channels; c++) {
          for (let k = 0; k < sizeOf(kernel); k++, tap++) {
            const offset = [Math.floor(k / kernel[2] / kernel[1]), Math.floor(k / kernel[2]) % kernel[1], k % kernel[2]]
            const [z, y, x] = place.map((p, axis) => p * stride[axis]! + offset[axis]! * dilation[axis]! - before[axis]!) as [
              number,
              number,
              number,
            ]
            if (z < 0 || z >= size[0] || y < 0 || y >= size[1] || x < 0 || x >= size[2]) continue
            sum = add(sum, fround(weight[tap]! * input[(((n * inputChannels + first + c) * size[0] + z) * size[1] + y) * size[2] + x]!))
          }
        }
        out.push(sum)
      }
    }
  }
  return Float32Array.from(out)
}

const SKETCHES: Record<string, Sketch> = {
  pointwise: { batch: 2, groups: 1, inputChannels: 5, outputChannels: 6, input: [1, 5, 7], kernel: [1, 1, 1] },
  'pointwise of one place': { batch: 1, groups: 1, inputChannels: 9, outputChannels: 7, input: [1, 1, 1], kernel: [1, 1, 1] },
  'few channels and places': { batch: 1, groups: 1, inputChannels: 3, outputChannels: 2, input: [1, 1, 3], kernel: [1, 1, 1] },
  depthwise: {
    batch: 2,
    groups: 3,
    inputChannels: 3,
    outputChannels: 3,
    input: [1, 6, 5],
    kernel: [1, 3, 3],
    before: [0, 1, 1],
    after: [0, 1, 1],
  },
  'depthwise with a multiplier, of few places': {
    batch: 1,
    groups: 2,
    inputChannels: 2,
    outputChannels: 6,
    input: [1, 2, 4],
    kernel: [1, 2, 3],
  },
  general: {
    batch: 2,
    groups: 2,
    inputChannels: 4,
    outputChannels: 10,
    input: [3, 8, 9],
    kernel: [2, 3, 2],
    stride: [1, 2, 1],
    dilation: [1, 2, 3],
    before: [1, 0, 2],
    after: [0, 2, 1],
  },
  'more places than a block': { batch: 1, groups: 1, inputChannels: 2, outputChannels: 4, input: [1, 9, 11], kernel: [1, 2, 2] },
}

describe('convolution', () => {
  for (const [name, sketch] of Object.entries(SKETCHES)) {
    const shape = shapeOf(sketch)
    const inputs = shape.batch * shape.inputChannels * sizeOf(shape.input)
    const weights = (shape.outputChannels * shape.inputChannels * sizeOf(shape.kernel)) / shape.groups
    it(`sums in the stated order, bit for bit: ${name}`, () => {
      const [x, w] = [singles(inputs, 1), singles(weights, 2)]
      expect(convolution(x, w, undefined, shape, PLAIN)).toEqual(plainly(x, w, shape, (sum, product) => fround(sum + product)))
    })
    it(`rounds each step to binary16 when asked: ${name}`, () => {
      const [x, w] = [halves(inputs, 3), halves(weights, 4)]
      const expected = plainly(x, w, shape, (sum, product) => roundToHalf(fround(sum + product)))
      expect(convolution(x, w, undefined, shape, HALF)).toEqual(expected)
    })
    it(`has its transpose as adjoint: ${name}`, () => {
      const back = {
        ...shape,
        inputChannels: shape.outputChannels,
        outputChannels: shape.inputChannels,
        input: shape.output,
        output: shape.input,
      }
      const outputs = shape.batch * shape.outputChannels * sizeOf(shape.output)
      const [x, y, w] = [whole(inputs, 5), whole(outputs, 6), whole(weights, 7)]
      const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
      expect(dot(convolution(x, w, undefined, shape, PLAIN), y)).toBe(dot(x, transposedConvolution(y, w, undefined, back, PLAIN)))
    })
  }
  it('gives the bias alone for a batch of nothing, and for a kernel of zeros', () => {
    const shape = shapeOf({ batch: 0, groups: 1, inputChannels: 2, outputChannels: 3, input: [1, 2, 2], kernel: [1, 1, 1] })
    expect(convolution(new Float32Array(0), singles(6, 1), singles(3, 2), shape, PLAIN)).toEqual(new Float32Array(0))
    expect(convolution(singles(8, 1), new Float32Array(6), Float32Array.of(1, 2, 3), { ...shape, batch: 1 }, PLAIN)).toEqual(
      Float32Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3),
    )
  })
  it('makes sums beyond the limit infinite before the bias is added', () => {
    const limited = { ...PLAIN, productLimit: 100 }
    const input = Float32Array.of(101, -101, 100)
    const shape = shapeOf({ batch: 1, groups: 1, inputChannels: 1, outputChannels: 1, input: [1, 1, 3], kernel: [1, 1, 1] })
    expect([...convolution(input, Float32Array.of(1), Float32Array.of(50), shape, limited)]).toEqual([Infinity, -Infinity, 150])
    const wide = { ...shape, inputChannels: 2 }
    const both = Float32Array.of(...input, 0, 0, 0)
    expect([...convolution(both, Float32Array.of(1, 1), undefined, wide, limited)]).toEqual([Infinity, -Infinity, 100])
  })
  it('keeps NaN and infinities where they are', () => {
    const shape = shapeOf({ batch: 1, groups: 1, inputChannels: 1, outputChannels: 1, input: [1, 1, 5], kernel: [1, 1, 2] })
    expect([...convolution(Float32Array.of(1, NaN, 1, Infinity, -Infinity), Float32Array.of(1, 1), undefined, shape, PLAIN)]).toEqual([
      NaN,
      NaN,
      Infinity,
      NaN,
    ])
  })
})
