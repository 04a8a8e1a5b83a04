/**
 * The one graph that every format is read into. Ops keep their own format's names and attributes: nothing is normalized away,
 * because the difference is the subject. Invariants, checked by `checkGraph`:
 *
 * - a value has at most one producer (a node, an input of the graph, or a constant);
 * - nodes stand in an order in which they can run; a body may read the values of the graphs around it where its dialect says so;
 * - constants are values like any other, read lazily from the file; a weight that a format keeps inside a layer is a constant value
 *   named `<layer>/<field>` and an input of the node under the field's name as parameter.
 */
import type { DType, Tensor } from '../../kernels/tensor.js'

/** Which set of op semantics a node belongs to. */
export interface Dialect {
  name: 'mil' | 'neuralnetwork' | 'coreml' | 'tflite' | 'onnx' | 'tensorflow' | 'tfjs-layers' | 'keras'
  /** MIL: the opset ('CoreML5' … 'CoreML8'); neuralnetwork, and coreml (a model type that is one op): the specification version; others: the operator set's version. */
  version: string
  /** neuralnetwork only: NeuralNetworkMultiArrayShapeMapping. */
  arrayMapping?: 'rank5' | 'exact'
  /** neuralnetwork only: NeuralNetworkImageShapeMapping. */
  imageMapping?: 'rank5' | 'rank4'
}

/** A dimension that the file leaves open is null. */
export type Dimension = number | null

/** Elements that stay in the file until somebody reads them. */
export interface Constant {
  dtype: DType
  shape: number[]
  /** Bytes in the file. */
  byteLength: number
  /** How the elements are stored where that is not plainly their dtype: 'float16', 'int8 linear per channel', '4-bit palette' … */
  storage?: string
  read(): Tensor
}

/** Whether a constant's elements have been rounded to float16, whatever dtype they are read as. */
export const isStoredAsHalf = ({ dtype, storage }: Constant): boolean => dtype === 'float16' || storage === 'float16'

/** Affine quantization of a source's tensor: real = scale * (q - zeroPoint), for each index of `axis`. */
export interface Quantization {
  scale: Float32Array
  zeroPoint: Float64Array
  axis: number
}

export interface Value {
  name: string
  /** null where the file does not say and nothing is known before a run. */
  dtype: DType | null
  /** null: unknown rank. */
  shape: Dimension[] | null
  constant?: Constant
  quantization?: Quantization
  /** A variable: it has no producer, starts from zero and keeps its elements from one node to the next. */
  variable?: boolean
}

/** One operand; an omitted optional operand has value null. Operands of a variadic parameter repeat its name, in order. */
export interface Operand {
  parameter: string
  value: string | null
}

export type Attribute = number | bigint | string | boolean | Uint8Array | Tensor | Attribute[] | { [key: string]: Attribute }

/** A body of a control flow op. */
export interface Body {
  /** The dialect's name for it: 'body', 'cond', 'then', 'else', or the index of a MIL block. */
  role: string
  graph: Graph
  /** neuralnetwork: which of the node's variables the graph's outputs are, in their order; the body may not make all of them. */
  variables?: string[]
}

export interface Node {
  /** Unique within its graph. */
  name: string
  type: string
  dialect: Dialect
  inputs: Operand[]
  /** Names of the values it makes, in the dialect's order; null where an optional output is not wanted. */
  outputs: (string | null)[]
  attributes: { [key: string]: Attribute }
  bodies: Body[]
  /** Where in its file it stands, for messages: 'layer 12', 'function main, block CoreML5, operation 40'. */
  where: string
}

export interface Graph {
  name: string
  inputs: string[]
  outputs: string[]
  values: Map<string, Value>
  nodes: Node[]
}
