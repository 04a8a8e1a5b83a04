/** What a model file holds, and what in it is known to hurt in a conversion. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DType } from '../../kernels/tensor.js'
import { openModel } from '../formats/index.js'
import { ParityError } from '../graph/errors.js'
import type { Dimension, Graph } from '../graph/graph.js'
import type { InputFeature, OutputFeature } from '../graph/model.js'
import { encodeNpy } from '../inputs/npy.js'
import { isCoreml, unsupportedOps } from '../runners/index.js'
import { conversionRisks, type Risk } from './risks.js'

export interface Inspection {
  path: string
  format: string
  sha256: string
  metadata: Record<string, string>
  inputs: InputFeature[]
  outputs: OutputFeature[]
  functions: string[]
  ops: { name: string; type: string; inputs: (string | null)[]; outputs: (string | null)[]; where: string }[]
  opTypes: Record<string, number>
  values: { name: string; dtype: DType | null; shape: Dimension[] | null }[]
  weights: { name: string; dtype: DType; shape: number[]; bytes: number; storage?: string }[]
  /** Op types that no runner of this program has. */
  unsupported: string[]
  /** Of a source: what a conversion to Core ML is known to change or refuse. */
  risks: Risk[]
  notes: string[]
}

const withBodies = (graph: Graph): Graph[] => [
  graph,
  ...graph.nodes.flatMap(({ bodies }) => bodies.flatMap((body) => withBodies(body.graph))),
]

/** `exportWeights`: a folder to which each constant is written as .npy. @throws ParityError MODEL_…, INPUT_… */
export async function inspect(path: string, { exportWeights }: { exportWeights?: string } = {}): Promise<Inspection> {
  const model = await openModel(path)
  try {
    const graphs = withBodies(model.graph)
    const nodes = graphs.flatMap((graph) => graph.nodes)
    const opTypes: Record<string, number> = {}
    for (const { type } of nodes) opTypes[type] = (opTypes[type] ?? 0) + 1
    const all = graphs.flatMap((graph) => [...graph.values.values()])
    const constants = all.flatMap(({ name, constant }) => (constant ? [{ name, constant }] : []))
    if (exportWeights !== undefined) await exportConstants(constants, exportWeights)
    return {
      path,
      format: model.format,
      sha256: model.sha256(),
      metadata: model.metadata,
      inputs: model.inputs,
      outputs: model.outputs,
      functions: [...model.functions.keys()],
      ops: nodes.map(({ name, type, inputs, outputs, where }) => ({
        name,
        type,
        inputs: inputs.map(({ value }) => value),
        outputs,
        where,
      })),
      opTypes: Object.fromEntries(Object.entries(opTypes).sort(([a], [b]) => (a < b ? -1 : 1))),
      values: all.filter(({ constant }) => !constant).map(({ name, dtype, shape }) => ({ name, dtype, shape })),
      weights: constants.map(({ name, constant: { dtype, shape, byteLength, storage } }) => ({
        name,
        dtype,
        shape,
        bytes: byteLength,
        ...(storage && { storage }),
      })),
      unsupported: await unsupportedOps(model),
      risks: isCoreml(model) ? [] : conversionRisks(model),
      notes: model.notes,
    }
  } finally {
    model.close()
  }
}

async function exportConstants(
  constants: readonly { name: string; constant: NonNullable<ReturnType<Graph['values']['get']>>['constant'] & {} }[],
  folder: string,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    const taken = new Set<string>()
    for (const { name, constant } of constants) {
      const base = name.replace(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 180)
      let file = `${base}.npy`
      for (let i = 1; taken.has(file); i++) file = `${base}#${i}.npy`
      taken.add(file)
      await writeFile(join(folder, file), encodeNpy(constant.read()))
    }
  } catch (error) {
    if (error instanceof ParityError) throw error
    throw new ParityError('INPUT_OUTPUT_PATH', {
      what: `weights cannot be written: ${(error as Error).message}`,
      where: folder,
      remedy: 'Choose a folder that can be written',
      cause: error,
    })
  }
}
