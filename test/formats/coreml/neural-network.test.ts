import { afterAll, describe, expect, it } from 'vitest'
import { halfBits } from '../../../kernels/float16.js'
import { openModel } from '../../../src/formats/index.js'
import type { Graph, Node } from '../../../src/graph/graph.js'
import type { Model } from '../../../src/graph/model.js'
import {
  array,
  encodeModel,
  type Fields,
  feature,
  floats,
  image,
  layer,
  type NetworkParts,
  networkModel,
  scratch,
  weights,
} from '../../support/coreml.js'

const folder = scratch()
afterAll(() => folder.remove())

let files = 0
const open = (model: Fields): Promise<Model> => openModel(folder.write(`${files++}.mlmodel`, encodeModel(model)))
const openNetwork = (parts: NetworkParts): Promise<Model> => open(networkModel(parts))
const read = (graph: Graph, name: string) => graph.values.get(name)!.constant!.read()
const values = (graph: Graph, name: string): number[] => Array.from(read(graph, name).data as Float32Array)
const operand = (node: Node, parameter: string): string | null | undefined =>
  node.inputs.find((input) => input.parameter === parameter)?.value

const dense = (name: string, input: string, output: string, more: Fields = {}): Fields =>
  layer(name, 'innerProduct', [input], [output], { inputChannels: 2, outputChannels: 2, weights: weights([1, 2, 3, 4]), ...more })

describe('layers', () => {
  it('become nodes with their weights as constants and their parameters as attributes', async () => {
    const model = await openNetwork({
      layers: [
        layer('conv', 'convolution', ['x'], ['y'], {
          outputChannels: 1,
          kernelChannels: 1,
          nGroups: 1,
          kernelSize: [1, 1],
          stride: [2, 1],
          same: { asymmetryMode: 'TOP_LEFT_HEAVY' },
          hasBias: true,
          weights: weights([0.5]),
          bias: weights([-1]),
        }),
      ],
      input: [array('x', [1, 1, 4, 4])],
      output: [array('y', [1, 1, 2, 4])],
    })
    const [node] = model.graph.nodes
    expect(node).toMatchObject({
      name: 'conv',
      type: 'convolution',
      where: 'layer 0',
      dialect: { name: 'neuralnetwork', version: '4', arrayMapping: 'exact', imageMapping: 'rank4' },
      outputs: ['y'],
      inputs: [
        { parameter: 'input', value: 'x' },
        { parameter: 'weights', value: 'conv/weights' },
        { parameter: 'bias', value: 'conv/bias' },
      ],
    })
    expect(node!.attributes).toEqual({
      outputChannels: 1,
      kernelChannels: 1,
      nGroups: 1,
      kernelSize: [1, 1],
      stride: [2, 1],
      dilationFactor: [],
      same: { asymmetryMode: 'TOP_LEFT_HEAVY' },
      isDeconvolution: false,
      hasBias: true,
      outputShape: [],
    })
    expect(read(model.graph, 'conv/bias')).toEqual({ dtype: 'float32', shape: [1], data: new Float32Array([-1]) })
  })

  it('names weights inside messages by their path', async () => {
    const lstm = { inputGateWeightMatrix: weights([1]), outputGateBiasVector: weights([2]) }
    const model = await openNetwork({
      layers: [
        layer('p', 'activation', ['x'], ['a'], { PReLU: { alpha: weights([0.25]) } }),
        layer('l', 'biDirectionalLSTM', ['a'], ['y'], { inputVectorSize: 1, outputVectorSize: 1, weightParams: [lstm, lstm] }),
      ],
      input: [array('x', [1])],
      output: [array('y', [1])],
    })
    const [activation, recurrent] = model.graph.nodes
    expect(activation!.attributes).toEqual({ PReLU: {} })
    expect(operand(activation!, 'PReLU.alpha')).toBe('p/PReLU.alpha')
    expect(operand(recurrent!, 'weightParams.1.outputGateBiasVector')).toBe('l/weightParams.1.outputGateBiasVector')
    expect(values(model.graph, 'l/weightParams.1.outputGateBiasVector')).toEqual([2])
  })

  it('gives every writing of a name a value, and the last one the name', async () => {
    const model = await openNetwork({
      layers: [dense('a', 'x', 't'), dense('a', 't', 't'), dense('', 't', 'y')],
      input: [array('x', [2])],
      output: [array('y', [2]), array('t', [2])],
    })
    expect(model.graph.nodes.map(({ name, outputs }) => [name, outputs[0]])).toEqual([
      ['a', 't#1'],
      ['a#1', 't'],
      ['#2', 'y'],
    ])
    expect(operand(model.graph.nodes[2]!, 'input')).toBe('t')
    expect(model.graph.outputs).toEqual(['y', 't'])
  })

  it('of an unknown kind are refused with their place', async () => {
    const unknown = { ...layer('odd', 'copy', ['x'], ['y']), copy: undefined }
    await expect(openNetwork({ layers: [unknown], input: [array('x', [1])], output: [array('y', [1])] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_LAYER',
      where: expect.stringContaining('layer 0, unknown odd'),
    })
  })

  it('that read what nobody made are refused', async () => {
    await expect(
      openNetwork({ layers: [dense('d', 'z', 'y')], input: [array('x', [2])], output: [array('y', [2])] }),
    ).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      what: expect.stringContaining('input z'),
    })
  })

  it('keep custom parameters and their oneofs', async () => {
    const parameters = { gain: { doubleValue: 0.5 }, label: { stringValue: 's' }, __proto__x: { boolValue: true } }
    const model = await openNetwork({
      layers: [layer('c', 'custom', ['x'], ['y'], { className: 'Swish', weights: [weights([1, 2])], parameters })],
      input: [array('x', [2])],
      output: [array('y', [2])],
    })
    const [node] = model.graph.nodes
    expect(node!.attributes).toMatchObject({ className: 'Swish', parameters })
    expect(operand(node!, 'weights.0')).toBe('c/weights.0')
  })
})

describe('weights', () => {
  const quantized = async (weight: Fields, layerFields: Fields = {}): Promise<Model> =>
    openNetwork({
      layers: [dense('d', 'x', 'y', { weights: weight, ...layerFields })],
      input: [array('x', [2])],
      output: [array('y', [2])],
    })

  it('of float16 are decoded', async () => {
    const model = await quantized({ float16Value: Buffer.from(Uint16Array.from([0.5, 1, -2, 65504], halfBits).buffer) })
    expect(values(model.graph, 'd/weights')).toEqual([0.5, 1, -2, 65504])
    expect(model.graph.values.get('d/weights')!.constant).toMatchObject({ storage: 'float16', byteLength: 8 })
  })

  it.each([
    [1, [1, 0, 1, 1], [0b10110000]],
    [2, [3, 0, 1, 2], [0b11000110]],
    [3, [7, 0, 5, 2], [0b11100010, 0b10100000]],
    [4, [15, 1, 8, 0], [0xf1, 0x80]],
    [5, [31, 0, 17, 4], [0b11111000, 0b00100010, 0b01000000]],
    [6, [63, 0, 33, 4], [0b11111100, 0b00001000, 0b01000100]],
    [7, [127, 0, 65, 4], [0b11111110, 0b00000010, 0b00001000, 0b01000000]],
    [8, [255, 0, 129, 4], [255, 0, 129, 4]],
  ])('of %i bits are unpacked from the highest bit', async (bits, levels, raw) => {
    const quantization = { numberOfBits: bits, linearQuantization: { scale: floats([2, 4]), bias: floats([-1, 0]) } }
    const model = await quantized({ rawValue: Buffer.from(raw), quantization })
    const expected = levels.map((level, i) => (i < 2 ? level * 2 - 1 : level * 4))
    expect(values(model.graph, 'd/weights')).toEqual(expected)
    expect(model.graph.values.get('d/weights')!.constant!.storage).toBe(`${bits}-bit linear per channel`)
  })

  it('of a lookup table are looked up', async () => {
    const quantization = { numberOfBits: 2, lookupTableQuantization: { floatValue: floats([10, 20, 30, 40]) } }
    const model = await quantized({ rawValue: Buffer.from([0b11000110]), quantization })
    expect(values(model.graph, 'd/weights')).toEqual([40, 10, 20, 30])
  })

  it('of a deconvolution have their scales along the second axis', async () => {
    const quantization = { numberOfBits: 8, linearQuantization: { scale: floats([1, 10]), bias: floats([0, 0]) } }
    const parameters = { outputChannels: 2, kernelChannels: 2, nGroups: 1, kernelSize: [1, 2], isDeconvolution: true }
    const raw = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])
    const model = await openNetwork({
      layers: [layer('d', 'convolution', ['x'], ['y'], { ...parameters, weights: { rawValue: raw, quantization } })],
      input: [array('x', [1, 2, 2, 2])],
      output: [array('y', [1, 2, 2, 3])],
    })
    expect(values(model.graph, 'd/weights')).toEqual([1, 2, 30, 40, 5, 6, 70, 80])
  })

  it('of int8 for run-time quantization keep their scale', async () => {
    const quantization = { numberOfBits: 8, linearQuantization: { scale: floats([0.5]) } }
    const model = await quantized(
      { int8RawValue: Buffer.from(Int8Array.from([-128, 127, 1, 0]).buffer), quantization },
      { int8DynamicQuantize: true },
    )
    expect(values(model.graph, 'd/weights')).toEqual([-64, 63.5, 0.5, 0])
    expect(model.graph.nodes[0]!.attributes['weights']).toEqual({ numberOfBits: 8, scale: [0.5], bias: [0] })
  })

  it.each([
    ['too few bytes', { rawValue: Buffer.from([1, 2, 3]), quantization: { numberOfBits: 8, linearQuantization: { scale: floats([1]) } } }],
    ['nine bits', { rawValue: Buffer.from([1, 2, 3, 4]), quantization: { numberOfBits: 9, linearQuantization: { scale: floats([1]) } } }],
    ['no scale', { rawValue: Buffer.from([1, 2, 3, 4]), quantization: { numberOfBits: 8, linearQuantization: {} } }],
    [
      'three scales',
      { rawValue: Buffer.from([1, 2, 3, 4]), quantization: { numberOfBits: 8, linearQuantization: { scale: floats([1, 2, 3]) } } },
    ],
    [
      'a short table',
      { rawValue: Buffer.from([1, 2, 3, 4]), quantization: { numberOfBits: 8, lookupTableQuantization: { floatValue: floats([1]) } } },
    ],
    ['no parameters', { rawValue: Buffer.from([1, 2, 3, 4]) }],
    ['half a float', { floatValue: [Buffer.from([1, 2, 3])] }],
    ['half a float16', { float16Value: Buffer.from([1, 2, 3]) }],
  ])('with %s are refused', async (_, weight) => {
    await expect(quantized(weight)).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      where: expect.stringContaining('innerProduct d, weights'),
    })
  })

  it('that are not packed are read all the same', async () => {
    const text = (value: string): Buffer => Buffer.from(value)
    const loose = [1, 2, 3, 4].map((value) => Buffer.concat([Buffer.from([0x0d]), floats([value])[0]!]))
    const parameters = message(140, [Buffer.from([0x08, 2, 0x10, 2]), message(20, loose)])
    const fields = [message(1, [text('d')]), message(2, [text('x')]), message(3, [text('y')]), parameters]
    const description = encodeModel({ specificationVersion: 4, description: { input: [array('x', [2])], output: [array('y', [2])] } })
    const bytes = Buffer.concat([description, message(500, [message(1, fields), Buffer.from([0x28, 1])])])
    const model = await openModel(folder.write('loose.mlmodel', bytes))
    expect(values(model.graph, 'd/weights')).toEqual([1, 2, 3, 4])
  })
})

/** A field of a protobuf that holds a message or text of less than 128 bytes. */
function message(field: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const tag = (field << 3) | 2
  return Buffer.concat([Buffer.from(tag < 128 ? [tag, body.length] : [(tag & 127) | 128, tag >> 7, body.length]), body])
}

describe('inputs and outputs', () => {
  const identity = (input: Fields, network: Fields = {}): Promise<Model> =>
    openNetwork({ layers: [layer('c', 'copy', [String(input['name'])], ['y'])], input: [input], output: [array('y', [])], network })

  it.each([
    [[3], [1, 1, 3, 1, 1]],
    [
      [3, 4, 5],
      [1, 1, 3, 4, 5],
    ],
    [
      [2, 1, 3, 4, 5],
      [2, 1, 3, 4, 5],
    ],
  ])('maps an array of shape %j to rank 5', async (shape, expected) => {
    const { graph, inputs } = await identity(array('x', shape), { arrayInputShapeMapping: 'RANK5_ARRAY_MAPPING' })
    expect(graph.values.get('x')!.shape).toEqual(expected)
    expect(graph.nodes[0]!.dialect.arrayMapping).toBe('rank5')
    expect(inputs[0]!.shape).toEqual(shape)
  })

  it('reads flexible shapes, defaults and optional inputs', async () => {
    const enumeratedShapes = { shapes: [{ shape: [1, 4] }, { shape: [2, 4] }] }
    const listed = await identity(array('x', [], 'DOUBLE', { enumeratedShapes }))
    expect(listed.inputs[0]).toMatchObject({
      shape: [1, 4],
      dtype: 'float64',
      flexibility: {
        kind: 'enumerated',
        shapes: [
          [1, 4],
          [2, 4],
        ],
      },
    })
    expect(listed.graph.values.get('x')!.shape).toEqual([null, 4])

    const sizeRanges = [
      { lowerBound: 1, upperBound: -1 },
      { lowerBound: 4, upperBound: 4 },
    ]
    const optional = {
      name: 'x',
      type: { multiArrayType: { dataType: 'INT32', shape: [], shapeRange: { sizeRanges }, intDefaultValue: 7 }, isOptional: true },
    }
    const ranged = await identity(optional)
    expect(ranged.inputs[0]).toEqual({
      name: 'x',
      kind: 'multiarray',
      dtype: 'int32',
      shape: [1, 4],
      default: 7,
      optional: true,
      flexibility: {
        kind: 'range',
        ranges: [
          { min: 1, max: null },
          { min: 4, max: 4 },
        ],
      },
    })
  })

  it.each([
    ['RGB', [4, 5, 3], [1, 3, 4, 5], [1, 2, 3]],
    ['BGR', [4, 5, 3], [1, 3, 4, 5], [3, 2, 1]],
    ['GRAYSCALE', [4, 5], [1, 1, 4, 5], [9]],
  ])('gives a %s image its preprocessing in the order of the channels', async (color, shape, value, bias) => {
    const scaler = { channelScale: 0.5, redBias: 1, greenBias: 2, blueBias: 3, grayBias: 9 }
    const { graph, inputs } = await identity(image('i', 5, 4, color), { preprocessing: [{ featureName: 'i', scaler }] })
    expect(inputs[0]).toMatchObject({
      kind: 'image',
      dtype: 'uint8',
      shape,
      image: { width: 5, height: 4, preprocessing: { scale: 0.5, bias } },
    })
    expect(graph.values.get('i')!.shape).toEqual(value)
  })

  it('reads a mean image, and sizes as height and width', async () => {
    const imageSizeRange = { widthRange: { lowerBound: 1, upperBound: 8 }, heightRange: { lowerBound: 2, upperBound: -1 } }
    const { inputs, graph } = await identity(image('i', 2, 2, 'GRAYSCALE', { imageSizeRange }), {
      preprocessing: [{ featureName: '', meanImage: { meanImage: floats([1, 2, 3, 4]) } }],
      imageInputShapeMapping: 'RANK5_IMAGE_MAPPING',
    })
    expect(inputs[0]!.image).toMatchObject({
      flexibility: {
        kind: 'range',
        ranges: [
          { min: 2, max: null },
          { min: 1, max: 8 },
        ],
      },
      preprocessing: { scale: 1, bias: [0], mean: { shape: [1, 2, 2], data: new Float32Array([1, 2, 3, 4]) } },
    })
    expect(graph.values.get('i')!.shape).toEqual([1, 1, 1, null, null])
  })

  const between = (lowerBound: number, upperBound: number) => ({ lowerBound, upperBound })
  it.each([
    ['an image of a negative size', image('i', -5, 4), 'An image is -5 wide and 4 high'],
    ['an image of two negative sizes', image('i', -5, -4), 'An image is -5 wide and -4 high'],
    ['an image without a size', image('i', 0, 0), 'An image is 0 wide and 0 high'],
    [
      'an image that may be negative',
      image('i', 2, 2, 'RGB', { enumeratedSizes: { sizes: [{ width: 3, height: 0 }] } }),
      'An image is 3 wide and 0 high',
    ],
    [
      'an image whose sizes run backwards',
      image('i', 2, 2, 'RGB', { imageSizeRange: { widthRange: between(8, 2), heightRange: between(1, 2) } }),
      'A size may vary from 8 to 2',
    ],
    ['an array of a negative size', array('i', [2, -1]), 'An array has the shape [2,-1]'],
    [
      'an array that may be negative',
      array('i', [1], 'FLOAT32', { enumeratedShapes: { shapes: [{ shape: [-7] }] } }),
      'An array has the shape [-7]',
    ],
    [
      'an array whose sizes run backwards',
      array('i', [1], 'FLOAT32', { shapeRange: { sizeRanges: [between(9, 3)] } }),
      'A size may vary from 9 to 3',
    ],
  ])('refuses %s', async (_, input, what) => {
    await expect(identity(input)).rejects.toMatchObject({ code: 'MODEL_BROKEN', what, where: expect.stringContaining('input i') })
  })

  it('takes sizes that may vary, also without an end', async () => {
    const flexible = image('i', 2, 2, 'RGB', { imageSizeRange: { widthRange: between(1, 1), heightRange: between(1, -1) } })
    expect((await identity(flexible)).inputs[0]!.image!.flexibility).toMatchObject({ ranges: [{ max: null }, { min: 1, max: 1 }] })
  })

  it('refuses a mean image of another size', async () => {
    const preprocessing = [{ featureName: 'i', meanImage: { meanImage: floats([1, 2, 3]) } }]
    await expect(identity(image('i', 2, 2, 'GRAYSCALE'), { preprocessing })).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      where: expect.stringContaining('preprocessing of i'),
    })
  })

  it('binds a classifier to the value of its probabilities', async () => {
    const model = await openNetwork({
      type: 'neuralNetworkClassifier',
      layers: [dense('d', 'x', 'scores'), layer('s', 'softmaxND', ['scores'], ['p'], { axis: -1 })],
      input: [array('x', [2])],
      output: [feature('label', 'stringType'), feature('chances', 'dictionaryType', { stringKeyType: {} }), array('scores', [2])],
      description: { predictedFeatureName: 'label', predictedProbabilitiesName: 'chances' },
      network: { stringClassLabels: { vector: ['cat', 'dog'] }, labelProbabilityLayerName: 'p' },
    })
    expect(model.outputs).toMatchObject([
      { name: 'label', kind: 'label', labels: ['cat', 'dog'], value: 'p' },
      { name: 'chances', kind: 'probabilities', shape: [2], labels: ['cat', 'dog'], value: 'p' },
      { name: 'scores', kind: 'multiarray' },
    ])
    expect(model.graph.outputs).toEqual(['scores', 'p'])
  })

  it('takes the last layer for the probabilities where the file does not say', async () => {
    const model = await openNetwork({
      type: 'neuralNetworkClassifier',
      layers: [dense('d', 'x', 'scores')],
      input: [array('x', [2])],
      output: [feature('label', 'int64Type')],
      description: { predictedFeatureName: 'label' },
      network: { int64ClassLabels: { vector: [3, -4] } },
    })
    expect(model.outputs).toEqual([{ name: 'label', kind: 'label', dtype: 'int64', shape: [], labels: [3n, -4n], value: 'scores' }])
  })

  it('refuses features that no network has', async () => {
    await expect(identity(feature('x', 'sequenceType', { stringType: {} }))).rejects.toMatchObject({ code: 'UNSUPPORTED_FEATURE_TYPE' })
    await expect(identity({ name: 'x' })).rejects.toMatchObject({ code: 'UNSUPPORTED_FEATURE_TYPE' })
  })

  it('refuses an output that nothing makes', async () => {
    await expect(
      openNetwork({ layers: [dense('d', 'x', 'y')], input: [array('x', [2])], output: [array('z', [2])] }),
    ).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      what: expect.stringContaining('z'),
    })
  })
})

describe('control flow', () => {
  const copy = (from: string, to: string): Fields => layer(`${from}>${to}`, 'copy', [from], [to])
  const add = (inputs: string[], output: string): Fields => layer(output, 'add', inputs, [output])

  it('turns what a loop carries into variables', async () => {
    const model = await openNetwork({
      layers: [
        copy('x', 'sum'),
        layer('while', 'loop', [], [], {
          conditionVar: 'go',
          conditionNetwork: { layers: [layer('less', 'lessThan', ['sum'], ['go'], { alpha: 10 })] },
          bodyNetwork: { layers: [add(['sum', 'step'], 'next'), copy('next', 'sum')] },
        }),
        copy('sum', 'y'),
      ],
      input: [array('x', [1]), array('step', [1])],
      output: [array('y', [1])],
    })
    const [, loop, last] = model.graph.nodes
    expect(loop!.attributes['variables']).toEqual(['go', 'sum'])
    expect(loop!.inputs).toEqual([
      { parameter: 'variables', value: null },
      { parameter: 'variables', value: 'sum#1' },
    ])
    expect(loop!.outputs).toEqual(['go', 'sum'])
    expect(last!.inputs[0]!.value).toBe('sum')
    const [condition, body] = loop!.bodies
    expect(condition).toMatchObject({ role: 'condition', graph: { inputs: ['sum'], outputs: ['go', 'sum'] } })
    expect(body).toMatchObject({ role: 'body', graph: { inputs: ['go', 'sum'], outputs: ['go', 'sum#1'] } })
    expect(body!.graph.nodes[0]!.inputs.map(({ value }) => value)).toEqual(['sum', 'step'])
    expect(body!.graph.nodes[1]!.where).toBe('layer 1, body, layer 1')
  })

  it('gives a break the variables as they stand, those of branches before it included', async () => {
    const model = await openNetwork({
      layers: [
        copy('x', 'a'),
        layer('for', 'loop', [], [], {
          maxLoopIterations: 3,
          bodyNetwork: {
            layers: [
              layer('if1', 'branch', ['x'], [], { ifBranch: { layers: [copy('x', 'a')] } }),
              layer('if2', 'branch', ['x'], [], { ifBranch: { layers: [layer('stop', 'loopBreak', [], [])] } }),
              add(['x'], 'a'),
            ],
          },
        }),
        copy('a', 'y'),
      ],
      input: [array('x', [1])],
      output: [array('y', [1])],
    })
    const [first, second] = model.graph.nodes[1]!.bodies[0]!.graph.nodes
    expect(first!.outputs).toEqual(['a#1'])
    const [stop] = second!.bodies[0]!.graph.nodes
    expect(stop!.inputs).toEqual([{ parameter: 'variables', value: 'a#1' }])
  })

  it('keeps values that only a body uses inside it', async () => {
    const inside = { layers: [copy('x', 'x2'), copy('x2', 'y')] }
    const model = await openNetwork({
      layers: [layer('if', 'branch', ['x'], [], { ifBranch: inside, elseBranch: { layers: [copy('x', 'y')] } })],
      input: [array('x', [1])],
      output: [array('y', [1])],
    })
    const [branch] = model.graph.nodes
    expect(branch!.outputs).toEqual(['y'])
    expect(branch!.bodies.map(({ role, graph }) => [role, [...graph.values.keys()]])).toEqual([
      ['ifBranch', ['x2', 'y']],
      ['elseBranch', ['y']],
    ])
  })

  it('names the variables that each branch makes where one makes fewer', async () => {
    const parameters = { ifBranch: { layers: [copy('x', 'y')] }, elseBranch: { layers: [copy('x', 'z')] } }
    const model = await openNetwork({
      layers: [layer('if', 'branch', ['x'], [], parameters)],
      input: [array('x', [1])],
      output: [array('y', [1])],
    })
    const [branch] = model.graph.nodes
    expect(branch!.attributes['variables']).toEqual(['y'])
    expect(branch!.bodies.map(({ variables, graph }) => [variables, graph.outputs])).toEqual([
      [['y'], ['y']],
      [[], []],
    ])
  })
})
