/** Outputs to pair, from tensors alone: the graphs behind them are made up where a test does not give them. */
import type { Tensor } from '../../kernels/tensor.js'
import type { Alignment, Pair } from '../../src/align/align.js'
import type { Layout } from '../../src/align/layout.js'
import { type OutputPairing, pairOutputs } from '../../src/align/outputs.js'
import { NO_COST } from '../../src/align/search.js'
import type { Dialect } from '../../src/graph/graph.js'
import type { Model, OutputFeature } from '../../src/graph/model.js'
import { relationsOf } from '../../src/graph/relations.js'
import { float32, MIL, sketchModel } from '../support/graphs.js'

export type Tensors = Record<string, Tensor>

/** Numbers that no other seed comes near to. */
export const wave = (shape: number[], seed: number): Tensor<'float32'> =>
  float32(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin((i + 1) * (1.3 + seed * 0.71) + seed)),
  )

/** `value` with an error of `part` of its size at every other element. */
export const noisy = (value: Tensor<'float32'>, part: number): Tensor<'float32'> => ({
  ...value,
  data: value.data.map((x, i) => (i % 2 ? x + part : x - part)),
})

/** A model in which every output is the result of one op on the input. */
export const heads = (tensors: Tensors, dialect: Dialect = MIL): Model =>
  sketchModel(
    { x: { dtype: 'float32', shape: [4] } },
    Object.entries(tensors).map(([output, { dtype, shape }]) => ({ type: 'linear', inputs: { x: 'x' }, output, dtype, shape })),
    Object.keys(tensors),
    dialect,
  )

export interface Sketch {
  /** One entry a sample; the outputs are those of the first, in its order. */
  source: readonly Tensors[]
  target: readonly Tensors[]
  /** Graphs, where others than `heads` of the first sample. */
  models?: { source?: Model; target?: Model }
  pairs?: readonly Pick<Pair, 'source' | 'target' | 'layout' | 'equal'>[]
  /** Source value by the target value that repeats its numbers. */
  copies?: Record<string, { source: string; layout: Layout }>
  map?: Record<string, string>
  /** What is different about an output of the target than its tensor says. */
  features?: Record<string, Partial<OutputFeature>>
  tolerance?: number
}

export function pairSketch({
  source,
  target,
  models = {},
  pairs = [],
  copies = {},
  map = {},
  features = {},
  tolerance = 1e-4,
}: Sketch): OutputPairing {
  const own = models.source ?? heads(source[0]!)
  const other = models.target ?? heads(target[0]!)
  const alignment: Alignment = {
    pairs: pairs.map((pair) => ({ ...pair, by: 'value' })),
    copies: new Map(Object.entries(copies)),
    cost: NO_COST,
    silent: [],
    source: relationsOf(own.graph),
    target: relationsOf(other.graph),
  }
  return pairOutputs({
    source: own.outputs,
    target: other.outputs.map((feature) => ({ ...feature, ...features[feature.name] })),
    samples: source.map((tensors, index) => ({
      source: new Map(Object.entries(tensors)),
      target: new Map(Object.entries(target[index]!)),
    })),
    alignment,
    map: new Map(Object.entries(map)),
    tolerance,
  })
}

/** `source=target by` of each pair, with the kinds of its differences. */
export const summary = ({ pairs }: OutputPairing): string[] =>
  pairs.map(({ source, target, by, differences }) =>
    [`${source.name}=${target.name}`, by, ...differences.map(({ kind }) => kind)].join(' '),
  )
