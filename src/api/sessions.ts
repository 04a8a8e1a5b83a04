/** The sessions of one comparison. */
import type { DType, Tensor } from '../../kernels/tensor.js'
import type { SourceRounding } from '../compare/floor.js'
import { type Graph, isStoredAsHalf } from '../graph/graph.js'
import type { Model } from '../graph/model.js'
import type { PolicyOptions } from '../runners/coreml/policy.js'
import type { CoremlSession } from '../runners/coreml/session.js'
import { createSession, isCoreml } from '../runners/index.js'
import { COMPUTE_UNITS, type ComputeUnit, type RunOptions, type Session } from '../runners/session.js'
import type { CheckOptions } from './check.js'

export interface Sessions {
  source: Session
  /** Forward passes of the source so far; reading back what it is fed is none. */
  sourcePasses(): number
  authored: CoremlSession
  /** Every float in float32; the same session where the target holds nothing in float16. */
  wide: CoremlSession
  /** What the source's own arithmetic and storage do to its values, for the floors. */
  sourceRounding: SourceRounding
  /** The target under the profile of every compute unit; empty where none was asked for. */
  profiles: ReadonlyMap<ComputeUnit, CoremlSession>
}

/** Each once. */
export const allSessions = ({ source, authored, wide, profiles }: Sessions): { source: Session; target: CoremlSession[] } => ({
  source,
  target: [...new Set([authored, wide, ...profiles.values()])],
})

export async function openSessions(source: Model, target: Model, options: CheckOptions): Promise<Sessions> {
  const { threads, memoryLimit, customLayers, precision, computeUnit, flushSubnormals, sourceRuntime: runner, backend } = options
  const common = { threads, memoryLimit, customLayers }
  const openTarget = async (policy: PolicyOptions) => fresh((await createSession(target, { ...common, ...policy })) as CoremlSession)
  const authored = await openTarget({ precision, computeUnit, flushSubnormals })
  const isWide = !flushSubnormals && !holdsHalf(target.graph, authored.held)
  const profiles = new Map<ComputeUnit, CoremlSession>()
  if (computeUnit !== undefined) {
    for (const unit of COMPUTE_UNITS) {
      profiles.set(unit, unit === computeUnit ? authored : await openTarget({ precision, computeUnit: unit, flushSubnormals }))
    }
  }
  const sourceSession = await createSession(source, { ...common, runner, backend })
  let sourcePasses = 0
  return {
    source: fresh(sourceSession, (fetch) => {
      if (!Array.isArray(fetch) || fetch.some((name) => !source.graph.inputs.includes(name))) sourcePasses++
    }),
    sourcePasses: () => sourcePasses,
    authored,
    wide: isWide ? authored : await openTarget({ precision: 'fp32' }),
    sourceRounding: {
      of: isCoreml(source) && holdsHalf(source.graph) ? 'fp16' : 'fp32',
      halfConstants: [...source.graph.values.values()].some(({ constant }) => constant !== undefined && isStoredAsHalf(constant)),
    },
    profiles,
  }
}

/** A session in which every run starts from the initial state; `onRun` is told what each is to fetch. */
function fresh<S extends Session>(session: S, onRun: (fetch: RunOptions['fetch']) => void = () => {}): S {
  return {
    ...session,
    state: session.state,
    runtime: session.runtime,
    run(feeds: Record<string, Tensor>, options?: RunOptions) {
      onRun(options?.fetch)
      session.state.reset()
      return session.run(feeds, options)
    },
    close: () => session.close(),
  }
}

/** Whether values that a graph makes are float16, given how dtypes are held. A dtype that the file leaves open is float32. */
function holdsHalf(graph: Graph, held: (dtype: DType) => DType = (dtype) => dtype): boolean {
  return (
    [...graph.values.values()].some(({ dtype, constant }) => constant === undefined && held(dtype ?? 'float32') === 'float16') ||
    graph.nodes.some(({ bodies }) => bodies.some((body) => holdsHalf(body.graph, held)))
  )
}

export const storesReduced = (graph: Graph): boolean =>
  holdsHalf(graph) ||
  [...graph.values.values()].some(
    ({ constant }) => constant !== undefined && (constant.dtype === 'float16' || constant.storage !== undefined),
  )
