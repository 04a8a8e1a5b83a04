/** From a finding about a loop to the op inside of its body: one turn of the two bodies is compared as two models are. */
import type { Tensor } from '../../kernels/tensor.js'
import type { Pair } from '../align/align.js'
import { likeliestLayout } from '../align/layout.js'
import { segmentOf, sourceSegmentOf } from '../align/segment.js'
import { inTargetPlace } from '../compare/order.js'
import { MOST_ALSO } from '../diagnose/findings.js'
import { bodyModel, type Carried, type Loop, loopOf } from '../graph/bodies.js'
import { ParityError } from '../graph/errors.js'
import type { Graph } from '../graph/graph.js'
import { type Feeds, givenFeeds } from '../inputs/feeds.js'
import type { Finding } from '../record/record.js'
import type { Session } from '../runners/session.js'
import { judge } from '../verdict/judge.js'
import type { Measured } from '../verdict/measured.js'
import type { Policy } from '../verdict/policy.js'
import { type Comparison, compareModels } from './compare.js'
import { observeSource } from './observe.js'
import { closeSessions, openSessions } from './sessions.js'

/** The findings, those about a loop replaced by what is wrong inside of it, where that can be told. */
export async function insideBodies(
  comparison: Comparison,
  measured: Measured,
  findings: readonly Finding[],
  policy: Policy,
): Promise<Finding[]> {
  const found: Finding[] = []
  for (const finding of findings) {
    const loops = finding.severity === 'error' && finding.side === 'target' ? loopsOf(measured, finding) : undefined
    const inside = loops && (await insideLoop(comparison, loops, finding, policy))
    found.push(inside ? merged(finding, inside) : finding)
  }
  return found
}

const merged = (outer: Finding, inside: Finding): Finding => ({
  ...inside,
  also: [...new Set([...inside.also.slice(0, 1), outer.value, ...outer.also])].filter((name) => name !== inside.value).slice(0, MOST_ALSO),
  detail: `inside of '${outer.op.name}', in its last turn: ${inside.detail}`,
  samples: outer.samples,
})

interface Loops {
  source: Loop
  target: Loop
  pairs: readonly Pair[]
}

/** The loops on either side that a finding is about. */
function loopsOf({ alignment }: Measured, { op }: Finding): Loops | undefined {
  const node = alignment.target.graph.nodes.find(({ name }) => name === op.name)
  const target = node && loopOf(node)
  if (target === undefined) return undefined
  const pair = alignment.pairs.find((one) => segmentOf(alignment, one).includes(target.node))
  const [source] = pair ? sourceSegmentOf(alignment, pair).flatMap((one) => loopOf(one) ?? []) : []
  return source && { source, target, pairs: alignment.pairs }
}

async function insideLoop(comparison: Comparison, loops: Loops, { samples }: Finding, policy: Policy): Promise<Finding | undefined> {
  try {
    return await compareTurns(comparison, loops, samples[0] ?? 0, policy)
  } catch (error) {
    // a body that cannot run by itself leaves the finding where it is
    if (error instanceof ParityError) return undefined
    throw error
  }
}

async function compareTurns(
  { source, target, sessions, feeds, options }: Comparison,
  { source: from, target: to, pairs }: Loops,
  sample: number,
  policy: Policy,
): Promise<Finding | undefined> {
  const fed = feeds.load(sample)
  const { values } = await observeSource(source, sessions, fed.source)
  const ofSource = await lastTurn(sessions.source, source.graph, from, fed.source, values)
  const targetInputs = await sessions.wide.run(fed.target, { fetch: target.graph.inputs })
  const ofTarget = await lastTurn(sessions.wide, target.graph, to, fed.target, targetInputs)
  const partners = partnersOf(from, to, pairs, ofSource, ofTarget)
  const shared = [...ofTarget].map(([name, own]) => [name, partners.get(name)?.value ?? own] as const)
  const bodies = { source: bodyModel(source, source.graph, from, ofSource), target: bodyModel(target, target.graph, to, new Map(shared)) }
  const turn = givenFeeds(
    [{ name: fed.name, source: Object.fromEntries(ofSource), target: Object.fromEntries(shared) }],
    [...partners].map(([name, partner]) => ({ source: partner.source, target: name, by: 'order' })),
  )
  const { computeUnit: _, ...plain } = options // one profile is enough to find a place
  const opened = await openSessions(bodies.source, bodies.target, plain)
  try {
    const inner: Comparison = { ...bodies, sessions: opened, feeds: turn, map: [], options: { ...plain, tolerances: [] } }
    const { measured } = await compareModels(inner, [])
    const errors = judge(measured, policy).findings.filter(({ severity, side }) => severity === 'error' && side === 'target')
    const inBody = errors.filter(({ op }) => bodies.target.graph.nodes.some(({ name }) => name === op.name))
    return (await insideBodies(inner, measured, inBody.slice(0, 1), policy))[0]
  } finally {
    await closeSessions(opened)
  }
}

/**
 * What a body starts its last turn with, by the names of its inputs and of the values around it that it reads. `given`: what is known around
 * the loop before the run.
 */
async function lastTurn(
  session: Session,
  graph: Graph,
  { node, carried, captured }: Loop,
  feeds: Feeds,
  given: ReadonlyMap<string, Tensor>,
): Promise<Map<string, Tensor>> {
  const around = new Map(given)
  const last = new Map<string, Tensor>()
  const before = new Map<string, Tensor>()
  const inner = `${node.name}/`
  await session.run(feeds, {
    fetch: 'outputs',
    tap(name, value) {
      if (graph.values.has(name)) around.set(name, value)
      else if (name.startsWith(inner)) {
        const own = name.slice(inner.length)
        const known = last.get(own)
        if (known) before.set(own, known)
        last.set(own, value)
      }
      return undefined
    },
  })
  const outside = (name: string | null): Tensor | undefined =>
    name === null ? undefined : (around.get(name) ?? graph.values.get(name)?.constant?.read())
  const started = ({ end, before: first }: Carried): Tensor | undefined => (end === null ? undefined : before.get(end)) ?? outside(first)
  const values = [...carried.map((one) => [one.input, started(one)] as const), ...captured.map((name) => [name, around.get(name)] as const)]
  return new Map(values.flatMap(([name, value]) => (value ? [[name, value] as const] : [])))
}

interface Partner {
  source: string
  /** The source's numbers in the place of the target's. */
  value: Tensor
}

/** Partners of what the target's body starts with: by what is aligned around the loops, else by order among those of one size. */
function partnersOf(
  from: Loop,
  to: Loop,
  pairs: readonly Pair[],
  ofSource: ReadonlyMap<string, Tensor>,
  ofTarget: ReadonlyMap<string, Tensor>,
): Map<string, Partner> {
  const partners = new Map<string, Partner>()
  const taken = new Set<string>()
  const take = (source: string, target: string, layout?: Pair['layout']): void => {
    const [value, own] = [ofSource.get(source), ofTarget.get(target)]
    if (value === undefined || own === undefined || taken.has(source) || partners.has(target)) return
    const fitting = layout ?? likeliestLayout(value.shape, own.shape)
    const placed = fitting && inTargetPlace(value, own, fitting)
    if (placed === undefined) return
    partners.set(target, { source, value: placed })
    taken.add(source)
  }
  const outer = (loop: Loop) => [
    ...loop.carried.map(({ input, before, after }) => ({ input, names: [after, before] })),
    ...loop.captured.map((name) => ({ input: name, names: [name] })),
  ]
  for (const source of outer(from)) {
    for (const target of outer(to)) {
      const pair = pairs.find((one) => source.names.includes(one.source) && target.names.includes(one.target))
      if (pair) take(source.input, target.input, pair.layout)
    }
  }
  for (const { input: target } of to.carried) {
    const own = ofTarget.get(target)
    const next = from.carried.find(({ input }) => !taken.has(input) && ofSource.get(input)?.data.length === own?.data.length)
    if (next && own) take(next.input, target)
  }
  return partners
}
