/** MIL's types: tensors, and the lists, tuples, dictionaries and states that are made of them. */

import type { DType } from '../../../kernels/tensor.js'
import { enumName, integer, type MIL_Dimension, type MIL_TensorType, type MIL_ValueType } from '../../../proto/coreml/reader.js'
import { ParityError } from '../../graph/errors.js'
import type { Dimension, Value } from '../../graph/graph.js'
import { storageOf } from './numbers.js'

/** MIL's name of a tensor's data type: 'FLOAT16'. */
export function dataTypeOf(type: MIL_TensorType): string {
  const name = enumName('CoreML.MIL.DataType', type.dataType)
  if (!name || name === 'UNUSED_TYPE')
    throw new ParityError('UNSUPPORTED_DTYPE', { what: `Data type number ${type.dataType} is not known` })
  return name
}

const dtypeOf = (type: MIL_TensorType): DType => {
  const name = dataTypeOf(type)
  return name === 'STRING' ? 'string' : storageOf(name).dtype
}

const sizeOfDimension = ({ constant }: MIL_Dimension): Dimension => (constant ? integer(constant.size) : null)

/** Dimensions of a tensor; null where the rank is unknown. */
function shapeOf(type: MIL_TensorType): Dimension[] | null {
  if (integer(type.rank) < 0 || type.dimensions.some(({ unknown }) => unknown?.variadic)) return null
  return type.dimensions.map(sizeOfDimension)
}

/** What is known of a value before a run: a state is what it wraps; a list or dictionary has neither dtype nor shape. */
export function describe(name: string, type: MIL_ValueType | null): Value {
  if (type?.type === 'stateType') return describe(name, type.stateType?.wrappedType ?? null)
  if (type?.type !== 'tensorType' || !type.tensorType) return { name, dtype: null, shape: null }
  return { name, dtype: dtypeOf(type.tensorType), shape: shapeOf(type.tensorType) }
}

/** Shape of a constant tensor, every dimension of which is known. */
export function constantShapeOf(type: MIL_TensorType): number[] {
  const shape = shapeOf(type)
  if (!shape?.every((dimension) => dimension !== null)) throw new ParityError('MODEL_BROKEN', { what: 'A constant has an unknown shape' })
  return shape
}
