/**
 * Models that take another number of samples a run. Each is fed what it declares: the one that takes more gets the same sample as often as
 * that takes, since a batch of another size says nothing about the weights.
 */
import { tile } from '../../kernels/movement.js'
import { type Tensor, withShape } from '../../kernels/tensor.js'
import type { InputFeature } from '../graph/model.js'
import type { FedModel } from './convert.js'
import { fitsInput } from './match.js'

export interface Batch {
  /** The side that takes more samples a run. */
  side: 'source' | 'target'
  /** How many of its samples are one of the other side's. */
  times: number
  /** Samples a run of the other side. */
  size: number
  /** Its inputs that hold so many. */
  inputs: ReadonlySet<string>
}

interface Sides {
  source: FedModel
  target: FedModel
}

/** undefined where the inputs fit each other as they are declared, or part in more than a number of samples that divides the other. */
export function batchBetween({ source, target }: Sides): Batch | undefined {
  return largerBatch('source', source, target) ?? largerBatch('target', target, source)
}

function largerBatch(side: Batch['side'], { graph, inputs }: FedModel, other: FedModel): Batch | undefined {
  const found = new Map<string, number>()
  for (const input of inputs) {
    if (other.inputs.some((one) => fitsInput(input, one))) continue
    const times = timesOf(input, other.inputs)
    if (times === undefined) return undefined
    found.set(input.name, times)
  }
  const [times, ...others] = new Set(found.values())
  if (times === undefined || others.length > 0) return undefined
  const holdsSamples = (output: string): boolean => {
    const first = graph.values.get(output)?.shape?.[0]
    return first === undefined || first === null || first % times === 0
  }
  const declared = inputs.find(({ name }) => found.has(name))!.shape[0]!
  return graph.outputs.every(holdsSamples) ? { side, times, size: declared / times, inputs: new Set(found.keys()) } : undefined
}

/** What an input's first dimension is to be divided by for it to fit one of the others. */
function timesOf(input: InputFeature, others: readonly InputFeature[]): number | undefined {
  const [first, ...rest] = input.shape
  if (input.image || input.flexibility || first == null || rest.length === 0) return undefined
  const divisors = [...others.map(({ shape }) => first / (shape[0] ?? 1)), first].filter((times) => Number.isInteger(times) && times > 1)
  return divisors.find((times) => others.some((other) => fitsInput({ ...input, shape: [first / times, ...rest] }, other)))
}

/** The model as it would be with the other side's number of samples. */
export function withBatchOf<M extends FedModel>(model: M, { inputs, times }: Batch): M {
  const divided = ({ shape: [first, ...rest], ...input }: InputFeature): InputFeature => ({ ...input, shape: [first! / times, ...rest] })
  return { ...model, inputs: model.inputs.map((input) => (inputs.has(input.name) ? divided(input) : input)) }
}

/** Feeds of one sample as the side with the larger batch declares them. */
export const repeatedFeeds = (feeds: Record<string, Tensor>, { inputs, times }: Batch): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, inputs.has(name) ? repeated(value, times, 0) : value]))

/** A value `times` times along an axis; a scalar becomes an array of so many. */
export function repeated<T extends Tensor>(value: T, times: number, axis: number): T {
  const shape = value.shape.length === 0 ? [1] : value.shape
  return tile(
    withShape(value, shape),
    shape.map((_, i) => (i === axis ? times : 1)),
  )
}

export function spellBatch({ side, times, size, inputs }: Batch): string {
  const name = [...inputs].map((one) => `'${one}'`).join(', ')
  const compared = side === 'source' ? 'the first of its results is compared' : 'all of its results are compared'
  return `${name} of the ${side} takes ${size * times} samples a run, ${times} times as many as the other side: it is fed each sample ${times} times, and ${compared}`
}
