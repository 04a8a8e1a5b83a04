/** Conversion between dtypes. Floats are cut off at the point; integers keep their low bits; a complex number is its real part. */
import { roundToHalf } from '../../../../kernels/float16.js'
import { allocate, type DType, sizeOf, type Tensor } from '../../../../kernels/tensor.js'

const FLOATS = new Set<DType>(['float16', 'float32', 'float64', 'complex64'])

/** Bounds of the integer dtypes up to 32 bits, to which floats are cut. */
const RANGES: { readonly [D in DType]?: readonly [number, number] } = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
}

/** How a number becomes an element of `dtype`. */
function converter(from: DType, to: DType): (x: number | bigint) => number | bigint {
  if (to === 'bool') return (x) => (Number(x) !== 0 ? 1 : 0)
  if (to === 'float16') return (x) => roundToHalf(Math.fround(Number(x)))
  if (FLOATS.has(to)) return Number
  if (to === 'int64' || to === 'uint64') {
    const bound = 2 ** 63
    return (x) => {
      if (typeof x === 'bigint') return x
      if (Number.isNaN(x) || x >= bound) return 2n ** 63n - 1n
      return x <= -bound ? -(2n ** 63n) : BigInt(Math.trunc(x))
    }
  }
  const range = RANGES[to]
  if (FLOATS.has(from) && range) {
    const [least, most] = range
    return (x) => (Number.isNaN(x) ? most : Math.min(most, Math.max(least, Math.trunc(Number(x)))))
  }
  return (x) => (typeof x === 'bigint' ? Number(BigInt.asIntN(32, x)) : x)
}

export function cast({ dtype: from, shape, data }: Tensor, to: DType): Tensor {
  const convert = converter(from, to)
  const out = allocate(to, sizeOf(shape)) as { [index: number]: number | bigint }
  const [fromStep, toStep] = [from === 'complex64' ? 2 : 1, to === 'complex64' ? 2 : 1]
  for (let i = 0; i < sizeOf(shape); i++) out[i * toStep] = convert(data[i * fromStep] as number | bigint)
  if (from === 'complex64' && to === 'complex64') (out as unknown as Float32Array).set(data as Float32Array)
  return { dtype: to, shape: [...shape], data: out } as Tensor
}
