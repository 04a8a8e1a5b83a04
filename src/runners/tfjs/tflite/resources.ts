/** Variables and tables behind handles. A handle is a string that names what it stands for; it lives as long as a run. */
import { allocate, type Tensor, tensor } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import { integer, text } from '../../parameters.js'
import { ANY, MOVABLE } from '../dtypes.js'
import { integerTensor } from '../geometry/axes.js'
import { type Op, type Operand, op, operand, type Resources } from '../op.js'

const HANDLE = operand(['string'])
const NO_NAME = { default: '' }

const handle = (key: string): Tensor => tensor('string', [], [key])

/** @throws ParityError MODEL_VARIABLE where nothing has been put behind the handle */
function behind(resources: Resources, resource: Operand<'string'>, missing: string): unknown {
  const key = resource.data[0]!
  const value = resources.get(key)
  if (value) return value
  throw new ParityError('MODEL_VARIABLE', { what: `${key} ${missing}`, remedy: 'Convert the model again with its initialization' })
}

type Table = Map<unknown, unknown>
const tableOf = (resources: Resources, resource: Operand<'string'>): Table =>
  behind(resources, resource, 'is read before it is made') as Table

export const RESOURCES: readonly Op[] = [
  op({
    type: 'VAR_HANDLE',
    specification: 'VarHandleOptions; kernels/var_handle.cc',
    operands: {},
    attributes: { container: text(undefined, NO_NAME), shared_name: text(undefined, NO_NAME) },
    rounding: 'exact',
    run: ({ container, shared_name }) => handle(`variable ${container}/${shared_name}`),
  }),
  op({
    type: 'READ_VARIABLE',
    specification: 'ReadVariableOptions; kernels/read_variable.cc',
    operands: { resource: HANDLE },
    rounding: 'exact',
    run: ({ resource }, { resources }) => behind(resources, resource, 'is read before it has a value') as Tensor,
  }),
  op({
    type: 'ASSIGN_VARIABLE',
    specification: 'AssignVariableOptions; kernels/assign_variable.cc',
    operands: { resource: HANDLE, value: operand(ANY) },
    rounding: 'exact',
    run({ resource, value }, { resources }) {
      resources.set(resource.data[0]!, value)
      return []
    },
  }),
  op({
    type: 'HASHTABLE',
    specification: 'HashtableOptions; kernels/hashtable.cc',
    operands: {},
    attributes: { table_id: integer({ default: 0 }) },
    rounding: 'exact',
    run({ table_id }, { resources }) {
      const key = `table ${table_id}`
      if (!resources.has(key)) resources.set(key, new Map() satisfies Table)
      return handle(key)
    },
  }),
  op({
    type: 'HASHTABLE_IMPORT',
    specification: 'HashtableImportOptions; kernels/hashtable_import.cc',
    operands: { resource: HANDLE, keys: operand(MOVABLE), values: operand(MOVABLE) },
    rounding: 'exact',
    run({ resource, keys, values }, { resources }) {
      // a table is filled once; what it holds already stays
      const table = tableOf(resources, resource)
      if (table.size > 0) return []
      for (const [i, key] of keys.data.entries()) if (!table.has(key)) table.set(key, values.data[i])
      return []
    },
  }),
  op({
    type: 'HASHTABLE_FIND',
    specification: 'HashtableFindOptions; kernels/hashtable_find.cc',
    operands: { resource: HANDLE, keys: operand(MOVABLE), default_value: operand(MOVABLE) },
    rounding: 'exact',
    run({ resource, keys, default_value: fallback }, { resources }) {
      const table = tableOf(resources, resource)
      const found = Array.from(keys.data as ArrayLike<unknown>, (key) => table.get(key) ?? fallback.data[0])
      const data = allocate(fallback.dtype, found.length) as unknown as unknown[]
      for (const [i, value] of found.entries()) data[i] = value
      return { dtype: fallback.dtype, shape: [...keys.shape], data } as unknown as Tensor
    },
  }),
  op({
    type: 'HASHTABLE_SIZE',
    specification: 'HashtableSizeOptions; kernels/hashtable_size.cc',
    operands: { resource: HANDLE },
    rounding: 'exact',
    run: ({ resource }, { resources }) => integerTensor('int64', [tableOf(resources, resource).size]),
  }),
]
