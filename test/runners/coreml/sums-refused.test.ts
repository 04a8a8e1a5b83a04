import { expect, test } from 'vitest'
import type { Attribute } from '../../../src/graph/graph.js'
import { type GoldenCase, runGolden } from './golden.js'

const zeros = (parameter: string, ...shape: number[]) => ({
  parameter,
  dtype: 'float32' as const,
  shape,
  data: new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0),
})

type Sketch = [op: string, inputs: GoldenCase['inputs'], attributes: { [key: string]: Attribute }, error: RegExp]

const image = zeros('x', 1, 4, 5, 5)
const blob = zeros('input', 1, 4, 5, 5)
const bytes = (element: number) => ({
  parameter: 'weight',
  dtype: 'uint8' as const,
  shape: [6, 4, 1, 1],
  data: new Array<number>(24).fill(element),
})

const MIL: Sketch[] = [
  ['conv', [image, zeros('weight', 6, 3, 3, 3)], {}, /weights of shape \[6,3,3,3\] and 1 groups for 4 channels/],
  ['conv', [image, zeros('weight', 6, 4, 3)], {}, /weights of shape \[6,4,3\] for an input of shape \[1,4,5,5\]/],
  ['conv', [image, zeros('weight', 6, 4, 3, 3), zeros('bias', 5)], {}, /5 biases, expected 6/],
  ['conv', [image, zeros('weight', 6, 4, 6, 3)], {}, /a window of 6 over 5 elements with 0 of padding/],
  ['conv', [image, zeros('weight', 6, 4, 3, 3)], { strides: [0, 1] }, /strides \[0,1\], expected at least 1 each/],
  ['conv', [image, zeros('weight', 6, 4, 3, 3)], { pad_type: 'custom', pad: [1, 1] }, /padding \[1,1\], expected 4 numbers/],
  ['conv', [image, zeros('weight', 6, 4, 3, 3)], { pad_type: 'full' }, /'full', expected 'valid', 'same'/],
  ['conv', [image, zeros('weight', 6, 4, 3, 3)], { pad_type: 'custom', pad: [0, 2 ** 20, 0, 2 ** 20] }, /would make a tensor of shape/],
  [
    'conv_quantized',
    [image, bytes(1)],
    { quantization_type: 'lut', quant_scale: [1], quant_bias: [0] },
    /quantization_type 'lut': no table/,
  ],
  [
    'conv_quantized',
    [image, bytes(4)],
    { quantization_type: 'linear', nbits: 2, quant_scale: [1], quant_bias: [0] },
    /weight 4, which 2 bits/,
  ],
  [
    'conv_quantized',
    [image, bytes(1)],
    { quantization_type: 'linear', quant_scale: [1, 2], quant_bias: [0] },
    /2 elements in quant_scale, expected 1 or 6/,
  ],
  [
    'conv_transpose',
    [image, zeros('weight', 4, 2, 3, 3)],
    { output_shape: [1, 3, 7, 7] },
    /output_shape \[1,3,7,7\], expected \[1, 2, …\]/,
  ],
  [
    'conv_transpose',
    [image, zeros('weight', 4, 2, 1, 1)],
    { pad_type: 'same_lower' },
    /pad_type' is 'same_lower', expected 'valid', 'same', 'custom'/,
  ],
  ['conv_transpose', [image, zeros('weight', 4, 2, 1, 1)], { pad_type: 'custom', pad: [3, 3, 0, 0] }, /5 elements before padding of/],
  ['max_pool', [image], { kernel_sizes: [2], pad_type: 'valid' }, /kernel_sizes \[2\] for an input of shape/],
  ['batch_norm', [image, zeros('mean', 4), zeros('variance', 3)], {}, /3 numbers as variance, expected 4/],
  ['layer_norm', [image, zeros('gamma', 4)], { axes: [-1] }, /gamma has shape \[4\], expected \[5\]/],
  ['layer_norm', [image], { axes: [4] }, /axes is 4, expected -4 to 3/],
  ['local_response_norm', [image], { size: 0 }, /a window of 0 channels/],
  ['linear', [zeros('x', 2, 3), zeros('weight', 5, 4)], {}, /vectors of 3 by a weight of shape \[5,4\]/],
  ['matmul', [zeros('x', 2, 3), zeros('y', 4, 3)], {}, /multiplies shapes \[2,3\] and \[4,3\]/],
  ['matmul', [zeros('x', 2, 2, 3), zeros('y', 3, 3, 3)], {}, /multiplies shapes/],
  ['einsum', [zeros('values', 2, 3), zeros('values', 3, 2)], { equation: 'ii,ij->j' }, /equation 'ii,ij->j'/],
  ['einsum', [zeros('values', 2, 3), zeros('values', 4, 2)], { equation: 'ij,jk->ik' }, /shapes \[2,3\] and \[4,2\]/],
]

const LAYERS: Sketch[] = [
  ['convolution', [blob], { outputChannels: 2, kernelChannels: 4 }, /has no weights/],
  ['convolution', [blob, zeros('weights', 70)], { outputChannels: 2, kernelChannels: 4 }, /70 weights, expected 72 for \[2,4,3,3\]/],
  ['convolution', [blob, zeros('weights', 72)], { outputChannels: 2, kernelChannels: 4, hasBias: true }, /has no bias/],
  ['pooling', [blob], { kernelSize: [2], valid: {} }, /kernelSize \[2\], expected 2 numbers/],
  ['innerProduct', [zeros('input', 2, 3), zeros('weights', 20)], { inputChannels: 4, outputChannels: 5 }, /vectors of 3/],
  [
    'embeddingND',
    [zeros('input', 2, 2), zeros('weights', 20)],
    { vocabSize: 4, embeddingSize: 5 },
    /end of its input has shape \[2\], expected \[1\]/,
  ],
  ['bias', [blob, zeros('bias', 3)], { shape: [3] }, /bias of shape \[3\] for an input of shape \[1,4,5,5\]/],
  ['dot', [blob, zeros('input', 1, 4, 1, 1)], {}, /the second input has shape/],
  [
    'layerNormalization',
    [blob, zeros('gamma', 4), zeros('beta', 4)],
    { normalizedShape: [4] },
    /normalizedShape \[4\] for an input of shape/,
  ],
]

for (const [dialect, sketches] of [['mil', MIL] as const, ['neuralnetwork', LAYERS] as const]) {
  for (const [op, inputs, attributes, error] of sketches) {
    test(`${op} refuses what its specification does not allow: ${error.source}`, () => {
      const one: GoldenCase = {
        name: op,
        op,
        dialect,
        version: 'CoreML8',
        inputs,
        attributes,
        expected: [{ dtype: 'float32', shape: [], data: [] }],
      }
      expect(() => runGolden(one)).toThrow(error)
      expect(() => runGolden(one)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(MODEL|UNSUPPORTED)_OP/) }))
    })
  }
}

test('an index outside the table of an embedding is named', () => {
  const inputs = [{ ...zeros('input', 1, 1), data: [7] }, zeros('weights', 20)]
  const attributes = { vocabSize: 4, embeddingSize: 5 }
  const one: GoldenCase = {
    name: 'e',
    op: 'embeddingND',
    dialect: 'neuralnetwork',
    version: '5',
    inputs,
    attributes,
    expected: [{ dtype: 'float32', shape: [], data: [] }],
  }
  expect(() => runGolden(one)).toThrow(/index 7 in its input, expected 0 to 3/)
})
