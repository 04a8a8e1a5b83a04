import { describe, expect, it } from 'vitest'
import { createProgress, duration, progressLine, timeLeft } from '../../src/cli/progress.js'

/** A progress on a stream that keeps what is written, and a clock that the test sets; ms. */
function recorded(stream: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = []
  const clock = { at: 1000 }
  const progress = createProgress({ stream: { ...stream, write: (text: string) => written.push(text) }, now: () => clock.at })
  return { written, clock, progress }
}

it.each([
  [0, '0 s'],
  [1, '1 s'],
  [59_000, '59 s'],
  [59_001, '1 min 0 s'],
  [200_000, '3 min 20 s'],
  [3_900_000, '1 h 5 min'],
])('%d ms are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text)
})

describe('the time left', () => {
  it('goes by the pace since the first step', () => {
    expect(timeLeft({ done: 2, total: 10, at: 1000 }, { done: 4, total: 10, at: 2000 })).toBe(3000)
    expect(timeLeft({ done: 0, total: 4, at: 0 }, { done: 4, total: 4, at: 50 })).toBe(0)
    expect(timeLeft({ done: 0, total: 4, at: 0 }, { done: 5, total: 4, at: 50 })).toBe(0)
  })

  it('is not known before there is a pace', () => {
    expect(timeLeft({ done: 2, total: 10, at: 1000 }, { done: 2, total: 10, at: 2000 })).toBeUndefined()
    expect(timeLeft({ done: 2, total: 10, at: 1000 }, { done: 3, total: 10, at: 1000 })).toBeUndefined()
  })
})

describe('a line', () => {
  it('has a bar, the share, the time left and the message', () => {
    expect(progressLine('comparing', 79, { steps: { done: 1, total: 4 }, left: 3000 })).toBe(
      '[#####---------------]   25%  3 s left  comparing',
    )
  })

  it('has what is known', () => {
    expect(progressLine('aligning', 79, {})).toBe('aligning')
    expect(progressLine('aligning', 79, { steps: { done: 0, total: 0 } })).toBe('aligning')
    expect(progressLine('a', 79, { steps: { done: 5, total: 4 } })).toBe('[####################]  100%  a')
  })

  it('is no wider than the terminal, and shows no control character', () => {
    for (const columns of [20, 59, 79]) {
      const line = progressLine(`sample ${'x'.repeat(200)}\u001b[31m`, columns, { steps: { done: 1, total: 3 }, left: 1e7 })
      expect(line.length).toBeLessThanOrEqual(columns)
      expect(line).not.toContain('\u001b')
    }
  })
})

describe('on a terminal', () => {
  it('each message takes the place of the one before', () => {
    const { written, clock, progress } = recorded({ isTTY: true, columns: 80 })
    progress.show('sample 0', { done: 0, total: 4 })
    clock.at += 1000
    progress.show('sample 1', { done: 1, total: 4 })
    progress.end()
    expect(written).toEqual([
      '\r\u001b[2K[--------------------]    0%  sample 0',
      '\r\u001b[2K[#####---------------]   25%  3 s left  sample 1',
      '\r\u001b[2K',
    ])
  })

  it('steps that begin anew have a pace of their own', () => {
    const { written, clock, progress } = recorded({ isTTY: true, columns: 80 })
    progress.show('a', { done: 3, total: 4 })
    clock.at += 60_000
    progress.show('b', { done: 0, total: 2 })
    clock.at += 1000
    progress.show('b', { done: 1, total: 2 })
    expect(written.at(-1)).toContain(' 1 s left')
  })
})

describe('elsewhere', () => {
  it('a short run prints nothing', () => {
    const { written, clock, progress } = recorded()
    progress.show('a', { done: 0, total: 2 })
    clock.at += 4999
    progress.show('b', { done: 1, total: 2 })
    progress.end()
    expect(written).toEqual([])
  })

  it('a line appears after five seconds, and at most every five', () => {
    const { written, clock, progress } = recorded()
    for (let done = 0; done < 120; done++) {
      progress.show(`sample ${done}`, { done, total: 240 })
      clock.at += 100
    }
    expect(written).toEqual([
      '[####----------------]   20%  19 s left  sample 50\n',
      '[########------------]   41%  14 s left  sample 100\n',
    ])
  })
})
