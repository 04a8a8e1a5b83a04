import { describe, expect, it } from 'vitest'
import { Random } from '../../kernels/generator.js'
import { Draws } from '../../src/compare/draws.js'
import { ELEMENT_LIMIT, energyRatio, foldRounding, type Judged, NO_ROUNDING } from '../../src/compare/rounding.js'
import { settle } from '../../src/compare/settle.js'

/** What one element is: its exact value, how far rounding moves it, and a fault on top. */
interface Element {
  value: number
  rounding: number
  fault?: number
  /** What the value passes through: a clip, a step. */
  through?: (x: number) => number
}

const same = (x: number) => x

interface Trial {
  seed?: number
  whole?: boolean
  by?: Judged['by']
  channels?: number
}

/** Two right implementations of the elements, each off by its own rounding, and draws of the target's. */
async function judge(elements: readonly Element[], { seed = 1, whole = false, by = 'element', channels = 1 }: Trial = {}) {
  const normal = (stream: number) => {
    const random = new Random(seed, stream)
    return () => random.normal()
  }
  const made = (stream: number, part: number, faulty: boolean) => {
    const draw = normal(stream)
    return Float64Array.from(elements, ({ value, rounding, fault = 0, through = same }) =>
      through(value + part * rounding * draw() + (faulty ? fault : 0)),
    )
  }
  // real errors are a part of what the noise plays
  const source = made(1, 0.4, false)
  const target = made(2, 0.4, true)
  const drawn = (k: number) => {
    const draw = normal(100 + k)
    return Float64Array.from(elements, ({ value, rounding, fault = 0, through = same }) => through(value + fault + rounding * draw()))
  }
  const base = Float64Array.from(elements, ({ value, fault = 0, through = same }) => through(value + fault))
  const judged: Judged = {
    source,
    target,
    whole,
    by,
    own: { relative: 2 ** -24, step: 0 },
    channels,
    inner: 1,
  }
  const first = new Draws(base)
  first.add(drawn(0))
  let draws = 1
  const measure = await settle(judged, first, async (k) => {
    draws++
    return drawn(k)
  })
  return { ...measure, draws }
}

const many = (count: number, element: (i: number) => Element) => Array.from({ length: count }, (_, i) => element(i))

describe('the rounding model', () => {
  it('excuses rounding of many magnitudes in one tensor with one draw', async () => {
    const found = await judge(many(4000, (i) => ({ value: 10 ** (i % 9), rounding: 1e-7 * 10 ** (i % 9) })))
    expect(found).toMatchObject({ beyond: 0, broken: 0, draws: 1 })
  })
  it('finds a fault among small numbers beside numbers a million times as large', async () => {
    const element = (i: number, fault: number) => (i % 2 ? { value: 0.1, rounding: 1e-8, fault } : { value: 1e5, rounding: 1e-2 })
    const found = await judge(many(400, (i) => element(i, 2e-6)))
    expect(found.beyond).toBe(200)
    expect(await judge(many(400, (i) => element(i, 0)))).toMatchObject({ beyond: 0 })
  })
  it('finds one element a hundred times its local rounding among thousands of its kind', async () => {
    const elements = many(5000, (i) => ({ value: 1 + i / 5000, rounding: 1e-7 }))
    elements[777] = { value: 1.3, rounding: 1e-7, ...{ fault: 1e-5 } }
    expect((await judge(elements)).beyond).toBe(1)
  })
  it('excuses elements whose rounding is far above that of others of their magnitude', async () => {
    const elements = many(3000, (i) => ({ value: 1 + i / 3000, rounding: i % 100 === 0 ? 1e-3 : 1e-7 }))
    expect(await judge(elements)).toMatchObject({ beyond: 0 })
  })
  it('says no false alarm of single elements, seed after seed', async () => {
    let worst = 0
    for (let seed = 0; seed < 3000; seed++) worst = Math.max(worst, (await judge([{ value: 3, rounding: 1e-6 }], { seed })).largest)
    expect(worst).toBeLessThan(ELEMENT_LIMIT / 2)
  })
  it('excuses elements at a bound, and finds faults there', async () => {
    const relu = (x: number) => Math.max(0, x)
    const near = many(2000, (i) => ({ value: (i % 200) * 1e-7 - 1e-5, rounding: 1e-6, through: relu }))
    for (let seed = 1; seed < 30; seed++) expect((await judge(near, { seed })).beyond).toBe(0)
    const faulty = near.map((element, i) => (i === 50 ? { ...element, fault: 2e-4 } : element))
    expect((await judge(faulty)).beyond).toBe(1)
  })
  it('excuses elements right next to a bound, however few draws cross it', async () => {
    const relu = (x: number) => Math.max(0, x)
    const elements = many(600, (i) => ({ value: i % 2 ? 1 : 1e-10, rounding: 1e-6, through: relu }))
    for (let seed = 1; seed < 60; seed++) expect((await judge(elements, { seed })).beyond).toBe(0)
  })
  it('is soon sure of many elements that a bound holds far from the source, and asks on about one', async () => {
    const relu = (x: number) => Math.max(0, x)
    const held = (faulty: number) => many(600, (i) => ({ value: 1, rounding: 1e-6, through: relu, ...(i < faulty && { fault: -2 }) }))
    expect(await judge(held(40))).toMatchObject({ beyond: 40, draws: 3 })
    expect(await judge(held(1))).toMatchObject({ beyond: 1, draws: 25 })
  })
  it('excuses many elements that seldom come out from behind a bound', async () => {
    const relu = (x: number) => Math.max(0, x)
    const elements = many(4000, (i) => (i % 2 ? { value: 1, rounding: 1e-9 } : { value: -1.2e-3, rounding: 1e-3, through: relu }))
    for (let seed = 1; seed < 20; seed++) expect(await judge(elements, { seed })).toMatchObject({ beyond: 0 })
  })
  it('excuses a step that rounding may take, and no other', async () => {
    const step = (x: number) => Math.floor(x)
    const ties = many(500, (i) => ({ value: i + (i % 50 === 0 ? 0 : 0.5), rounding: 1e-6, through: step }))
    for (let seed = 1; seed < 20; seed++) expect(await judge(ties, { seed })).toMatchObject({ beyond: 0 })
    expect((await judge(ties.map((element, i) => (i === 77 ? { ...element, fault: -1 } : element)))).beyond).toBe(1)
  })
  it('finds small errors everywhere, none of which stands out', async () => {
    const found = await judge(many(1000, () => ({ value: 1, rounding: 1e-7, fault: 8e-7 })))
    expect(found).toMatchObject({ beyond: 0 })
    expect(found.far / found.count).toBeGreaterThan(0.9)
    expect((await judge(many(1000, () => ({ value: 1, rounding: 1e-7 })))).far).toBe(0)
  })
})

describe('whole numbers', () => {
  const index = (scores: number, other: number) => (x: number) => (x > 0 ? scores : other)
  it('differ only where a draw gives the other number', async () => {
    const tie = [{ value: 0, rounding: 1e-6, through: index(990, 5) }]
    for (let seed = 1; seed < 40; seed++) expect(await judge(tie, { seed, whole: true })).toMatchObject({ beyond: 0 })
  })
  it('are wrong where no draw does', async () => {
    const clear = { value: 1, rounding: 1e-6, through: (x: number) => Math.round(x) }
    expect(await judge([{ ...clear, fault: 3 }], { whole: true })).toMatchObject({ beyond: 1, largest: Infinity })
    expect(await judge([clear], { whole: true })).toMatchObject({ beyond: 0, draws: 1 })
  })
})

describe('the energy of channels', () => {
  it('leaves small elements beside large ones alone', async () => {
    const elements = many(800, (i) => (i % 40 === 0 ? { value: 1e-3, rounding: 1e-8, fault: 1e-6 } : { value: 1, rounding: 1e-4 }))
    expect(energyRatio(await judge(elements, { by: 'energy' }))).toBeLessThan(1)
  })
  it('finds a channel that has lost its digits beside one that has not', async () => {
    const elements = (fault: number) => many(800, (i) => (i % 2 ? { value: 1e-3, rounding: 1e-7, fault } : { value: 1, rounding: 1e-4 }))
    expect(energyRatio(await judge(elements(1e-5), { by: 'energy', channels: 2 }))).toBeGreaterThan(20)
    expect(energyRatio(await judge(elements(0), { by: 'energy', channels: 2 }))).toBeLessThan(1)
  })
})

describe('foldRounding', () => {
  it('gives the same for any order and grouping', async () => {
    const parts = await Promise.all(
      [1, 2, 3, 4].map((seed) =>
        judge(
          many(50, (i) => ({ value: i, rounding: 1e-7 * i, fault: seed * 1e-7 })),
          { seed, channels: 2 },
        ),
      ),
    )
    const strip = ({ draws: _, ...measure }: (typeof parts)[number]) => measure
    const [a, b, c, d] = parts.map(strip) as [never, never, never, never]
    const forward = [a, b, c, d].reduce(foldRounding, NO_ROUNDING)
    expect([d, b, a, c].reduce(foldRounding, NO_ROUNDING)).toEqual(forward)
    expect(foldRounding(foldRounding(d, a), foldRounding(c, b))).toEqual(foldRounding(NO_ROUNDING, forward))
  })
})
