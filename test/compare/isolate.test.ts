import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../kernels/tensor.js'
import { type AlignedRun, align } from '../../src/align/align.js'
import { isolateSegments } from '../../src/compare/isolate.js'
import { createCoremlSession } from '../../src/runners/coreml/session.js'
import { net, ramp } from '../align/nets.js'
import { float32, type NodeSketch } from '../support/graphs.js'

const INPUT = ramp([4, 16], 2)

const layers = (slope: number): NodeSketch[] => [
  { type: 'mul', inputs: { x: 'x', y: float32([], [slope]) }, output: 'scaled' },
  { type: 'tanh', inputs: { x: 'scaled' }, output: 'bent' },
  { type: 'exp', inputs: { x: 'bent' }, output: 'y' },
]

/** Aligns two networks, and isolates with the alignment's own run as `given` says, or without. */
async function isolate(slope: number, given: (run: AlignedRun) => AlignedRun | undefined) {
  const [from, to] = [net([4, 16], layers(3), ['y']), net([4, 16], layers(slope), ['y'])]
  const source = await createCoremlSession(from)
  const values = await source.run({ x: INPUT }, { fetch: 'all' })
  values.set('x', INPUT)
  const session = await createCoremlSession(to)
  const targetInputs = new Map<string, Tensor>([['x', INPUT]])
  const { alignment, run } = await align({
    source: from.graph,
    target: to.graph,
    sourceValues: values,
    targetInputs,
    inputs: [{ source: 'x', target: 'x', raw: false }],
    tolerance: 1e-4,
    runTarget: async (tap, feed) => void (await session.run({ x: INPUT }, { fetch: [], tap, feed })),
  })
  const isolation = isolateSegments({
    source,
    wide: session,
    authored: session,
    pairs: alignment.pairs,
    sourceGraph: alignment.source,
    target: alignment.target,
    dialect: 'mil',
    coarse: { isolated: new Map(), cumulative: new Map(), precision: new Map() },
    sourceIsHalf: false,
    equality: 1e-4,
    toleranceOf: () => undefined,
  })
  const before = session.work().passes
  const off = await isolation.observe({ sample: 0, seed: 1, source: values, feeds: { x: INPUT }, targetInputs, run: given(run) })
  return { off, results: isolation.results(), passes: session.work().passes - before }
}

describe('a run that was made before', () => {
  it.each([
    ['a clean target', 3, false],
    ['a target with a fault', 3.5, true],
  ])('saves one, and changes no figure, of %s', async (_, slope, isOff) => {
    const without = await isolate(slope, () => undefined)
    const saved = await isolate(slope, (run) => run)
    expect(without.off).toBe(isOff)
    expect(saved.results).toEqual(without.results)
    expect([without.passes, saved.passes]).toEqual([2, 1])
  })
  it('is not taken where other values stood in it', async () => {
    const without = await isolate(3, () => undefined)
    const other = await isolate(3, ({ values, made }) => ({ values: new Map(values).set('bent', ramp([4, 16], 1)), made }))
    expect(other).toEqual(without)
  })
})
