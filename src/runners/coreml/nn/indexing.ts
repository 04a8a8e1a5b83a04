/** Layers that gather and scatter (NeuralNetwork.proto). Indices come as floats; negative ones count from the end. */
import type { ScatterMode } from '../../../../kernels/indexing.js'
import type { Tensor } from '../../../../kernels/tensor.js'
import { integer, tensors, text } from '../../parameters.js'
import { type Op, op } from '../op.js'
import * as indexing from '../semantics/indexing.js'

const two = tensors({ least: 2, most: 2 })
const three = tensors({ least: 3, most: 3 })

const MODES = {
  SCATTER_UPDATE: 'update',
  SCATTER_ADD: 'add',
  SCATTER_SUB: 'sub',
  SCATTER_MUL: 'mul',
  SCATTER_DIV: 'div',
  SCATTER_MAX: 'max',
  SCATTER_MIN: 'min',
} as const satisfies Record<string, ScatterMode>

type Mode = keyof typeof MODES
const mode = text(Object.keys(MODES) as Mode[])

const scattering = {
  rounding: 'accumulating',
  roundingOf: ({ mode }: { mode: Mode }) => indexing.scatterRounding(MODES[mode]),
  terms: () => indexing.SCATTER_TERMS,
} as const

const scatterOf = ([data, indices, updates]: readonly Tensor[], mode: Mode): indexing.Scatter => ({
  data: data!,
  indices: indices!,
  updates: updates!,
  mode: MODES[mode],
})

export const indexingLayers: readonly Op[] = [
  op({
    type: 'gather',
    specification: 'NeuralNetwork.proto GatherLayerParams',
    parameters: { input: two, axis: integer() },
    rounding: 'exact',
    run: ({ input: [x, indices], axis }, context) => indexing.gather(x!, indices!, axis, 0, 'wrap', context),
  }),
  op({
    type: 'gatherND',
    specification: 'NeuralNetwork.proto GatherNDLayerParams',
    parameters: { input: two },
    rounding: 'exact',
    run({ input: [x, indices] }, context) {
      const gathered = indexing.gatherNd(x!, indices!, 0, 'wrap', context)
      return gathered.shape.length === 0 ? { ...gathered, shape: [1] } : gathered
    },
  }),
  op({
    type: 'gatherAlongAxis',
    specification: 'NeuralNetwork.proto GatherAlongAxisLayerParams',
    parameters: { input: two, axis: integer() },
    rounding: 'exact',
    run: ({ input: [x, indices], axis }, context) => indexing.gatherAlongAxis(x!, indices!, axis, 'wrap', context),
  }),
  op({
    type: 'scatter',
    specification: 'NeuralNetwork.proto ScatterLayerParams',
    parameters: { input: three, axis: integer(), mode },
    ...scattering,
    run: ({ input, axis, mode }, context) => indexing.scatter(scatterOf(input, mode), axis, 'wrap', context),
  }),
  op({
    type: 'scatterND',
    specification: 'NeuralNetwork.proto ScatterNDLayerParams',
    parameters: { input: three, mode },
    ...scattering,
    run: ({ input, mode }, context) => indexing.scatterNd(scatterOf(input, mode), 'wrap', context),
  }),
  op({
    type: 'scatterAlongAxis',
    specification: 'NeuralNetwork.proto ScatterAlongAxisLayerParams',
    parameters: { input: three, axis: integer(), mode },
    ...scattering,
    run: ({ input, axis, mode }, context) => indexing.scatterAlongAxis(scatterOf(input, mode), axis, 'wrap', context),
  }),
]
