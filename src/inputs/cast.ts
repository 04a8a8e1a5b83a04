/** Samples in the dtype of their input. What would lose a value, other than by rounding a float, is refused. */
import { roundToHalfInPlace } from '../../kernels/float16.js'
import { allocate, type DType, isFloat, sizeOf, type Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'

/** What an array is about, where inputs are told apart: numbers, whole numbers, truth values, words. */
export type DTypeClass = 'float' | 'integer' | 'bool' | 'string' | 'complex'

export function classOf(dtype: DType): DTypeClass {
  if (isFloat(dtype)) return 'float'
  if (dtype === 'bool' || dtype === 'string') return dtype
  return dtype === 'complex64' ? 'complex' : 'integer'
}

const bits = (count: number, signed: boolean): readonly [bigint, bigint] =>
  signed ? [-(1n << BigInt(count - 1)), (1n << BigInt(count - 1)) - 1n] : [0n, (1n << BigInt(count)) - 1n]

const RANGES: Partial<Record<DType, readonly [bigint, bigint]>> = {
  ...Object.fromEntries([4, 8, 16, 32, 64].map((count) => [`int${count}`, bits(count, true)])),
  ...Object.fromEntries([1, 2, 3, 4, 6, 8, 16, 32, 64].map((count) => [`uint${count}`, bits(count, false)])),
  bool: [0n, 1n],
}

/** Whether arrays of one dtype can be fed to an input of another, their values permitting. */
export function isCastable(from: DType, to: DType): boolean {
  const [a, b] = [classOf(from), classOf(to)]
  return a === b || (a !== 'string' && b !== 'string' && a !== 'complex' && b !== 'complex')
}

/**
 * The same numbers as `dtype`: floats are rounded to nearest, integers and bools must be representable.
 * @throws ParityError INPUT_DTYPE for words and numbers taken for each other, fractions and NaN for an integer, integers out of range.
 */
export function castTensor(value: Tensor, dtype: DType, where: string): Tensor {
  if (value.dtype === dtype) return value
  if (!isCastable(value.dtype, dtype)) throw refusal(`holds ${value.dtype}, the input takes ${dtype}`, where)
  const data = value.data as ArrayLike<number | bigint>
  const out = allocate(dtype, sizeOf(value.shape)) as { [index: number]: number | bigint; length: number }
  const range = RANGES[dtype]
  if (!range) {
    for (let i = 0; i < out.length; i++) out[i] = Number(data[i])
    if (dtype === 'float16') roundToHalfInPlace(out as Float32Array)
  } else {
    const [least, most] = range
    const wide = dtype === 'int64' || dtype === 'uint64'
    for (let i = 0; i < out.length; i++) {
      const number = data[i]!
      if (typeof number === 'number' && !Number.isInteger(number))
        throw refusal(`holds ${number} at element ${i}, the input takes whole numbers (${dtype})`, where)
      if (number < least || number > most) throw refusal(`holds ${number} at element ${i}, beyond ${dtype}'s ${least} to ${most}`, where)
      out[i] = wide ? BigInt(number) : Number(number)
    }
  }
  return { dtype, shape: value.shape, data: out } as unknown as Tensor
}

const refusal = (what: string, where: string): ParityError =>
  new ParityError('INPUT_DTYPE', { what: `the array ${what}`, where, remedy: 'Save the sample in the dtype of the input' })
