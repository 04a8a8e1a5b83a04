/** Small networks to align, and the run of both sides that an alignment needs. */
import type { Tensor } from '../../kernels/tensor.js'
import { type Alignment, align } from '../../src/align/align.js'
import type { Model } from '../../src/graph/model.js'
import { createCoremlSession } from '../../src/runners/coreml/session.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'

export const ramp = (shape: number[], scale: number, phase = 0.3): Tensor<'float32'> =>
  float32(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.7 + phase) * scale),
  )

export const ints = (...numbers: number[]): Tensor => ({ dtype: 'int32', shape: [numbers.length], data: Int32Array.from(numbers) })

export const net = (shape: number[], sketches: NodeSketch[], outputs: string[]): Model =>
  sketchModel({ x: { dtype: 'float32', shape } }, sketches, outputs)

/** `input`: of both sides, unless the target sees its own. */
export async function alignModels(from: Model, to: Model, input: Tensor, targetInput = input): Promise<Alignment> {
  const sourceValues = await (await createCoremlSession(from)).run({ x: input }, { fetch: 'all' })
  sourceValues.set('x', input)
  const session = await createCoremlSession(to)
  const { alignment } = await align({
    source: from.graph,
    target: to.graph,
    sourceValues,
    targetInputs: new Map([['x', targetInput]]),
    inputs: [{ source: 'x', target: 'x', raw: targetInput !== input }],
    tolerance: 1e-4,
    runTarget: async (tap, feed) => void (await session.run({ x: targetInput }, { fetch: [], tap, feed })),
  })
  return alignment
}

export const partners = ({ pairs }: Alignment): Record<string, string> =>
  Object.fromEntries(pairs.map((pair) => [pair.source, pair.target]))
