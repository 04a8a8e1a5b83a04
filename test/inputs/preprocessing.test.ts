import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { inferFromGraph, preprocessingOf, scalesItself } from '../../src/inputs/preprocessing.js'
import { array, chain, image, model } from './files.js'

const scalar = (value: number) => tensor('float32', [], Float32Array.of(value))
const perChannel = (...values: number[]) => tensor('float32', [1, 3, 1, 1], Float32Array.from(values))

describe('inferFromGraph', () => {
  const input = image('photo', 'BGR', 4, 4)
  const infer = (ops: Parameters<typeof chain>[1]) => inferFromGraph(model('mlpackage', [input], chain('photo', ops)), input)

  it('reads mul and add, through casts and transposes', () => {
    expect(
      infer([
        { type: 'mul', constant: scalar(0.5) },
        { type: 'cast' },
        { type: 'add', constant: perChannel(-1, -2, -3) },
        { type: 'transpose' },
        { type: 'conv' },
      ]),
    ).toEqual({
      scale: 0.5,
      bias: [-1, -2, -3],
    })
  })
  it('reads sub and real_div, and constants in front', () => {
    expect(
      infer([
        { type: 'sub', constant: scalar(128) },
        { type: 'real_div', constant: scalar(64) },
      ]),
    ).toEqual({ scale: 1 / 64, bias: [-2] })
    expect(infer([{ type: 'sub', constant: scalar(255), constantFirst: true }])).toEqual({ scale: -1, bias: [255] })
    expect(infer([{ type: 'real_div', constant: scalar(2), constantFirst: true }])).toBeNull()
  })
  it('stops at what no description of an image says', () => {
    expect(infer([{ type: 'mul', constant: perChannel(1, 2, 3) }])).toBeNull()
    expect(infer([{ type: 'mul', constant: scalar(0.5) }, { type: 'relu' }, { type: 'add', constant: scalar(1) }])).toEqual({
      scale: 0.5,
      bias: [0],
    })
    expect(infer([])).toBeNull()
  })
  it('stops where a value has two readers', () => {
    const graph = chain('photo', [
      { type: 'mul', constant: scalar(0.5) },
      { type: 'add', constant: scalar(1) },
    ])
    const [first, second] = graph.nodes!
    const forked = model('mlpackage', [input], { ...graph, nodes: [first!, second!, { ...second!, name: 'other', outputs: ['other'] }] })
    expect(inferFromGraph(forked, input)).toEqual({ scale: 0.5, bias: [0] })
  })
})

describe('preprocessingOf', () => {
  it('prefers what the description declares', () => {
    const declared = { scale: 2, bias: [1, 1, 1] }
    const input = image('photo', 'RGB', 4, 4, declared)
    expect(preprocessingOf(model('mlmodel', [input], chain('photo', [{ type: 'mul', constant: scalar(9) }])), input)).toBe(declared)
  })
  it('leaves out the steps that the source begins with too', () => {
    const input = image('photo', 'RGB', 4, 4)
    const own = { type: 'mul', constant: scalar(1 / 3) }
    const target = model(
      'mlpackage',
      [input],
      chain('photo', [
        { type: 'mul', constant: scalar(0.5) },
        { type: 'add', constant: scalar(-1) },
        { type: 'mul', constant: scalar(0.33325195) },
      ]),
    )
    const source = { input: array('photo', 'float32', [1, 4, 4, 3]), model: model('tflite', [], chain('photo', [own])) }
    expect(preprocessingOf(target, input, source)).toEqual({ scale: 0.5, bias: [-1] })
    const other = { ...source, model: model('tflite', [], chain('photo', [{ type: 'mul', constant: scalar(0.4) }])) }
    expect(preprocessingOf(target, input, other).scale).toBeCloseTo(0.5 * 0.33325195, 8)
  })
  it('is the pixels themselves where nothing is found', () => {
    const input = image('photo', 'RGB', 4, 4)
    expect(preprocessingOf(model('mlpackage', [input]), input)).toEqual({ scale: 1, bias: [0, 0, 0] })
  })
})

describe('a network that scales itself', () => {
  const x = array('x', 'float32', [1, 4, 5, 3])
  const constant = tensor('float32', [1, 3], Float32Array.of(1, 2, 3))
  const scales = (...ops: Parameters<typeof chain>[1]) => scalesItself({ graph: model('tflite', [x], chain('x', ops)).graph }, x)

  it.each<[string, Parameters<typeof chain>[1]]>([
    ['arithmetic with a constant', [{ type: 'MUL', constant }]],
    ['arithmetic behind what moves pixels', [{ type: 'cast' }, { type: 'PAD' }, { type: 'sub', constant, constantFirst: true }]],
    ['a normalization', [{ type: 'batch_norm' }]],
  ])('begins with %s', (_, ops) => {
    expect(scales(...ops)).toBe(true)
  })

  it.each<[string, Parameters<typeof chain>[1]]>([
    [
      'a convolution',
      [
        { type: 'CONV_2D', constant },
        { type: 'MUL', constant },
      ],
    ],
    ['an activation', [{ type: 'relu' }, { type: 'MUL', constant }]],
    ['nothing', []],
  ])('does not begin with %s', (_, ops) => {
    expect(scales(...ops)).toBe(false)
  })

  it('may read packed constants, or its own mean', () => {
    const { nodes, values } = chain('x', [{ type: 'MUL', constant }]) as Required<ReturnType<typeof chain>>
    const [op] = nodes
    const read = (value: string, from: string) => ({
      ...op!,
      type: value,
      name: value,
      inputs: [{ parameter: 'x', value: from }],
      outputs: [value],
    })
    const graphOf = (...own: typeof nodes) => ({ graph: model('tflite', [x], { nodes: own, values }).graph })
    const by = (value: string) => ({
      ...op!,
      inputs: [
        { parameter: 'x', value: 'x' },
        { parameter: 'y', value },
      ],
    })
    expect(scalesItself(graphOf(read('DEQUANTIZE', 'c0'), by('DEQUANTIZE')), x)).toBe(true)
    expect(scalesItself(graphOf(read('MEAN', 'x'), by('MEAN')), x)).toBe(true)
    expect(scalesItself(graphOf(read('RELU', 'x'), by('RELU')), x)).toBe(false)
  })
})
