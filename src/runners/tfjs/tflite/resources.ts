/** Variables and tables behind handles. A handle is a string that names what it stands for; it lives as long as a run. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { allocate, tensor } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { anyRow } from '../operator.js'
import { integerTensor } from './axes.js'

const handle = (key: string): Tensor => tensor('string', [], [key])

const keyOf = (op: Operator): string => op.inputOf(0, 'string').data[0]!

const variableHandle: Kernel = (op) => handle(`variable ${op.text('container')}/${op.text('shared_name')}`)

const readVariable: Kernel = (op) => {
  const value = op.resources.get(keyOf(op))
  if (!value)
    throw new ParityError('MODEL_VARIABLE', {
      what: `${keyOf(op)} is read before it has a value`,
      remedy: 'Convert the model again with its initialisation',
    })
  return value as Tensor
}

const assignVariable: Kernel = (op) => {
  op.resources.set(keyOf(op), op.input(1))
  return []
}

interface Table {
  entries: Map<unknown, unknown>
}

const tableHandle: Kernel = (op) => {
  const key = `table ${op.number('table_id')}`
  if (!op.resources.has(key)) op.resources.set(key, { entries: new Map() } satisfies Table)
  return handle(key)
}

function tableOf(op: Operator): Table {
  const table = op.resources.get(keyOf(op))
  if (!table)
    throw new ParityError('MODEL_VARIABLE', {
      what: `${keyOf(op)} is read before it is made`,
      remedy: 'Convert the model again with its initialisation',
    })
  return table as Table
}

/** A table is filled once; what it holds already stays. */
const importTable: Kernel = (op) => {
  const { entries } = tableOf(op)
  const [keys, values] = [op.input(1).data, op.input(2).data]
  if (entries.size === 0) for (let i = 0; i < keys.length; i++) if (!entries.has(keys[i])) entries.set(keys[i], values[i])
  return []
}

const findInTable: Kernel = (op) => {
  const { entries } = tableOf(op)
  const [keys, fallback] = [op.input(1), op.input(2)]
  const found = Array.from(keys.data as ArrayLike<unknown>, (key) => entries.get(key) ?? fallback.data[0])
  const data = allocate(fallback.dtype, found.length) as unknown as unknown[]
  for (const [i, value] of found.entries()) data[i] = value
  return { dtype: fallback.dtype, shape: [...keys.shape], data } as unknown as Tensor
}

const tableSize: Kernel = (op) => integerTensor('int64', [tableOf(op).entries.size])

export const RESOURCES: readonly OpRow[] = [
  anyRow('VAR_HANDLE', variableHandle),
  anyRow('READ_VARIABLE', readVariable),
  anyRow('ASSIGN_VARIABLE', assignVariable),
  anyRow('HASHTABLE', tableHandle),
  anyRow('HASHTABLE_IMPORT', importTable),
  anyRow('HASHTABLE_FIND', findInTable),
  anyRow('HASHTABLE_SIZE', tableSize),
]
