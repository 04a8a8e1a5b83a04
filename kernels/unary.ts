/**
 * Functions of one element. Each is computed in double precision and rounded once, when it is stored; a float16 result is rounded to
 * binary16 by whoever holds it. NaN stays NaN. On integers the result is cut to the dtype as two's complement.
 *
 * Every entry has its own loop, since a loop that is shared by many functions calls them through a pointer and boxes each number.
 */
import { erf, erfc, power, roundToEven, softplus } from './special.js'
import { allocate, type NumberArray, type NumberTensor, sizeOf } from './tensor.js'

/** Fills y[i] for from <= i < to with the function of x[i]. */
type Loop = (x: NumberArray, y: NumberArray, from: number, to: number, alpha: number, beta: number) => void

const ROOT_HALF = Math.SQRT1_2
const ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI)

const LOOPS = {
  abs: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.abs(x[i]!)
  },
  acos: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.acos(x[i]!)
  },
  acosh: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.acosh(x[i]!)
  },
  asin: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.asin(x[i]!)
  },
  asinh: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.asinh(x[i]!)
  },
  atan: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.atan(x[i]!)
  },
  atanh: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.atanh(x[i]!)
  },
  ceil: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.ceil(x[i]!)
  },
  /** min(max(x, alpha), beta) */
  clip: (x, y, i, n, alpha, beta) => {
    for (; i < n; i++) y[i] = Math.min(Math.max(x[i]!, alpha), beta)
  },
  /** x or alpha x below zero, at most beta */
  clampedRelu: (x, y, i, n, alpha, beta) => {
    for (; i < n; i++) {
      const v = x[i]!
      y[i] = Math.min(v >= 0 ? v : alpha * v, beta)
    }
  },
  cos: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.cos(x[i]!)
  },
  cosh: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.cosh(x[i]!)
  },
  /** x, or alpha (e^x - 1) below zero */
  elu: (x, y, i, n, alpha) => {
    for (; i < n; i++) {
      const v = x[i]!
      y[i] = v >= 0 ? v : alpha * Math.expm1(v)
    }
  },
  erf: (x, y, i, n) => {
    for (; i < n; i++) y[i] = erf(x[i]!)
  },
  exp: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.exp(x[i]!)
  },
  /** e^(alpha x) */
  expScaled: (x, y, i, n, alpha) => {
    for (; i < n; i++) y[i] = Math.exp(alpha * x[i]!)
  },
  exp2: (x, y, i, n) => {
    for (; i < n; i++) y[i] = 2 ** x[i]!
  },
  floor: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.floor(x[i]!)
  },
  /** x times the normal distribution's cumulative function of x; 0 at -Infinity */
  gelu: (x, y, i, n) => {
    for (; i < n; i++) {
      const v = x[i]!
      const share = 0.5 * erfc(-v * ROOT_HALF)
      y[i] = share === 0 ? 0 : v * share
    }
  },
  /** x sigmoid(1.702 x) */
  geluSigmoid: (x, y, i, n) => {
    for (; i < n; i++) {
      const v = x[i]!
      const share = 1 / (1 + Math.exp(-1.702 * v))
      y[i] = share === 0 ? 0 : v * share
    }
  },
  /** 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), its half of 1 + tanh written as a sigmoid, which does not cancel */
  geluTanh: (x, y, i, n) => {
    for (; i < n; i++) {
      const v = x[i]!
      const share = 1 / (1 + Math.exp(-2 * ROOT_TWO_OVER_PI * (v + 0.044715 * v * v * v)))
      y[i] = share === 0 ? 0 : v * share
    }
  },
  /** 1 / (x + alpha) */
  inverse: (x, y, i, n, alpha) => {
    for (; i < n; i++) y[i] = 1 / (x[i]! + alpha)
  },
  /** x, or alpha x below zero */
  leakyRelu: (x, y, i, n, alpha) => {
    for (; i < n; i++) {
      const v = x[i]!
      y[i] = v >= 0 ? v : alpha * v
    }
  },
  /** alpha x + beta */
  linear: (x, y, i, n, alpha, beta) => {
    for (; i < n; i++) y[i] = alpha * x[i]! + beta
  },
  /** log(x + alpha) */
  log: (x, y, i, n, alpha) => {
    for (; i < n; i++) y[i] = Math.log(x[i]! + alpha)
  },
  /** alpha log x */
  logScaled: (x, y, i, n, alpha) => {
    for (; i < n; i++) y[i] = alpha * Math.log(x[i]!)
  },
  /** 1 where x is 0, else 0 */
  logicalNot: (x, y, i, n) => {
    for (; i < n; i++) y[i] = x[i] === 0 ? 1 : 0
  },
  /** x to the power alpha */
  power: (x, y, i, n, alpha) => {
    for (; i < n; i++) y[i] = power(x[i]!, alpha)
  },
  relu: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.max(x[i]!, 0)
  },
  /** The nearest integer, ties to even */
  round: (x, y, i, n) => {
    for (; i < n; i++) y[i] = roundToEven(x[i]!)
  },
  /** 1 / sqrt(x + alpha) */
  rsqrt: (x, y, i, n, alpha) => {
    for (; i < n; i++) y[i] = 1 / Math.sqrt(x[i]! + alpha)
  },
  /** alpha tanh(beta x) */
  scaledTanh: (x, y, i, n, alpha, beta) => {
    for (; i < n; i++) y[i] = alpha * Math.tanh(beta * x[i]!)
  },
  sigmoid: (x, y, i, n) => {
    for (; i < n; i++) y[i] = 1 / (1 + Math.exp(-x[i]!))
  },
  /** alpha x + beta, between 0 and 1 */
  sigmoidHard: (x, y, i, n, alpha, beta) => {
    for (; i < n; i++) y[i] = Math.min(Math.max(alpha * x[i]! + beta, 0), 1)
  },
  sign: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.sign(x[i]!)
  },
  /** x sigmoid(x); 0 at -Infinity */
  silu: (x, y, i, n) => {
    for (; i < n; i++) {
      const v = x[i]!
      const share = 1 / (1 + Math.exp(-v))
      y[i] = share === 0 ? 0 : v * share
    }
  },
  sin: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.sin(x[i]!)
  },
  sinh: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.sinh(x[i]!)
  },
  /** alpha log(1 + e^(beta x)) */
  softplus: (x, y, i, n, alpha, beta) => {
    for (; i < n; i++) y[i] = alpha * softplus(beta * x[i]!)
  },
  /** x / (1 + |x|) */
  softsign: (x, y, i, n) => {
    for (; i < n; i++) {
      const v = x[i]!
      y[i] = v / (1 + Math.abs(v))
    }
  },
  sqrt: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.sqrt(x[i]!)
  },
  square: (x, y, i, n) => {
    for (; i < n; i++) {
      const v = x[i]!
      y[i] = v * v
    }
  },
  tan: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.tan(x[i]!)
  },
  tanh: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.tanh(x[i]!)
  },
  /** max(x, alpha) */
  threshold: (x, y, i, n, alpha) => {
    for (; i < n; i++) y[i] = Math.max(x[i]!, alpha)
  },
  /** x, or 0 below alpha */
  thresholdedRelu: (x, y, i, n, alpha) => {
    for (; i < n; i++) {
      const v = x[i]!
      y[i] = v < alpha ? 0 : v
    }
  },
} satisfies Record<string, Loop>

export type UnaryName = keyof typeof LOOPS

const INTEGER_LOOPS: { readonly [name in UnaryName]?: Loop } = {
  square: (x, y, i, n) => {
    for (; i < n; i++) y[i] = Math.imul(x[i]!, x[i]!)
  },
}

const loopOf = (name: UnaryName, x: NumberTensor): Loop => (/^u?int/.test(x.dtype) && INTEGER_LOOPS[name]) || LOOPS[name]

/** The function of every element; shape and dtype stay. `alpha` and `beta` are the constants that the function's description names. */
export function unary<T extends NumberTensor>(name: UnaryName, x: T, alpha = 0, beta = 0): T {
  const y = allocate(x.dtype, x.data.length) as NumberArray
  loopOf(name, x)(x.data, y, 0, y.length, alpha, beta)
  return { ...x, data: y }
}

/** The same with constants of their own for every index of `axis`: `alpha` and `beta` have as many elements as that axis, or one. */
export function unaryPerChannel<T extends NumberTensor>(
  name: UnaryName,
  x: T,
  axis: number,
  alpha: ArrayLike<number>,
  beta: ArrayLike<number> = [0],
): T {
  const y = allocate(x.dtype, x.data.length) as NumberArray
  const loop = loopOf(name, x)
  const channels = x.shape[axis]!
  const run = sizeOf(x.shape.slice(axis + 1))
  for (let from = 0, channel = 0; from < y.length; from += run, channel++) {
    if (channel === channels) channel = 0
    loop(x.data, y, from, from + run, alpha[alpha.length === 1 ? 0 : channel]!, beta[beta.length === 1 ? 0 : channel]!)
  }
  return { ...x, data: y }
}
