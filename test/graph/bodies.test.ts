import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loopOf } from '../../src/graph/bodies.js'
import { openModel } from '../../src/index.js'

const open = (file: string) => openModel(join(import.meta.dirname, '../../golden/models', file))

describe('loopOf', () => {
  it.each(['while_list.mlpackage', 'loop_condition.mlmodel', 'loop_count.mlmodel', 'loop_nested.mlmodel'])(
    'knows what the loop of %s carries, and what its body reads of the graph around it',
    async (file) => {
      const model = await open(file)
      const loops = model.graph.nodes.flatMap((node) => loopOf(node) ?? [])
      expect(loops).toHaveLength(1)
      const { node, body, carried, captured } = loops[0]!
      expect(carried.map(({ input }) => input)).toEqual(body.graph.inputs)
      for (const { end, before, after } of carried) {
        expect(end === null || body.graph.values.has(end)).toBe(true)
        expect(before === null || model.graph.values.has(before)).toBe(true)
        expect(after === null || node.outputs.includes(after)).toBe(true)
      }
      expect(carried.some(({ end, after }) => end !== null && after !== null)).toBe(true)
      for (const name of captured) expect(model.graph.values.has(name)).toBe(true)
      model.close()
    },
  )
  it('is nothing for a branch, and for an op without bodies', async () => {
    const model = await open('branch_two_values.mlmodel')
    expect(model.graph.nodes.flatMap((node) => loopOf(node) ?? [])).toEqual([])
    model.close()
  })
})
