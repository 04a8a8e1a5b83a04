/** NeuralNetwork.proto: `topK`, `argSort`, `cumSum`. Indices are floats. */
import { cumulativeSum } from '../../../../kernels/cumulative.js'
import { sortIndices } from '../../../../kernels/order.js'
import type { NumberTensor } from '../../../../kernels/tensor.js'
import { boolean, integer, tensor, tensors } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { NUMBERS } from '../semantics/elementwise.js'
import { indexTensor, topK } from '../semantics/order.js'
import { axisOf, scalarOf } from '../semantics/shapes.js'

const withConstant = tensors<NumberTensor>({ types: NUMBERS, least: 1, most: 2 })
const axis = integer({ default: 0 })
const off = boolean({ default: false })

export const orderLayers: readonly Op[] = [
  op({
    type: 'topK',
    specification: 'NeuralNetwork.proto TopKLayerParams',
    parameters: { input: withConstant, axis, K: integer({ default: 0 }), useBottomK: off },
    results: 2,
    rounding: 'exact',
    run({ input: [x, count], axis, K, useBottomK }, context) {
      const k = count ? Math.trunc(scalarOf(count, context, 'the second input')) : K
      return topK(x!, { k, axis, ascending: useBottomK, indices: x!.dtype }, context)
    },
  }),
  op({
    type: 'argSort',
    specification: 'NeuralNetwork.proto ArgSortLayerParams',
    parameters: { input: tensor<NumberTensor>({ types: NUMBERS }), axis, descending: off },
    rounding: 'exact',
    run: ({ input, axis, descending }, context) =>
      indexTensor(input.dtype, sortIndices(input, axisOf(axis, input.shape.length, context), !descending)),
  }),
  op({
    type: 'cumSum',
    specification: 'NeuralNetwork.proto CumSumLayerParams',
    parameters: { input: withConstant, axis, excludeFinalSum: off, reverse: off },
    rounding: 'accumulating',
    terms: ({ input: [x], axis }) => x!.shape.at(axis) ?? 1,
    run({ input: [x, given], axis, excludeFinalSum, reverse }, context) {
      const along = given ? Math.trunc(scalarOf(given, context, 'the second input')) : axis
      return cumulativeSum(x!, { axis: axisOf(along, x!.shape.length, context), exclusive: excludeFinalSum, reverse }, context.arithmetic)
    },
  }),
]
