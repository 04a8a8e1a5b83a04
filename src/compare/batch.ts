/** A source whose values are shown as its target has them, where the two take another number of samples a run. */
import { slice } from '../../kernels/movement.js'
import { sizeOf, type Tensor } from '../../kernels/tensor.js'
import type { Graph } from '../graph/graph.js'
import type { OutputFeature } from '../graph/model.js'
import { relationsOf } from '../graph/relations.js'
import { type Batch, repeated } from '../inputs/batch.js'
import type { Session, Tap } from '../runners/session.js'

/** `session` is the source's: what it makes of its inputs is repeated, or cut to the first of equal parts. */
export function underBatchOf(session: Session, { graph, outputs }: { graph: Graph; outputs: OutputFeature[] }, batch: Batch): Session {
  const { dependsOnInput } = relationsOf(graph)
  const shownValue = (name: string, value: Tensor): Tensor => {
    if (!dependsOnInput.has(name) && !graph.inputs.includes(name)) return value
    if (batch.side === 'source') return firstPart(value, batch.times)
    return repeated(value, batch.times, Math.max(0, value.shape.indexOf(batch.size)))
  }
  const shownOutputs = (values: ReadonlyMap<string, Tensor>): Map<string, Tensor> =>
    new Map([...values].map(([name, value]) => [name, shownValue(outputs.find((one) => one.name === name)?.value ?? name, value)]))
  return {
    ...session,
    run: async (feeds, options) => shownOutputs(await session.run(feeds, options)),
    async observe(feeds, see, options) {
      const seeShown: Tap = (name, value) => {
        see(name, shownValue(name, value))
        return undefined
      }
      return shownOutputs(await session.observe(feeds, seeShown, options))
    },
  }
}

/** Of the largest magnitude: what the order of sums may make of one sample at two places of a batch. */
const SAME = 1e-4

/**
 * The first of `times` parts along the axis on which all parts are the same, the first such axis; the value as it is where there is none.
 */
export function firstPart<T extends Tensor>(value: T, times: number): T {
  const { shape, data } = value
  const parts = data.length / sizeOf(shape) // two numbers an element of complex64
  for (const [axis, dimension] of shape.entries()) {
    if (dimension % times !== 0) continue
    const inner = (sizeOf(shape.slice(axis)) * parts) / times
    if (!repeats(data, inner, times)) continue
    return slice(
      value,
      shape.map(() => 0),
      shape.map((one, i) => (i === axis ? dimension / times : one)),
    )
  }
  return value
}

/** Whether each run of `times` stretches of `inner` elements holds the same stretch `times` times. */
function repeats(data: ArrayLike<number | bigint | string>, inner: number, times: number): boolean {
  const numeric = typeof data[0] === 'number'
  let magnitude = 0
  for (let i = 0; numeric && i < data.length; i++) {
    const size = Math.abs(data[i] as number)
    if (size > magnitude && size < Infinity) magnitude = size
  }
  for (let i = 0; i < data.length; i++) {
    const start = Math.floor(i / (inner * times)) * inner * times
    const [x, y] = [data[i]!, data[start + (i % inner)]!]
    if (!(Object.is(x, y) || x === y || (numeric && Math.abs((x as number) - (y as number)) <= SAME * magnitude))) return false
  }
  return true
}
