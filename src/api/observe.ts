/** One run of a source in which everything is seen. */
import type { Tensor } from '../../kernels/tensor.js'
import { valueNameOf } from '../align/outputs.js'
import type { Model } from '../graph/model.js'
import type { Sessions } from './sessions.js'

/** Every value of the source in real units, its inputs among them, and its outputs as a caller gets them. */
export async function observeSource(source: Model, { source: session }: Sessions, feeds: Record<string, Tensor>) {
  const values = new Map<string, Tensor>()
  const outputs = await session.observe(feeds, (name, value) => {
    values.set(name, value)
    return undefined
  })
  for (const feature of source.outputs) {
    const shown = outputs.get(feature.name)
    if (shown && !values.has(valueNameOf(feature))) values.set(valueNameOf(feature), shown)
  }
  return { values, outputs }
}
