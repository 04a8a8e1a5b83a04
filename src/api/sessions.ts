/** The sessions of one comparison. */
import type { Tensor } from '../../kernels/tensor.js'
import { type Coarse, holdsHalf, isQuantized } from '../compare/sides.js'
import type { Model } from '../graph/model.js'
import { createSession, refuseUnsupported } from '../runners/index.js'
import { COMPUTE_UNITS, type ComputeUnit, type Session, type SessionOptions } from '../runners/session.js'
import type { CheckOptions } from './options.js'

export interface Sessions {
  source: Session
  authored: Session
  /** Every float in float32; the same session where the target holds nothing in float16, or the source does so too. */
  wide: Session
  coarse: Coarse
  /** The target under the profile of every compute unit; empty where none was asked for. */
  profiles: ReadonlyMap<ComputeUnit, Session>
}

/** Each once. */
export const allSessions = ({ source, authored, wide, profiles }: Sessions): { source: Session; target: Session[] } => ({
  source,
  target: [...new Set([authored, wide, ...profiles.values()])],
})

export async function closeSessions(sessions: Sessions): Promise<void> {
  const { source, target } = allSessions(sessions)
  await Promise.all([source, ...target].map((session) => session.close()))
}

export async function openSessions(source: Model, target: Model, options: CheckOptions): Promise<Sessions> {
  const { memoryLimit, workLimit, onProgress, customLayers, precision, computeUnit, flushSubnormals, backend } = options
  const common = { memoryLimit, workLimit, customLayers, onProgress: onProgress && ((message: string) => onProgress(message)) }
  await refuseUnsupported([source, target], { customLayers })
  const openTarget = async (policy: SessionOptions) => fresh(await createSession(target, { ...common, ...policy }))
  const authored = await openTarget({ precision, computeUnit, flushSubnormals })
  const profiles = new Map<ComputeUnit, Session>()
  if (computeUnit !== undefined) {
    for (const unit of COMPUTE_UNITS) {
      profiles.set(unit, unit === computeUnit ? authored : await openTarget({ precision, computeUnit: unit, flushSubnormals }))
    }
  }
  const sourceSession = fresh(await createSession(source, { ...common, backend }))
  const coarse: Coarse = {
    source: holdsHalf(sourceSession, source.graph),
    target: holdsHalf(authored, target.graph),
    quantized: isQuantized(source.graph),
  }
  const isWide = !flushSubnormals && (!coarse.target || coarse.source)
  return { source: sourceSession, authored, wide: isWide ? authored : await openTarget({ precision: 'fp32' }), coarse, profiles }
}

/** A session in which every run starts from the initial state. */
function fresh(session: Session): Session {
  const { replay } = session
  return {
    state: session.state,
    runtime: session.runtime,
    precision: session.precision,
    capabilities: session.capabilities,
    run(feeds, options) {
      session.state.reset()
      return session.run(feeds, options)
    },
    observe(feeds: Record<string, Tensor>, see, options) {
      session.state.reset()
      return session.observe(feeds, see, options)
    },
    ...(replay && { replay: replay.bind(session) }),
    rounding: (value) => session.rounding(value),
    work: () => session.work(),
    close: () => session.close(),
  }
}
