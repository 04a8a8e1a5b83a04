/** Fourier transforms. Complex numbers are pairs of real and imaginary part. */
import { sizeOf, type Tensor, tensor } from '../../../../kernels/tensor.js'
import { bounded } from '../geometry/bounds.js'
import { misshapen } from '../refusals.js'

/** Transforms `count` complex numbers that lie `step` pairs apart, in place: by halves where it can, else by the definition. */
function transform(data: Float64Array, start: number, step: number, count: number): void {
  const real = new Float64Array(count)
  const imaginary = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    real[k] = data[2 * (start + k * step)]!
    imaginary[k] = data[2 * (start + k * step) + 1]!
  }
  const [re, im] = fourier(real, imaginary)
  for (let k = 0; k < count; k++) {
    data[2 * (start + k * step)] = re[k]!
    data[2 * (start + k * step) + 1] = im[k]!
  }
}

function fourier(real: Float64Array, imaginary: Float64Array): [Float64Array, Float64Array] {
  const count = real.length
  const [re, im] = [new Float64Array(count), new Float64Array(count)]
  if (count === 1) return [real, imaginary]
  if (count % 2 === 1) {
    for (let k = 0; k < count; k++) {
      for (let n = 0; n < count; n++) {
        const angle = (-2 * Math.PI * ((k * n) % count)) / count
        re[k]! += real[n]! * Math.cos(angle) - imaginary[n]! * Math.sin(angle)
        im[k]! += real[n]! * Math.sin(angle) + imaginary[n]! * Math.cos(angle)
      }
    }
    return [re, im]
  }
  const half = count / 2
  const part = (odd: number): [Float64Array, Float64Array] =>
    fourier(
      real.filter((_, n) => n % 2 === odd),
      imaginary.filter((_, n) => n % 2 === odd),
    )
  const [evenRe, evenIm] = part(0)
  const [oddRe, oddIm] = part(1)
  for (let k = 0; k < half; k++) {
    const [cosine, sine] = [Math.cos((-2 * Math.PI * k) / count), Math.sin((-2 * Math.PI * k) / count)]
    const [r, i] = [oddRe[k]! * cosine - oddIm[k]! * sine, oddRe[k]! * sine + oddIm[k]! * cosine]
    re[k] = evenRe[k]! + r
    im[k] = evenIm[k]! + i
    re[k + half] = evenRe[k]! - r
    im[k + half] = evenIm[k]! - i
  }
  return [re, im]
}

/** [..., H, W] cut or filled with zeros to the length, to [..., h, w / 2 + 1]. */
export function realFourier({ shape, data }: Tensor<'float32'>, [height, width]: readonly number[]): Tensor {
  if (shape.length < 2 || !height || !width || height < 1 || width < 1) throw misshapen('rank 2 and a length of two dimensions are needed')
  const [rows, columns] = shape.slice(-2) as [number, number]
  const outer = shape.slice(0, -2)
  const kept = Math.floor(width / 2) + 1
  const out = new Float32Array(2 * sizeOf(bounded([...outer, height, kept])))
  for (let plane = 0; plane < sizeOf(outer); plane++) {
    const work = new Float64Array(2 * height * width)
    for (let y = 0; y < Math.min(rows, height); y++) {
      for (let x = 0; x < Math.min(columns, width); x++) work[2 * (y * width + x)] = data[(plane * rows + y) * columns + x]!
    }
    for (let y = 0; y < height; y++) transform(work, y * width, 1, width)
    for (let x = 0; x < kept; x++) transform(work, x, width, height)
    for (let y = 0; y < height; y++) {
      out.set(work.subarray(2 * y * width, 2 * (y * width + kept)), 2 * (plane * height + y) * kept)
    }
  }
  return tensor('complex64', [...outer, height, kept], out)
}

/** A real tensor from the pairs of a complex one. */
export const fromPairs = ({ shape, data }: Tensor<'complex64'>, f: (real: number, imaginary: number) => number): Tensor =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: data.length / 2 }, (_, i) => f(data[2 * i]!, data[2 * i + 1]!)),
  )
