/** A model as its file describes it: the graphs, and what its inputs and outputs mean to whoever calls it. */
import type { DType, Tensor } from '../../kernels/tensor.js'
import type { Dimension, Graph, Quantization } from './graph.js'

export type Format = 'tflite' | 'mlmodel' | 'mlpackage' | 'onnx' | 'graphdef' | 'savedmodel' | 'tfjs-graph' | 'tfjs-layers' | 'keras' | 'h5'

export type ColorLayout = 'RGB' | 'BGR' | 'GRAY' | 'GRAY_FLOAT16'

/** Shapes that a flexible input takes: a list, or a range for each dimension (`max` null: unbounded). */
export type Flexibility = { kind: 'enumerated'; shapes: number[][] } | { kind: 'range'; ranges: { min: number; max: number | null }[] }

/** value = pixel * scale + bias, in the order of the tensor's channels; `mean` is subtracted first where a mean image is given. */
export interface ImagePreprocessing {
  scale: number
  bias: number[]
  mean?: Tensor<'float32'>
}

export interface ImageFeature {
  color: ColorLayout
  width: number
  height: number
  /** Other sizes that are accepted. */
  flexibility?: Flexibility
  /** The scaler that stands in the model's description; an ML Program has it as ops instead and leaves this out. */
  preprocessing?: ImagePreprocessing
}

export interface InputFeature {
  name: string
  /** Dtype and shape of the tensor that a caller feeds; an image takes uint8 [height, width, 3] in RGB, gray [height, width]. */
  dtype: DType
  shape: Dimension[]
  kind: 'multiarray' | 'image' | 'scalar'
  image?: ImageFeature
  /** Of an array that stands for a picture, where the file says so: value = pixel * scale + bias; one bias, or one a channel. */
  normalization?: { scale: number; bias: number[]; order?: 'RGB' }
  /** Of an input that takes codes: the real numbers that they stand for. */
  quantization?: Quantization
  flexibility?: Flexibility
  optional?: boolean
  /** What an absent optional input is filled with. */
  default?: number
  /** Name of the graph's value that it becomes, where that differs from `name`. */
  value?: string
  aliases?: string[]
}

export interface OutputFeature {
  name: string
  dtype: DType | null
  shape: Dimension[] | null
  kind: 'multiarray' | 'image' | 'label' | 'probabilities' | 'scalar'
  image?: ImageFeature
  /** Of a classifier: class labels, in the order of its probabilities; of a TFLite file, those that its metadata names. */
  labels?: string[] | bigint[]
  /** Name of the graph's value that it shows, where that differs from `name`. A label shows the value of its probabilities. */
  value?: string
  aliases?: string[]
}

/** A named buffer that lives as long as a session: a Core ML state or a TFLite variable. */
export interface StateFeature {
  name: string
  dtype: DType
  shape: number[]
}

export interface ModelFunction {
  name: string
  graph: Graph
  inputs: InputFeature[]
  outputs: OutputFeature[]
  states: StateFeature[]
}

export interface Model {
  path: string
  format: Format
  /** Of the function that runs by default. */
  graph: Graph
  inputs: InputFeature[]
  outputs: OutputFeature[]
  states: StateFeature[]
  /** Functions of an ML Program, signatures of a TFLite file; at least the default one. */
  functions: Map<string, ModelFunction>
  defaultFunction: string
  /** Remarks about the file that a user should see: a wrong extension, an unknown field. */
  notes: string[]
  /** The format's own facts for `inspect`: specification version, author, producer. */
  metadata: { [key: string]: string }
  /** Modules for custom layers and ops by class name, which every session of the model loads. */
  customLayers?: Record<string, string>
  /** sha256 of the file; of a folder over the sorted lines `relative path NUL sha256 of the file LF`. */
  sha256(): string
  close(): void
}
