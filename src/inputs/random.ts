/** Arrays and pictures of random numbers, as an input may hold them. */

import { roundToHalfInPlace } from '../../kernels/float16.js'
import type { Random } from '../../kernels/generator.js'
import { allocate, type DType, sizeOf, type Tensor } from '../../kernels/tensor.js'

/** Integers that an input of each dtype takes whatever it means: whole bytes, and small numbers for what may be an index. */
const INTEGERS: Partial<Record<DType, readonly [number, number]>> = {
  bool: [0, 1],
  uint1: [0, 1],
  uint2: [0, 3],
  uint3: [0, 7],
  int4: [-8, 7],
  uint8: [0, 255],
  int8: [-128, 127],
}
const SMALL = [0, 9] as const
/** float16 holds whole numbers up to here. */
const MOST_ENTRIES = 2048

/**
 * A plausible array: standard normal floats, bytes of their whole range, other integers from 0 to 9, letters for words; of an input that is
 * read as indices, whole numbers below `entries`, whatever the dtype.
 */
export function randomTensor(random: Random, dtype: DType, shape: readonly number[], entries?: number): Tensor {
  const data = allocate(dtype, sizeOf(shape)) as { [index: number]: number | bigint | string; length: number }
  const [least, most] = entries === undefined ? (INTEGERS[dtype] ?? SMALL) : [0, Math.min(entries, MOST_ENTRIES) - 1]
  const next: Partial<Record<DType, () => number | bigint | string>> = {
    float16: () => random.normal(),
    float32: () => random.normal(),
    float64: () => random.normal(),
    complex64: () => random.normal(),
    int64: () => BigInt(random.integer(least, most)),
    uint64: () => BigInt(random.integer(least, most)),
    string: () => String.fromCharCode(97 + random.integer(0, 25)),
  }
  const isWhole = entries !== undefined && !/^u?int64$|string/.test(dtype)
  const draw = (isWhole ? undefined : next[dtype]) ?? (() => random.integer(least, most))
  for (let i = 0; i < data.length; i++) data[i] = draw()
  if (dtype === 'float16') roundToHalfInPlace(data as unknown as Float32Array)
  return { dtype, shape: [...shape], data } as unknown as Tensor
}

/** uint8 [height, width, 3], or [height, width] for one channel, of uniform pixels. */
export function randomPicture(random: Random, height: number, width: number, channels: number): Tensor<'uint8'> {
  const shape = channels === 1 ? [height, width] : [height, width, channels]
  const data = new Uint8Array(sizeOf(shape))
  for (let i = 0; i < data.length; i++) data[i] = random.integer(0, 255)
  return { dtype: 'uint8', shape, data }
}
