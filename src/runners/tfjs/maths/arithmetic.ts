/** Functions of two elements. Integers wrap; division by an integer zero is an error. */
import { power } from '../../../../kernels/special.js'
import { ParityError } from '../../../graph/errors.js'

const { floor, fround, imul, trunc } = Math

/** A function of two elements, by kind of dtype. */
export interface Binary {
  float?: (a: number, b: number) => number
  /** On int8 to int32 and uint32; the result wraps where it is stored. */
  integer?: (a: number, b: number) => number
  big?: (a: bigint, b: bigint) => bigint
}

function divisor<T extends number | bigint>(b: T): T {
  if (b === 0 || b === 0n) throw new ParityError('MODEL_DIVISION', { what: 'Division of an integer by 0', remedy: 'Check the inputs' })
  return b
}

const floorMod = (a: number, b: number): number => {
  const rest = a % b
  return rest !== 0 && b < 0 !== rest < 0 ? rest + b : rest
}

const bigFloorMod = (a: bigint, b: bigint): bigint => {
  const rest = a % divisor(b)
  return rest !== 0n && b < 0n !== rest < 0n ? rest + b : rest
}

function integerPower(base: number, exponent: number): number {
  let result = 1
  for (let square = base, rest = exponent; rest > 0; rest = floor(rest / 2), square = imul(square, square)) {
    if (rest % 2 === 1) result = imul(result, square)
  }
  return result
}

const larger = <T extends number | bigint>(a: T, b: T): T => (a > b ? a : b)
const smaller = <T extends number | bigint>(a: T, b: T): T => (a < b ? a : b)

export const BINARY = {
  ADD: { float: (a, b) => a + b, integer: (a, b) => a + b, big: (a, b) => a + b },
  BITWISE_XOR: { integer: (a, b) => a ^ b, big: (a, b) => a ^ b },
  DIV: { float: (a, b) => a / b, integer: (a, b) => trunc(a / divisor(b)), big: (a, b) => a / divisor(b) },
  FLOOR_DIV: {
    float: (a, b) => floor(fround(a / b)),
    integer: (a, b) => floor(a / divisor(b)),
    big: (a, b) => (a - bigFloorMod(a, b)) / b,
  },
  FLOOR_MOD: { float: floorMod, integer: (a, b) => floorMod(a, divisor(b)), big: bigFloorMod },
  MAXIMUM: { float: larger, integer: larger, big: larger },
  MINIMUM: { float: smaller, integer: smaller, big: smaller },
  MUL: { float: (a, b) => a * b, integer: imul, big: (a, b) => a * b },
  POW: { float: power, integer: integerPower },
  SQUARED_DIFFERENCE: { float: (a, b) => fround(a - b) ** 2, integer: (a, b) => imul(a - b, a - b) },
  SUB: { float: (a, b) => a - b, integer: (a, b) => a - b, big: (a, b) => a - b },
} as const satisfies { readonly [type: string]: Binary }
