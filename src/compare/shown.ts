/** What a target's outputs show: the values behind them as the graph holds them, for comparison with the source's. */
import type { NumberArray, Tensor } from '../../kernels/tensor.js'
import { comparedTensors, type OutputPair } from '../align/outputs.js'
import type { Dialect } from '../graph/graph.js'
import type { Noise, Session } from '../runners/session.js'
import { type Placed, placed } from './place.js'

/** What an image output shows of a value: clipped to 0..255, rounded half to even. */
function levelsOf(data: NumberArray): Float64Array {
  return Float64Array.from(data, (x) => {
    const clipped = Math.min(255, Math.max(0, x))
    const floor = Math.floor(clipped)
    const rest = clipped - floor
    return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
  })
}

/** An output's elements on both sides, in the target's order; of an image, its levels. */
export function shownBeside(pair: OutputPair, source: Tensor, target: Tensor, dialect: Dialect['name'] | undefined): Placed {
  const compared = comparedTensors(pair, source, target)
  const beside = placed(compared.source, compared.target, pair.layout, dialect)
  return pair.target.kind === 'image' ? { ...beside, source: levelsOf(beside.source), target: levelsOf(beside.target) } : beside
}

export interface Shown {
  /** Of the values asked for. */
  values: Map<string, Tensor>
  /** As a caller gets them. */
  outputs: Map<string, Tensor>
}

/** One run from the target's own inputs. `see` gets every value. */
export async function runShown(
  session: Session,
  feeds: Record<string, Tensor>,
  wanted: ReadonlySet<string>,
  { noise, see }: { noise?: Noise; see?: (name: string, value: Tensor) => void } = {},
): Promise<Shown> {
  const values = new Map<string, Tensor>()
  const outputs = await session.observe(
    feeds,
    (name, value) => {
      if (wanted.has(name)) values.set(name, value)
      see?.(name, value)
      return undefined
    },
    { noise },
  )
  for (const [name, value] of outputs) if (wanted.has(name) && !values.has(name)) values.set(name, value)
  return { values, outputs }
}
