/** What a model file holds, and what in it is known to hurt in a conversion. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DType } from '../../kernels/tensor.js'
import { describeOp } from '../diagnose/describe.js'
import { openModel } from '../formats/index.js'
import { ParityError } from '../graph/errors.js'
import type { Dimension, Graph, Node } from '../graph/graph.js'
import { namesLike } from '../graph/likeness.js'
import type { InputFeature, OutputFeature } from '../graph/model.js'
import { encodeNpy } from '../inputs/decoders/npy.js'
import { customClassOf, isCoreml, unsupported } from '../runners/index.js'
import { conversionRisks, type Risk } from './risks.js'

export interface InspectedOp {
  name: string
  type: string
  inputs: (string | null)[]
  outputs: (string | null)[]
  where: string
  /** In short, as a report compares them: attributes and small constants, what it reads by parameter. */
  attributes: { [name: string]: string }
  operands: { [parameter: string]: string }
}

/** Layers or ops whose work a class of the app does. */
export interface CustomUse {
  className: string
  /** Of the ops: a network's 'custom', an ML Program's 'custom_layer'. */
  type: string
  count: number
  /** The first. */
  op: string
}

export interface Inspection {
  path: string
  format: string
  sha256: string
  metadata: Record<string, string>
  inputs: InputFeature[]
  outputs: OutputFeature[]
  functions: string[]
  ops: InspectedOp[]
  opTypes: Record<string, number>
  values: { name: string; dtype: DType | null; shape: Dimension[] | null }[]
  weights: { name: string; dtype: DType; shape: number[]; bytes: number; storage?: string }[]
  /** Op types that no runner of this program has, of ops that an output depends on. */
  unsupported: string[]
  /** By class name; those of a network run where `--custom-layer` gives an implementation. */
  custom: CustomUse[]
  /** Of a source: what a conversion to Core ML is known to change or refuse. */
  risks: Risk[]
  notes: string[]
}

const withBodies = (graph: Graph): Graph[] => [
  graph,
  ...graph.nodes.flatMap(({ bodies }) => bodies.flatMap((body) => withBodies(body.graph))),
]

export interface InspectOptions {
  /** A folder to which each constant is written as .npy. */
  exportWeights?: string
  /** Only ops of this name or type, in `ops`. */
  op?: string
}

/** @throws ParityError MODEL_…, INPUT_…, USAGE_OP for an op that the model has not */
export async function inspect(path: string, { exportWeights, op }: InspectOptions = {}): Promise<Inspection> {
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
      ops: graphs.flatMap((graph) => graph.nodes.filter(asked(op, nodes)).map((node) => inspectedOp(node, graph))),
      opTypes: Object.fromEntries(Object.entries(opTypes).sort(([a], [b]) => (a < b ? -1 : 1))),
      values: all.filter(({ constant }) => !constant).map(({ name, dtype, shape }) => ({ name, dtype, shape })),
      weights: constants.map(({ name, constant: { dtype, shape, byteLength, storage } }) => ({
        name,
        dtype,
        shape,
        bytes: byteLength,
        ...(storage && { storage }),
      })),
      unsupported: [...new Set((await unsupported(model)).filter(({ code }) => code === 'UNSUPPORTED_OP').map(({ type }) => type))].sort(),
      custom: customUses(nodes),
      risks: isCoreml(model) ? [] : conversionRisks(model),
      notes: model.notes,
    }
  } finally {
    model.close()
  }
}

function inspectedOp(node: Node, graph: Graph): InspectedOp {
  const { name, type, inputs, outputs, where } = node
  const { attributes, operands } = describeOp(node, graph)
  return { name, type, inputs: inputs.map(({ value }) => value), outputs, where, attributes, operands }
}

/** Whether an op is the one that is asked for, by its name, a value that it makes, or else its type. @throws ParityError USAGE_OP */
function asked(op: string | undefined, nodes: readonly Node[]): (node: Node) => boolean {
  if (op === undefined) return () => true
  const ways = [({ name, outputs }: Node) => name === op || outputs.includes(op), ({ type }: Node) => type === op]
  const way = ways.find((test) => nodes.some(test))
  if (way) return way
  const near = namesLike(
    op,
    nodes.flatMap(({ name, type }) => [name, type]),
  )
  throw new ParityError('USAGE_OP', {
    what: `the model has no op of the name or type '${op}'`,
    remedy: near.length ? `Names that are like it: ${[...new Set(near)].join(', ')}` : '`parity inspect MODEL` lists its ops',
  })
}

function customUses(nodes: readonly Node[]): CustomUse[] {
  const uses = new Map<string, CustomUse>()
  for (const node of nodes) {
    const className = customClassOf(node)
    if (className === undefined) continue
    const use = uses.get(className)
    if (use) use.count++
    else uses.set(className, { className, type: node.type, count: 1, op: node.name })
  }
  return [...uses.values()]
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
