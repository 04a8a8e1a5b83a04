/** Operators whose results can be written down, and operands that do not fit. */
import { describe, expect, it } from 'vitest'
import type { Plain } from '../../formats/tflite/write.js'
import { CASES } from './cases.js'
import type { Operand } from './run.js'
import { compute, float32, int32 } from './run.js'

describe.each(CASES)('%s', (_, cases) => {
  it.each(cases)('$type: $name', async ({ type, operands, options, outputs = [{}], want }) => {
    const got = await compute(type, operands, outputs, options)
    got.forEach(({ shape, data }, i) => {
      const [wantedShape, elements] = want[i]!
      expect(shape).toEqual(wantedShape)
      const isFloat = data instanceof Float32Array
      for (const [at, element] of elements.entries()) {
        if (isFloat && Number.isFinite(element)) expect(data[at]).toBeCloseTo(element as number, 6)
        else expect(data[at]).toBe(element)
      }
    })
  })
})

describe('operands that do not fit', () => {
  it.each<[string, string, Operand[], [string, Plain] | undefined, string]>([
    ['shapes', 'ADD', [float32([2], [1, 2]), float32([3], [1, 2, 3])], undefined, 'MODEL_SHAPE'],
    ['dtypes', 'ADD', [float32([1], [1]), int32([1], [1])], undefined, 'UNSUPPORTED_DTYPE'],
    ['a missing operand', 'ADD', [float32([1], [1])], undefined, 'MODEL_OPERAND'],
    ['an integer over 0', 'DIV', [int32([1], [1]), int32([1], [0])], undefined, 'MODEL_DIVISION'],
    ['an axis', 'ARG_MAX', [float32([2], [1, 2]), int32([], [4])], ['ArgMaxOptions', {}], 'MODEL_SHAPE'],
    [
      'weights in an order of their own',
      'FULLY_CONNECTED',
      [float32([1, 1], [1]), float32([1, 1], [1])],
      ['FullyConnectedOptions', { weights_format: 'SHUFFLED4x16INT8' }],
      'UNSUPPORTED_DTYPE',
    ],
    ['an index', 'GATHER', [float32([2], [1, 2]), int32([1], [2])], ['GatherOptions', {}], 'MODEL_SHAPE'],
    ['a size', 'RESHAPE', [float32([3], [1, 2, 3]), int32([1], [2])], undefined, 'MODEL_SHAPE'],
    ['a stride of 0', 'MAX_POOL_2D', [float32([1, 1, 1, 1], [1])], ['Pool2DOptions', { filter_height: 1, filter_width: 1 }], 'MODEL_SHAPE'],
    ['a result that no machine holds', 'FILL', [int32([2], [2 ** 30, 2 ** 30]), float32([], [1])], undefined, 'UNSUPPORTED_SIZE'],
  ])('%s', async (_, type, operands, options, code) => {
    const outputs = [{ type: operands[0]!.dtype.toUpperCase() }]
    await expect(compute(type, operands, outputs, options)).rejects.toMatchObject({ code })
  })
})
