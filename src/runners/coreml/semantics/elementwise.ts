/** What the element-wise families of both dialects share: the dtypes they take, broadcasting, and the dtype of a result. */
import type { BinaryName } from '../../../../kernels/binary.js'
import { broadcastShape } from '../../../../kernels/broadcast.js'
import { cast } from '../../../../kernels/cast.js'
import { type DType, isFloat, type NumberDType, type NumberTensor, tensor } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { floorDivided } from './rounding.js'
import { allocatable } from './shapes.js'

export const FLOATS = ['float16', 'float32', 'float64'] as const satisfies readonly DType[]
export const NUMBERS = [...FLOATS, 'int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32'] as const satisfies readonly DType[]
export const LOGICALS = [...NUMBERS, 'bool'] as const satisfies readonly DType[]

/** From the widest to the narrowest: two operands of different dtypes meet in the first that either has. */
const PROMOTION: readonly NumberDType[] = ['float64', 'float32', 'float16', 'int32', 'uint32', 'int16', 'uint16', 'int8', 'uint8', 'bool']

/** The dtype in which operands are joined; ML Programs give all of them one dtype. */
export function commonDType(...operands: readonly NumberTensor[]): NumberDType {
  return PROMOTION.find((dtype) => operands.some((operand) => operand.dtype === dtype)) ?? operands[0]!.dtype
}

/** The shape to which all operands broadcast. */
export function commonShape(operands: readonly { shape: readonly number[] }[], context: Context): readonly number[] {
  const shape = broadcastShape(...operands.map((operand) => operand.shape))
  if (shape === undefined)
    context.fail(`operands have shapes ${operands.map((operand) => `[${operand.shape}]`).join(' and ')}, which do not broadcast`)
  return allocatable(shape, context)
}

/** x op y in the operands' dtype. */
export function combine(name: BinaryName, x: NumberTensor, y: NumberTensor, context: Context): NumberTensor {
  commonShape([x, y], context)
  const dtype = commonDType(x, y)
  return context.kernels.binary(name, x, y, dtype)
}

/** The greatest whole number not above x / y, in the operands' dtype. */
export function floorDivide(x: NumberTensor, y: NumberTensor, context: Context): NumberTensor {
  commonShape([x, y], context)
  return floorDivided(x, y, commonDType(x, y), context)
}

/** The truth of x op y as `dtype`. */
export function compare(name: BinaryName, x: NumberTensor, y: NumberTensor, dtype: NumberDType, context: Context): NumberTensor {
  commonShape([x, y], context)
  return context.kernels.binary(name, x, y, dtype)
}

/** All operands in one dtype. */
export function promoted(operands: readonly NumberTensor[]): NumberTensor[] {
  const dtype = commonDType(...operands)
  return operands.map((operand) => cast(operand, dtype) as NumberTensor)
}

/** A scalar in x's dtype, or float32 beside integers. */
export function scalarLike(x: NumberTensor, value: number): NumberTensor {
  const scalar = tensor(isFloat(x.dtype) ? x.dtype : 'float32', []) as NumberTensor
  scalar.data[0] = value
  return scalar
}
