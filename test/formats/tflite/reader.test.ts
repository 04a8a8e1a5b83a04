import { describe, expect, it } from 'vitest'
import { readTflite, recognize } from '../../../src/formats/tflite/index.js'
import { ParityError } from '../../../src/graph/errors.js'
import { modelTables, tflite, writeModel } from './write.js'

const CONV = tflite(
  [
    {
      name: 'net',
      tensors: [
        { name: 'x', shape: [1, 4, 4, 2], signature: [-1, 4, 4, 2] },
        {
          name: 'filter',
          type: 'INT8',
          shape: [3, 1, 1, 2],
          data: Int8Array.of(1, 2, 3, 4, 5, 6),
          scale: [0.5, 0.25, 0.125],
          zeroPoint: [0, 0, 0],
        },
        { name: 'y', shape: [1, 2, 2, 3], signature: [-1, 2, 2, 3] },
      ],
      inputs: [0],
      outputs: [2],
      operators: [
        {
          type: 'CONV_2D',
          inputs: [0, 1, -1],
          outputs: [2],
          options: ['Conv2DOptions', { padding: 'VALID', stride_w: 2, stride_h: 2, fused_activation_function: 'RELU6' }],
        },
      ],
    },
  ],
  {
    description: 'a net',
    signature_defs: [{ signature_key: 'serve', inputs: [{ name: 'image', tensor_index: 0 }], outputs: [{ name: 'y', tensor_index: 2 }] }],
  },
)

describe('readTflite', () => {
  const model = readTflite('net.tflite', CONV)

  it('keeps the values in the order of the tensors', () => {
    expect([...model.graph.values.keys()]).toEqual(['x', 'filter', 'y'])
    expect(model.graph.values.get('x')).toEqual({ name: 'x', dtype: 'float32', shape: [null, 4, 4, 2] })
  })

  it('reads operators with their operands and the names of their enumerations', () => {
    const [node] = model.graph.nodes
    expect(node).toMatchObject({
      name: 'y',
      type: 'CONV_2D',
      dialect: { name: 'tflite', version: '3' },
      outputs: ['y'],
      where: 'subgraph 0, operator 0',
    })
    expect(node!.inputs).toEqual([
      { parameter: 'input', value: 'x' },
      { parameter: 'filter', value: 'filter' },
      { parameter: 'bias', value: null },
    ])
    expect(node!.attributes).toMatchObject({ padding: 'VALID', stride_h: 2, fused_activation_function: 'RELU6', dilation_h_factor: 1 })
  })

  it('reads quantization for each index of an axis', () => {
    const { quantization, constant } = model.graph.values.get('filter')!
    expect(quantization).toEqual({ scale: Float32Array.of(0.5, 0.25, 0.125), zeroPoint: Float64Array.of(0, 0, 0), axis: 0 })
    expect(constant!.read()).toEqual({ dtype: 'int8', shape: [3, 1, 1, 2], data: Int8Array.of(1, 2, 3, 4, 5, 6) })
  })

  it('makes signatures functions, their keys aliases of the names in the file', () => {
    expect(model.defaultFunction).toBe('serve')
    expect(model.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: [null, 4, 4, 2], kind: 'multiarray', aliases: ['image'] }])
    expect(model.outputs).toEqual([{ name: 'y', dtype: 'float32', shape: [null, 2, 2, 3], kind: 'multiarray' }])
    expect(model.metadata).toEqual({ version: '3', description: 'a net' })
    expect(model.sha256()).toMatch(/^[0-9a-f]{64}$/)
  })

  it('calls subgraph 0 main where no signature names it', () => {
    const plain = readTflite('x', tflite([{ tensors: [{ name: 'x', shape: [2] }], inputs: [0], outputs: [0], operators: [] }]))
    expect(plain.defaultFunction).toBe('main')
    expect(plain.outputs.map(({ name }) => name)).toEqual(['x'])
  })

  it('gives tensors without a name, or with a name that is taken, their index', () => {
    const tensors = [{ name: 'a', shape: [1] }, { shape: [1] }, { name: 'a', shape: [1] }, { name: 'a#2', shape: [1] }]
    const { graph } = readTflite('x', tflite([{ tensors, inputs: [0], outputs: [0], operators: [] }]))
    expect([...graph.values.keys()]).toEqual(['a', '#1', 'a#2#2', 'a#2'])
  })

  it('names operators of the time before code 127 by their old code, and custom ones by their own', () => {
    const tables = modelTables([
      {
        tensors: [
          { name: 'x', shape: [1] },
          { name: 'y', shape: [1] },
          { name: 'z', shape: [1] },
        ],
        inputs: [0],
        outputs: [2],
        operators: [
          { type: 'RELU', inputs: [0], outputs: [1] },
          { type: 'MyOp', inputs: [1], outputs: [2], custom: Uint8Array.of(1, 2, 3) },
        ],
      },
    ])
    tables['operator_codes'] = [{ deprecated_builtin_code: 19 }, { deprecated_builtin_code: 32, custom_code: 'MyOp' }]
    const { graph } = readTflite('x', writeModel(tables))
    expect(graph.nodes.map(({ type }) => type)).toEqual(['RELU', 'MyOp'])
    expect(graph.nodes[1]!.attributes).toEqual({ custom_options: Uint8Array.of(1, 2, 3) })
  })

  it('lists variables as states', () => {
    const tensors = [
      { name: 'x', shape: [1, 2] },
      { name: 'state', shape: [1, 3], isVariable: true },
    ]
    const model = readTflite('x', tflite([{ tensors, inputs: [0], outputs: [0], operators: [] }]))
    expect(model.states).toEqual([{ name: 'state', dtype: 'float32', shape: [1, 3] }])
    expect(model.graph.values.get('state')).toMatchObject({ variable: true })
  })

  it('puts the subgraphs of control flow into the node as bodies', () => {
    const branch = (name: string) => ({ name, tensors: [{ name: 'a', shape: [1] }], inputs: [0], outputs: [0], operators: [] })
    const bytes = tflite([
      {
        tensors: [
          { name: 'c', type: 'BOOL', shape: [] },
          { name: 'x', shape: [1] },
          { name: 'y', shape: [1] },
        ],
        inputs: [0, 1],
        outputs: [2],
        operators: [
          { type: 'IF', inputs: [0, 1], outputs: [2], options: ['IfOptions', { then_subgraph_index: 1, else_subgraph_index: 2 }] },
        ],
      },
      branch('yes'),
      branch('no'),
    ])
    const [node] = readTflite('x', bytes).graph.nodes
    expect(node!.bodies.map(({ role, graph }) => [role, graph.name])).toEqual([
      ['then', 'yes'],
      ['else', 'no'],
    ])
  })

  it('recognizes a file by its first bytes', () => {
    expect(recognize(CONV.subarray(0, 8))).toBe(true)
    expect(recognize(Uint8Array.of(8, 0, 0, 0))).toBe(false)
    expect(recognize(new TextEncoder().encode('PK\x03\x04TFL2'))).toBe(false)
  })
})

describe('a broken file', () => {
  const errorOf = (bytes: Uint8Array): ParityError => {
    try {
      const model = readTflite('broken.tflite', bytes)
      for (const { graph } of model.functions.values()) for (const { constant } of graph.values.values()) constant?.read()
    } catch (error) {
      if (error instanceof ParityError) return error
      throw error
    }
    throw new Error('no error')
  }

  it('of another format is refused by name', () => {
    expect(errorOf(new TextEncoder().encode('a text that is no model'))).toMatchObject({
      code: 'MODEL_FORMAT',
      message: 'Not a TFLite file: bytes 4 to 7 are not "TFL3" (broken.tflite). Give a .tflite file',
    })
    expect(errorOf(new Uint8Array(0)).code).toBe('MODEL_FORMAT')
  })

  it('of another version says which', () => {
    expect(errorOf(writeModel({ version: 2, subgraphs: [] }))).toMatchObject({
      code: 'UNSUPPORTED_VERSION',
      what: 'Version 2 of the TFLite schema; 3 is read',
    })
  })

  it('cut off anywhere gives one error that says where', () => {
    for (let length = 8; length < CONV.length - 4; length++) {
      const { code, where } = errorOf(CONV.subarray(0, length))
      expect(code).toBe('MODEL_BROKEN')
      expect(where).toMatch(/^broken\.tflite, (byte \d+|tensor|subgraph)/)
    }
  })

  it('with any byte changed is read, or refused with an error of ours', () => {
    let state = 7
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    for (let i = 0; i < 2000; i++) {
      const bytes = CONV.slice()
      bytes[random(bytes.length)] = random(256)
      try {
        readTflite('x', bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(ParityError)
      }
    }
  })

  it('whose tables overlap does not blow up', () => {
    // 20,000 subgraphs that are one table, of 20,000 tensors that are one table too
    const count = 20_000
    const vtables = { model: 8, subgraph: 20, tensor: 28 }
    const model = 32
    const subgraphs = model + 12
    const subgraph = subgraphs + 4 + 4 * count
    const tensors = subgraph + 8
    const tensor = tensors + 4 + 4 * count
    const bytes = new Uint8Array(tensor + 4)
    const view = new DataView(bytes.buffer)
    const table = (at: number, vtable: number, size: number, fields: number[]): void => {
      view.setInt32(at, at - vtable, true)
      for (const [i, word] of [4 + 2 * fields.length, size, ...fields].entries()) view.setUint16(vtable + 2 * i, word, true)
    }
    const offset = (at: number, target: number): void => view.setUint32(at, target - at, true)
    const vector = (at: number, target: number): void => {
      view.setUint32(at, count, true)
      for (let i = 0; i < count; i++) offset(at + 4 + 4 * i, target)
    }
    offset(0, model)
    bytes.set(new TextEncoder().encode('TFL3'), 4)
    table(model, vtables.model, 12, [4, 0, 8])
    view.setUint32(model + 4, 3, true)
    offset(model + 8, subgraphs)
    vector(subgraphs, subgraph)
    table(subgraph, vtables.subgraph, 8, [4])
    offset(subgraph + 4, tensors)
    vector(tensors, tensor)
    table(tensor, vtables.tensor, 4, [])
    expect(errorOf(bytes)).toMatchObject({ code: 'MODEL_BROKEN', what: 'The flatbuffer is broken or cut off: tables that overlap' })
  })

  const net = (
    change: (tables: { operator: { inputs: number[]; outputs: number[] }; tensors: { shape: number[]; buffer: number }[] }) => void,
  ): Uint8Array => {
    const tables = modelTables([
      {
        tensors: [
          { name: 'x', shape: [2] },
          { name: 'c', shape: [2], data: Float32Array.of(1, 2) },
          { name: 'y', shape: [2] },
        ],
        inputs: [0],
        outputs: [2],
        operators: [{ type: 'ADD', inputs: [0, 1], outputs: [2] }],
      },
    ])
    const [subgraph] = tables['subgraphs'] as [
      { operators: [{ inputs: number[]; outputs: number[] }]; tensors: { shape: number[]; buffer: number }[] },
    ]
    change({ operator: subgraph.operators[0], tensors: subgraph.tensors })
    return writeModel(tables)
  }

  it.each([
    ['an operand that is no tensor', net(({ operator }) => (operator.inputs = [0, 9])), 'The file names tensor 9 of 3'],
    ['a negative operand', net(({ operator }) => (operator.inputs = [0, -2])), 'The file names tensor -2 of 3'],
    ['a result made twice', net(({ operator }) => (operator.outputs = [0])), 'x is made twice'],
    ['an operand that is made later', net(({ operator }) => (operator.inputs = [0, 2])), 'ADD reads y [2] before it is made'],
    ['a buffer that is not there', net(({ tensors }) => (tensors[1]!.buffer = 7)), 'The file names buffer 7 of 2'],
    [
      'a constant of another size',
      net(({ tensors }) => (tensors[1]!.shape = [3])),
      'A constant does not fit its bytes: 8 bytes for FLOAT32 of shape [3], which takes 12',
    ],
    ['a negative shape', net(({ tensors }) => (tensors[1]!.shape = [-2])), 'A constant does not fit its bytes: shape [-2]'],
  ])('with %s says so', (_, bytes, what) => {
    expect(errorOf(bytes)).toMatchObject({ code: 'MODEL_BROKEN', what })
  })

  it('whose body contains itself is refused', () => {
    const loop = {
      tensors: [{ name: 'x', type: 'BOOL', shape: [] }],
      inputs: [0],
      outputs: [0],
      operators: [
        {
          type: 'WHILE',
          inputs: [0],
          outputs: [],
          options: ['WhileOptions', { cond_subgraph_index: 0, body_subgraph_index: 0 }] as [string, object],
        },
      ],
    }
    expect(errorOf(tflite([loop as never]))).toMatchObject({ code: 'MODEL_RECURSION', what: 'Subgraph 0 contains itself' })
  })

  /** Subgraphs of one bool each; `calls` gives those that each one calls. */
  const calling = (calls: readonly (readonly number[])[]): Uint8Array =>
    tflite(
      calls.map((called) => ({
        tensors: [{ name: 'x', type: 'BOOL', shape: [] }, ...called.map((_, i) => ({ name: `y${i}`, type: 'BOOL', shape: [] }))],
        inputs: [0],
        outputs: [called.length],
        operators: called.map((subgraph, i) => ({
          type: 'CALL',
          inputs: [i],
          outputs: [i + 1],
          options: ['CallOptions', { subgraph }] as [string, object],
        })),
      })) as never,
    )
  const chain = (length: number): number[][] => Array.from({ length }, (_, i) => (i < length - 1 ? [i + 1] : []))

  it('whose subgraphs call themselves through others is refused', () => {
    expect(errorOf(calling([[1], [2], [1]]))).toMatchObject({ code: 'MODEL_RECURSION', what: 'Subgraph 1 contains itself' })
    const ring = chain(5000)
    ring[4999] = [0]
    expect(errorOf(calling(ring))).toMatchObject({ code: 'MODEL_RECURSION', what: 'Subgraph 0 contains itself' })
  })

  it('whose subgraphs call each other 5000 deep is refused by its depth', () => {
    expect(errorOf(calling(chain(5000)))).toMatchObject({
      code: 'UNSUPPORTED_NESTING',
      what: 'Subgraphs call each other more than 64 deep',
    })
  })

  it('is none where calls are 64 deep, or many to the same subgraph', () => {
    expect(readTflite('deep.tflite', calling(chain(65))).graph.nodes).toHaveLength(1)
    expect(readTflite('wide.tflite', calling([[1, 2, 1], [2, 2], []])).graph.nodes).toHaveLength(3)
  })

  it('with more inputs than an operator takes is refused', () => {
    const add = (inputs: number[]) => [
      { tensors: [{ name: 'x' }, { name: 'y' }], inputs: [0], outputs: [1], operators: [{ type: 'ADD', inputs, outputs: [1] }] },
    ]
    expect(errorOf(tflite(add([0, 0, 0])))).toMatchObject({ code: 'MODEL_BROKEN', what: 'ADD has 3 inputs, and takes at most 2' })
    expect(readTflite('two.tflite', tflite(add([0, 0]))).graph.nodes[0]!.inputs).toHaveLength(2)
  })

  it('with more scales than its shape has indices is refused', () => {
    const tensors = [{ name: 'w', type: 'INT8', shape: [2], data: Int8Array.of(1, 2), scale: [1, 2, 3] }]
    expect(errorOf(tflite([{ tensors, inputs: [], outputs: [0], operators: [] }]))).toMatchObject({
      code: 'MODEL_QUANTIZATION',
      what: '3 scales for dimension 0 of shape [2]',
      where: 'broken.tflite, subgraph 0, tensor 0 w',
    })
  })
})
