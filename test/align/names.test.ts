import { describe, expect, it } from 'vitest'
import { nameLikeness, partsOf } from '../../src/align/names.js'

describe('partsOf', () => {
  it('separates fused names and sanitizes them', () => {
    expect(partsOf('StatefulPartitionedCall/model/relu/Relu;model/conv/BiasAdd:0')).toEqual(['relu_relu', 'conv_biasadd'])
  })
})

describe('nameLikeness', () => {
  it.each([
    ['model/conv/Relu', 'model_conv_Relu', 1],
    ['model/conv/Relu', 'model_conv_Relu_nchw', 0.9],
    ['a/b;c/d', 'c_d', 0.7],
    ['model/conv/Relu', 'model_1_conv_Relu', 1],
    ['model/conv/Relu', 'other_conv_Relu', 0.8],
    ['conv', 'pool', 0],
    ['x', '', 0],
  ])('%s and %s: %d', (source, target, likeness) => {
    expect(nameLikeness(source, target)).toBeCloseTo(likeness, 6)
  })
})
