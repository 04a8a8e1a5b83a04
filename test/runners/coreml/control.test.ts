import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import { openModel } from '../../../src/formats/index.js'
import type { ParityError } from '../../../src/graph/errors.js'
import { createCoremlSession } from '../../../src/runners/coreml/session.js'
import type { RunOptions } from '../../../src/runners/session.js'
import { float32 } from '../../support/graphs.js'

async function run(file: string, feeds: Record<string, number[]>, options: RunOptions = {}): Promise<Record<string, number[]>> {
  const model = await openModel(fileURLToPath(new URL(`../../../golden/models/${file}`, import.meta.url)))
  const session = await createCoremlSession(model)
  const tensors = Object.entries(feeds).map(([name, data]) => [name, float32([data.length], data)] as const)
  const values = await session.run(Object.fromEntries(tensors), options)
  return Object.fromEntries([...values].map(([name, { data }]: [string, Tensor]) => [name, Array.from(data as Float32Array, Number)]))
}

const refusal = (file: string, feeds: Record<string, number[]>, options?: RunOptions): Promise<ParityError> =>
  run(file, feeds, options).then(
    () => expect.fail('no error'),
    (error: ParityError) => error,
  )

describe('neuralnetwork loops and branches', () => {
  it('loop as often as the input says', async () => {
    expect(await run('loop_count.mlmodel', { x: [1], count: [4] })).toEqual({ y: [9] })
    expect(await run('loop_count.mlmodel', { x: [1], count: [0] })).toEqual({ y: [1] })
  })
  it('loop while the condition holds, at most as often as the layer says', async () => {
    expect(await run('loop_condition.mlmodel', { x: [1], limit: [5] })).toEqual({ y: [8] })
    expect(await run('loop_condition.mlmodel', { x: [1], limit: [1000] })).toEqual({ y: [32] })
    expect(await run('loop_condition.mlmodel', { x: [9], limit: [5] })).toEqual({ y: [9] })
  })
  it('break and continue from a branch', async () => {
    expect(await run('loop_break_continue.mlmodel', { limit: [6] })).toEqual({ sum: [12], n: [7] })
    expect(await run('loop_break_continue.mlmodel', { limit: [100] })).toEqual({ sum: [30], n: [10] })
  })
  it('nest, and share the names around them', async () => {
    expect(await run('loop_nested.mlmodel', { count: [5] })).toEqual({ n: [10] })
  })
  it('make values that are read after them', async () => {
    expect(await run('loop_first_made_inside.mlmodel', { x: [1], limit: [3] })).toEqual({ y: [3] })
    expect(await refusal('loop_first_made_inside.mlmodel', { x: [4], limit: [3] })).toMatchObject({
      code: 'MODEL_OP_INVALID',
      what: "needs 'y', which nothing has made",
    })
  })
  it('leave values alone where a branch is absent', async () => {
    expect(await run('branch_without_else.mlmodel', { x: [1, 2], predicate: [1] })).toEqual({ y: [10, 20] })
    expect(await run('branch_without_else.mlmodel', { x: [1, 2], predicate: [1e-7] })).toEqual({ y: [1, 2] })
    expect(await run('branch_without_else.mlmodel', { x: [1, 2], predicate: [-1] })).toEqual({ y: [10, 20] })
  })
  it('write several values in a branch', async () => {
    expect(await run('branch_two_values.mlmodel', { x: [1, -2], predicate: [1] })).toEqual({ y: [2, -1], z: [2, -4] })
    expect(await run('branch_two_values.mlmodel', { x: [1, -2], predicate: [0] })).toEqual({ y: [0, 0], z: [1, -2] })
  })
  it('show the last value inside a body', async () => {
    expect(await run('loop_count.mlmodel', { x: [1], count: [4] }, { fetch: ['loop/more'] })).toEqual({ 'loop/more': [9] })
  })
  it('show an observer the values of the main graph alone', async () => {
    const model = await openModel(fileURLToPath(new URL('../../../golden/models/loop_count.mlmodel', import.meta.url)))
    const seen: string[] = []
    const see = (name: string) => {
      seen.push(name)
      return undefined
    }
    await (await createCoremlSession(model)).observe({ x: float32([1], [1]), count: float32([1], [4]) }, see)
    expect(seen).not.toContain('loop/more')
    expect(new Set(seen)).toEqual(new Set(['x', 'count', ...model.graph.nodes.flatMap(({ outputs }) => outputs)]))
  })
  it('refuse a loop that does not end', async () => {
    expect(await refusal('loop_endless.mlmodel', { x: [1] })).toMatchObject({ code: 'UNSUPPORTED_LOOP_LENGTH' })
    expect(await run('loop_endless.mlmodel', { x: [0] })).toEqual({ y: [0] })
  })
  it('refuse a break outside of a loop', async () => {
    expect(await refusal('break_outside.mlmodel', { x: [1] }, { tap: () => undefined })).toMatchObject({
      code: 'MODEL_OP_INVALID',
      what: "loopBreak stands outside of a loop's body",
    })
  })
})

describe('ML Program control flow and lists', () => {
  it('carries variables and a growing list through a loop', async () => {
    expect(await run('while_list.mlpackage', { x: [3], limit: [100] })).toEqual({ powers: [3, 9, 27, 81], length: [4] })
    expect(await run('while_list.mlpackage', { x: [3], limit: [1] })).toEqual({ powers: [], length: [1] })
  })
  it('runs one of two blocks', async () => {
    expect(await run('cond.mlpackage', { x: [2] })).toEqual({ y: [20] })
    expect(await run('cond.mlpackage', { x: [-2] })).toEqual({ y: [2] })
  })
})
