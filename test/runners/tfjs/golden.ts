/**
 * Golden cases of TFLite operators, golden/tflite/<family>.json: one node by its row, its results against what the case expects. A case has
 * the form of those in golden/ops; its operands are named as the row names them, and the rest is left out.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { allocate, type DType, type Tensor } from '../../../kernels/tensor.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { loadDevice } from '../../../src/runners/tfjs/backend.js'
import { invoke } from '../../../src/runners/tfjs/invoke.js'
import type { Op } from '../../../src/runners/tfjs/op.js'
import { TFLITE_OPS } from '../../../src/runners/tfjs/tflite/table.js'

export interface GoldenTensor {
  dtype: DType
  shape: number[]
  data: (number | string)[]
}

export interface TfliteCase {
  name: string
  op: string
  inputs: (GoldenTensor & { parameter: string })[]
  attributes: { [key: string]: Attribute }
  expected: GoldenTensor[]
  /** Largest error allowed, relative to the largest magnitude expected. @default 1e-6 for floats, 0 for the rest */
  tolerance?: number
}

const FOLDER = new URL('../../../golden/tflite/', import.meta.url)

export const tfliteCases = (): TfliteCase[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as TfliteCase[])

function tensorOf({ dtype, shape, data }: GoldenTensor): Tensor {
  const array = allocate(dtype, dtype === 'complex64' ? data.length / 2 : data.length)
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) data.forEach((x, i) => void (array[i] = BigInt(x)))
  else (array as Float32Array).set(data.map(Number))
  return { dtype, shape, data: array } as Tensor
}

/** Operands by position: those that the case names, as often as it does; null for the rest. */
function operandsOf({ operands }: Op, { inputs }: TfliteCase): (Tensor | null)[] {
  const names = Object.keys(operands)
  const stray = inputs.filter(({ parameter }) => !names.includes(parameter))
  if (stray.length > 0) throw new Error(`no operand ${stray.map(({ parameter }) => parameter).join(', ')}`)
  return names.flatMap((name) => {
    const own = inputs.filter(({ parameter }) => parameter === name).map(tensorOf)
    return own.length > 0 ? own : [null]
  })
}

/** Results of a case; a state that the op assigns is forgotten. */
export async function runCase(one: TfliteCase): Promise<Tensor[]> {
  const device = await loadDevice('cpu')
  await device.activate()
  const row = TFLITE_OPS.get(one.op)
  if (!row) throw new Error(`no row ${one.op}`)
  return invoke(row, {
    operands: operandsOf(row, one),
    attributes: one.attributes,
    outputs: one.expected.map(({ dtype }) => ({ dtype })),
    intermediates: [],
    device,
    resources: new Map(),
    call: () => [],
    assign: () => undefined,
  })
}
