/**
 * Precision policies and compute-unit profiles: which dtype a float value is held in, how a result is brought to it, and how the numbers
 * of an op that computes in it behave. docs/precision.md says which public evidence the profiles rest on.
 */
import { type Arithmetic, PLAIN } from '../../../kernels/arithmetic.js'
import { roundToHalfInPlace } from '../../../kernels/float16.js'
import type { DType, Tensor } from '../../../kernels/tensor.js'
import type { Dialect } from '../../graph/graph.js'
import type { ComputeUnit, Precision, SessionOptions } from '../session.js'

/** What becomes of numbers below the least normal one: kept, all to zero, or each to the nearer of zero and the least normal number. */
export type Subnormals = 'kept' | 'zero' | 'nearest'

type Single = 'float32' | 'float16'

export interface Policy {
  precision: Precision
  /** The dtype in which a value of a dtype is held. */
  held(dtype: DType): DType
  /** How an op computes whose operands are held in a dtype. */
  arithmetic: { readonly [dtype in Single]: Arithmetic }
  subnormals: { readonly [dtype in Single]: Subnormals }
}

export type PolicyOptions = Pick<SessionOptions, 'precision' | 'computeUnit' | 'flushSubnormals'>

interface Unit {
  /** float16 arithmetic where it departs from IEEE's; float32 never runs on a unit that does. */
  arithmetic: Partial<Arithmetic>
  subnormals: Subnormals
  /** How a unit holds a neural network, whose file leaves that to the runtime; an ML Program's dtypes are a minimum everywhere. */
  network: Precision
}

/** Half of float16's range, beyond which sums of products have been seen to overflow. */
const HALF_RANGE = 32752

const UNITS: { readonly [unit in ComputeUnit]: Unit } = {
  cpu: { arithmetic: {}, subnormals: 'kept', network: 'authored' },
  gpu: { arithmetic: {}, subnormals: 'kept', network: 'fp16' },
  ane: { arithmetic: { productLimit: HALF_RANGE, shiftExponentials: false }, subnormals: 'nearest', network: 'fp16' },
}

const toSingle = (dtype: DType): DType => (dtype === 'float16' ? 'float32' : dtype)
const toHalf = (dtype: DType): DType => (dtype === 'float32' ? 'float16' : dtype)

const HELD: { readonly [precision in Precision]: (dtype: DType) => DType } = {
  authored: (dtype) => dtype,
  fp32: toSingle,
  fp16: toHalf,
  'fp16-accumulate': toHalf,
}

/**
 * The policy of a run. A precision that was asked for decides how floats are held; else the unit does, by what kind of model runs.
 * `flushSubnormals` holds for every float dtype.
 */
export function policyOf({ precision, computeUnit = 'cpu', flushSubnormals = false }: PolicyOptions, dialect: Dialect['name']): Policy {
  const unit = UNITS[computeUnit]
  const chosen = precision ?? (dialect === 'neuralnetwork' ? unit.network : 'authored')
  return {
    precision: chosen,
    held: HELD[chosen],
    arithmetic: {
      float32: PLAIN,
      float16: { ...PLAIN, sum: chosen === 'fp16-accumulate' ? 'float16' : 'float32', ...unit.arithmetic },
    },
    subnormals: { float32: flushSubnormals ? 'zero' : 'kept', float16: flushSubnormals ? 'zero' : unit.subnormals },
  }
}

/** How an op computes: as float16 arithmetic goes where any operand is held in it. */
export const arithmeticFor = (policy: Policy, operands: Iterable<Tensor>): Arithmetic => {
  for (const { dtype } of operands) if (dtype === 'float16') return policy.arithmetic.float16
  return policy.arithmetic.float32
}

const LEAST_NORMAL: { readonly [dtype in Single]: number } = { float32: 2 ** -126, float16: 2 ** -14 }

function flushInPlace(data: Float32Array, least: number, mode: Subnormals): void {
  const zeroUpTo = mode === 'zero' ? least : least / 2
  for (let i = 0; i < data.length; i++) {
    const magnitude = Math.abs(data[i]!)
    if (magnitude < least && magnitude !== 0) data[i] = magnitude <= zeroUpTo ? Math.sign(data[i]!) * 0 : Math.sign(data[i]!) * least
  }
}

const isSingle = (dtype: DType): dtype is Single => dtype === 'float32' || dtype === 'float16'

/**
 * Brings a tensor to the dtype in which the policy holds it. `owned` says that nobody else reads the data, so that it may be rounded in
 * place; else it is copied where rounding could change it.
 */
export function hold(value: Tensor, policy: Policy, owned: boolean): Tensor {
  const { dtype } = value
  if (!isSingle(dtype)) return value
  const held = policy.held(dtype) as Single
  const subnormals = policy.subnormals[held]
  if (held === 'float32' && subnormals === 'kept') return held === dtype ? value : ({ ...value, dtype: held } as Tensor)
  const data = (owned ? value.data : value.data.slice()) as Float32Array
  if (held === 'float16') roundToHalfInPlace(data)
  if (subnormals !== 'kept') flushInPlace(data, LEAST_NORMAL[held], subnormals)
  return { dtype: held, shape: value.shape, data }
}
