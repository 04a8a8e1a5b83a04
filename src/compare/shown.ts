/** What a target's outputs show: the values behind them as the graph holds them, for comparison with the source's. */
import type { NumberArray, Tensor } from '../../kernels/tensor.js'
import type { OutputPair } from '../align/outputs.js'
import type { CoremlRunOptions, CoremlSession } from '../runners/coreml/session.js'
import { inSourceOrder, numbers } from './order.js'

/** What an image output shows of a value: clipped to 0..255, rounded half to even. */
function levels(data: NumberArray): NumberArray {
  return Float64Array.from(data, (x) => {
    const clipped = Math.min(255, Math.max(0, x))
    const floor = Math.floor(clipped)
    const rest = clipped - floor
    return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
  })
}

export interface Shown {
  /** Of the values asked for. */
  values: Map<string, Tensor>
  /** As a caller gets them. */
  outputs: Map<string, Tensor>
}

/** One run from the target's own inputs. `see` gets every value. */
export async function runShown(
  session: CoremlSession,
  feeds: Record<string, Tensor>,
  wanted: ReadonlySet<string>,
  { noise, see }: { noise?: CoremlRunOptions['noise']; see?: (name: string, value: Tensor) => void } = {},
): Promise<Shown> {
  const values = new Map<string, Tensor>()
  const outputs = await session.run(feeds, {
    fetch: 'outputs',
    noise,
    tap(name, value) {
      if (wanted.has(name)) values.set(name, value)
      see?.(name, value)
      return undefined
    },
  })
  for (const [name, value] of outputs) if (wanted.has(name) && !values.has(name)) values.set(name, value)
  return { values, outputs }
}

/** The source's numbers and the target's beside each other, in the source's order; of an image, its levels. */
export function besideEachOther({ layout, target }: OutputPair, source: Tensor, own: Tensor): [source: NumberArray, target: NumberArray] {
  const [expected, got] = [numbers(source), inSourceOrder(own, source, layout)]
  return target.kind === 'image' ? [levels(expected), levels(got)] : [expected, got]
}
