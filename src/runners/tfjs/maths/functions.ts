/** Real functions of single elements, in double precision. */
import { erfc, roundToEven } from '../../../../kernels/special.js'

const { abs, exp, expm1, fround, log, max, min, sqrt, tanh } = Math

const GELU_SLOPE = sqrt(2 / Math.PI)

export type Unary = (x: number) => number

export const gelu: Unary = (x) => 0.5 * x * erfc(-x * Math.SQRT1_2)
export const geluByTanh: Unary = (x) => 0.5 * x * (1 + tanh(GELU_SLOPE * (x + 0.044715 * x * x * x)))

/** x where it is positive, else alpha x. */
export const leakyRelu =
  (alpha: number): Unary =>
  (x) =>
    x > 0 ? x : x * alpha

/** From here on the logistic function is taken as 1. */
const LOGISTIC_SATURATION = 16.619047164916992

/** Functions without attributes. */
export const FUNCTIONS = {
  ABS: abs,
  CEIL: Math.ceil,
  COS: Math.cos,
  ELU: (x) => (x < 0 ? expm1(x) : x),
  EXP: exp,
  FLOOR: Math.floor,
  HARD_SWISH: (x) => fround(x * min(6, max(0, x + 3))) / 6,
  LOG: log,
  LOGISTIC: (x) => (x > LOGISTIC_SATURATION ? 1 : 1 / (1 + exp(-x))),
  NEG: (x) => -x,
  RELU: (x) => (x < 0 ? 0 : x),
  RELU6: (x) => (x > 6 ? 6 : x > 0 ? x : 0),
  RELU_0_TO_1: (x) => (x > 1 ? 1 : x < 0 ? 0 : x),
  RELU_N1_TO_1: (x) => (x < -1 ? -1 : x > 1 ? 1 : x),
  ROUND: roundToEven,
  RSQRT: (x) => 1 / sqrt(x),
  SIGN: (x) => Number(x > 0) - Number(x < 0),
  SIN: Math.sin,
  SQRT: sqrt,
  SQUARE: (x) => x * x,
  TANH: tanh,
} as const satisfies { readonly [type: string]: Unary }
