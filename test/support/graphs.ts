/** Small models built in memory, so that tests of the engine, of alignment and of comparison need no files. */
import { type DType, type Tensor, tensor } from '../../kernels/tensor.js'
import type { Attribute, Dialect, Graph, Node, Value } from '../../src/graph/graph.js'
import type { InputFeature, Model, OutputFeature } from '../../src/graph/model.js'

export const MIL: Dialect = { name: 'mil', version: 'CoreML7' }

export const float32 = (shape: number[], data: number[]): Tensor<'float32'> => tensor('float32', shape, Float32Array.from(data))
export const float16 = (shape: number[], data: number[]): Tensor<'float16'> => tensor('float16', shape, Float32Array.from(data))

export interface NodeSketch {
  type: string
  /** Parameter to value name, or to a tensor that becomes a constant. */
  inputs: Record<string, string | Tensor>
  output: string
  dtype?: DType
  shape?: number[]
  attributes?: Record<string, Attribute>
}

/** A model of one graph. Constants are named `<output>/<parameter>`. */
export function sketchModel(
  inputs: Record<string, { dtype: DType; shape: number[] }>,
  nodes: NodeSketch[],
  outputs: string[],
  dialect: Dialect = MIL,
): Model {
  const values = new Map<string, Value>(Object.entries(inputs).map(([name, { dtype, shape }]) => [name, { name, dtype, shape }]))
  const made = nodes.map(({ type, inputs: operands, output, dtype = 'float32', shape, attributes = {} }, index): Node => {
    values.set(output, { name: output, dtype, shape: shape ?? null })
    return {
      name: output,
      type,
      dialect,
      inputs: Object.entries(operands).map(([parameter, operand]) => {
        if (typeof operand === 'string') return { parameter, value: operand }
        const name = `${output}/${parameter}`
        const byteLength = Array.isArray(operand.data) ? 0 : operand.data.byteLength
        values.set(name, {
          name,
          dtype: operand.dtype,
          shape: operand.shape,
          constant: { dtype: operand.dtype, shape: operand.shape, byteLength, read: () => operand },
        })
        return { parameter, value: name }
      }),
      outputs: [output],
      attributes,
      bodies: [],
      where: `operation ${index}`,
    }
  })
  const graph: Graph = { name: 'main', inputs: Object.keys(inputs), outputs, values, nodes: made }
  const inputFeatures = Object.entries(inputs).map(([name, { dtype, shape }]): InputFeature => ({ name, dtype, shape, kind: 'multiarray' }))
  const outputFeatures = outputs.map(
    (name): OutputFeature => ({ name, dtype: values.get(name)!.dtype, shape: values.get(name)!.shape, kind: 'multiarray' }),
  )
  const main = { name: 'main', graph, inputs: inputFeatures, outputs: outputFeatures, states: [] }
  return {
    path: 'sketch.mlpackage',
    format: 'mlpackage',
    ...main,
    functions: new Map([['main', main]]),
    defaultFunction: 'main',
    notes: [],
    metadata: {},
    sha256: () => '0'.repeat(64),
    close() {},
  }
}
