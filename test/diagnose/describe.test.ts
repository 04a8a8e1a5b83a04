/** Ops in short, as each dialect has them. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../kernels/tensor.js'
import { describeOp } from '../../src/diagnose/describe.js'
import { ParityError } from '../../src/graph/errors.js'
import type { Attribute, Dialect } from '../../src/graph/graph.js'
import { float16, float32, MIL, type NodeSketch, sketchModel } from '../support/graphs.js'

const TFLITE: Dialect = { name: 'tflite', version: '3' }
const NEURAL_NETWORK: Dialect = { name: 'neuralnetwork', version: '4' }

const int32 = (shape: number[], data: number[]): Tensor => ({ dtype: 'int32', shape, data: Int32Array.from(data) })
const bool = (shape: number[], data: number[]): Tensor => ({ dtype: 'bool', shape, data: Uint8Array.from(data) })
const words = (...data: string[]): Tensor => ({ dtype: 'string', shape: data.length === 1 ? [] : [data.length], data })
const zeros = (shape: number[]) => float32(shape, new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0))

/** One op on the value x of shape [1, 2, 2, 3]. */
function described(dialect: Dialect, sketch: Omit<NodeSketch, 'output'>) {
  const { graph } = sketchModel({ x: { dtype: 'float32', shape: [1, 2, 2, 3] } }, [{ ...sketch, output: 'y' }], ['y'], dialect)
  return describeOp(graph.nodes[0]!, graph)
}

const attributesOf = (dialect: Dialect, attributes: Record<string, Attribute>, inputs: NodeSketch['inputs'] = {}) =>
  described(dialect, { type: 'op', inputs, attributes }).attributes

describe('describeOp', () => {
  it('says what a TFLite op does, in the order of the file', () => {
    const attributes = { padding: 'SAME', stride_w: 2, stride_h: 2, fused_activation_function: 'RELU6', quantized: false }
    const inputs = { input: 'x', filter: zeros([8, 3, 3, 3]), bias: float32([2], [0.5, -1]) }
    const { op, attributes: shown, operands } = described(TFLITE, { type: 'CONV_2D', inputs, attributes })
    expect(op).toEqual({ name: 'y', type: 'CONV_2D' })
    expect(Object.entries(shown)).toEqual([
      ['padding', 'SAME'],
      ['stride_w', '2'],
      ['stride_h', '2'],
      ['fused_activation_function', 'RELU6'],
      ['bias', '[0.5, -1]'],
    ])
    expect(Object.entries(operands)).toEqual([
      ['input', 'x [1, 2, 2, 3]'],
      ['filter', 'float32[8,3,3,3]'],
    ])
  })

  it('says what an op of an ML Program does, by name: what is an attribute elsewhere is a small constant here', () => {
    const inputs = {
      x: 'x',
      weight: zeros([8, 3, 3, 3]),
      strides: int32([2], [1, 2]),
      pad_type: words('same'),
      groups: int32([], [1]),
      flag: bool([], [0]),
    }
    const { attributes, operands } = described(MIL, { type: 'conv', inputs, attributes: { name: 'conv_7' } })
    expect(Object.entries(attributes)).toEqual([
      ['flag', 'false'],
      ['groups', '1'],
      ['pad_type', 'same'],
      ['strides', '[1, 2]'],
    ])
    expect(Object.entries(operands)).toEqual([
      ['weight', 'float32[8,3,3,3]'],
      ['x', 'x [1, 2, 2, 3]'],
    ])
  })

  it('flattens the messages of a neural network’s layer', () => {
    const attributes = {
      type: 'AVERAGE',
      kernelSize: [2, 2],
      valid: { paddingAmounts: { borderAmounts: [{ startEdgeSize: 0, endEdgeSize: 1 }] } },
      globalPooling: false,
      outputShape: [],
    }
    expect(attributesOf(NEURAL_NETWORK, attributes)).toEqual({
      type: 'AVERAGE',
      kernelSize: '[2, 2]',
      'valid.paddingAmounts.borderAmounts': '[[0, 1]]',
    })
  })

  it.each<[string, Record<string, Attribute>, Record<string, string>]>([
    ['without parameters', { ReLU: {} }, { ReLU: 'set' }],
    ['with parameters', { leakyReLU: { alpha: 0.3 } }, { 'leakyReLU.alpha': '0.3' }],
    ['within a message', { activation: { tanh: {} } }, { activation: 'tanh' }],
    [
      'within a message, with parameters',
      { activation: { linear: { alpha: 2, beta: 0 } } },
      { 'activation.linear.alpha': '2', 'activation.linear.beta': '0' },
    ],
    ['beside other fields', { reflection: {}, amounts: { top: 1 } }, { reflection: 'set', 'amounts.top': '1' }],
    ['within a list', { activations: [{ sigmoid: {} }, { linear: { alpha: 2, beta: 1 } }] }, { activations: '[sigmoid, linear(2, 1)]' }],
  ])('shows a choice %s', (_, attributes, shown) => {
    expect(attributesOf(NEURAL_NETWORK, attributes)).toEqual(shown)
  })

  it('leaves out what is empty or off, and what only held weights, but no zero', () => {
    const attributes = { label: '', flag: false, list: [], bytes: new Uint8Array(0), weightParams: [{}, {}], axis: 0, set: {} }
    const inputs = { 'weightParams.0.gate': zeros([9]) }
    expect(attributesOf(NEURAL_NETWORK, attributes, inputs)).toEqual({ axis: '0', set: 'set' })
    expect(attributesOf(NEURAL_NETWORK, { weightParams: [{}, {}] })).toEqual({ weightParams: '[{}, {}]' })
  })

  it.each<[string, Attribute, string]>([
    ['a float32 number', Math.fround(0.1), '0.1'],
    ['a small one', Math.fround(1e-5), '1e-5'],
    ['a double', 0.1234567890123, '0.1234567890123'],
    ['the largest float32', 3.4028234663852886e38, '3.4028235e38'],
    ['a large integer', 2147483647, '2147483647'],
    ['a 64-bit integer', 9007199254740993n, '9007199254740993'],
    ['minus zero', -0, '-0'],
    ['NaN', Number.NaN, 'NaN'],
    ['a flag', true, 'true'],
    ['bytes', new Uint8Array(3), '3 bytes'],
    ['a list of texts', ['a', ''], '[a, ""]'],
    ['a list of lists', [[1, 2], [3]], '[[1, 2], [3]]'],
    ['a tensor', int32([2, 2], [1, 2, 3, 4]), '[[1, 2], [3, 4]]'],
    ['a larger tensor', zeros([3, 3]), 'float32[3,3]'],
  ])('spells %s', (_, value, text) => {
    expect(attributesOf(TFLITE, { value })).toEqual({ value: text })
  })

  it.each<[string, Tensor, string]>([
    ['a scalar', float32([], [Math.fround(0.7)]), '0.7'],
    ['float16', float16([2], [0.0999755859375, 2 ** -24]), '[0.1, 5.96e-8]'],
    ['float64', { dtype: 'float64', shape: [1], data: Float64Array.of(0.1) }, '[0.1]'],
    ['flags', bool([2], [1, 0]), '[true, false]'],
    ['64-bit integers', { dtype: 'int64', shape: [1], data: BigInt64Array.of(-5n) }, '[-5]'],
    ['words', words('fp16', ''), '[fp16, ""]'],
    ['eight elements', int32([4, 2], [0, 0, 1, 1, 2, 2, 0, 0]), '[[0, 0], [1, 1], [2, 2], [0, 0]]'],
    ['no elements', int32([0], []), '[]'],
  ])('spells a constant: %s', (_, constant, text) => {
    expect(attributesOf(MIL, {}, { c: constant })).toEqual({ c: text })
  })

  it('names a constant of nine elements, of complex numbers, and one that cannot be read', () => {
    const complex: Tensor = { dtype: 'complex64', shape: [1], data: new Float32Array(2) }
    const { graph } = sketchModel({}, [{ type: 'op', inputs: { nine: zeros([9]), complex, lost: zeros([1]) }, output: 'y' }], ['y'])
    const [nine, lost] = [graph.values.get('y/nine')!.constant!, graph.values.get('y/lost')!.constant!]
    nine.storage = '8-bit linear'
    lost.read = () => {
      throw new ParityError('MODEL_WEIGHTS_MISSING', { what: 'there is no such file' })
    }
    const shown = describeOp(graph.nodes[0]!, graph)
    expect(shown.attributes).toEqual({})
    expect(shown.operands).toEqual({ nine: 'float32[9] 8-bit linear', complex: 'complex64[1]', lost: 'float32[1]' })
  })

  it('spells numbers that were stored as float16 as such', () => {
    const { graph } = sketchModel({}, [{ type: 'op', inputs: { c: float32([1], [0.0999755859375]) }, output: 'y' }], ['y'])
    expect(describeOp(graph.nodes[0]!, graph).attributes).toEqual({ c: '[0.099975586]' })
    graph.values.get('y/c')!.constant!.storage = 'float16'
    expect(describeOp(graph.nodes[0]!, graph).attributes).toEqual({ c: '[0.1]' })
  })

  it('numbers the operands of one parameter, and leaves out those that are omitted', () => {
    const { graph } = sketchModel({ x: { dtype: 'float32', shape: [3] } }, [{ type: 'concat', inputs: {}, output: 'y' }], ['y'])
    const node = graph.nodes[0]!
    node.inputs = ['x', null, 'outer'].map((value) => ({ parameter: 'values', value }))
    node.inputs.push({ parameter: 'mask', value: null })
    expect(describeOp(node, graph).operands).toEqual({ 'values.0': 'x [3]', 'values.2': 'outer' })
  })

  it('keeps the order of more than ten operands of one parameter where names are sorted', () => {
    const { graph } = sketchModel({}, [{ type: 'concat', inputs: {}, output: 'y' }], ['y'])
    const node = graph.nodes[0]!
    node.inputs = Array.from({ length: 14 }, (_, i) => ({ parameter: 'values', value: `v${i}` }))
    const { operands } = describeOp(node, graph)
    expect(Object.keys(operands).slice(1, 3)).toEqual(['values.1', 'values.2'])
    expect(Object.entries(operands).slice(11)).toEqual([
      ['values.11', 'v11'],
      ['…', '2 more'],
    ])
  })

  it('shows dimensions and ranks that are not known', () => {
    const { graph } = sketchModel({}, [{ type: 'op', inputs: { a: 'a', b: 'b' }, output: 'y' }], ['y'])
    graph.values.set('a', { name: 'a', dtype: 'float32', shape: [null, 3] }).set('b', { name: 'b', dtype: 'float32', shape: null })
    expect(describeOp(graph.nodes[0]!, graph).operands).toEqual({ a: 'a [?, 3]', b: 'b' })
  })

  it('lists twelve attributes, and counts the others', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i]))
    expect(Object.keys(attributesOf(TFLITE, many(12)))).toHaveLength(12)
    expect(Object.entries(attributesOf(TFLITE, many(15))).slice(11)).toEqual([
      ['a11', '11'],
      ['…', '3 more'],
    ])
  })

  it('keeps texts to 60 characters: the end of a value goes, the middle of a name', () => {
    const text = attributesOf(TFLITE, { axes: Array.from({ length: 1e5 }, (_, i) => i), word: 'w'.repeat(61), fits: 'w'.repeat(60) })
    expect(text['axes']).toBe('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …')
    expect(text['word']).toBe(`${'w'.repeat(59)}…`)
    expect(text['fits']).toBe('w'.repeat(60))
    const long = `begin/${'middle/'.repeat(20)}end`
    const { graph } = sketchModel(
      { [long]: { dtype: 'float32', shape: [1, 2] } },
      [{ type: 'op', inputs: { [long]: long }, output: 'y' }],
      ['y'],
    )
    const [[parameter, operand]] = Object.entries(describeOp(graph.nodes[0]!, graph).operands) as [[string, string]]
    expect(operand).toMatch(/^begin\/.*….*\/end \[1, 2\]$/)
    expect([operand.length, parameter.length]).toEqual([60, 60])
  })

  it('shows control characters instead of sending them', () => {
    const { attributes, operands } = described(MIL, {
      type: 'op',
      inputs: { x: 'x', word: words('a\u001b[31mb') },
      attributes: { 'k\n': 'c\u202ed' },
    })
    expect(attributes).toEqual({ 'k\\u000a': 'c\\u202ed', word: 'a\\u001b[31mb' })
    expect(operands).toEqual({ x: 'x [1, 2, 2, 3]' })
  })

  it('keeps a name that objects have of their own', () => {
    const attributes = Object.fromEntries([['__proto__', 3]])
    expect(Object.entries(attributesOf(TFLITE, attributes))).toEqual([['__proto__', '3']])
  })
})
