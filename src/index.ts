/** The public API. Everything else is internal. */
export type { DType, Tensor } from '../kernels/tensor.js'
export { check } from './api/check.js'
export { type Inspection, inspect } from './api/inspect.js'
export type { CheckOptions } from './api/options.js'
export type { Risk } from './api/risks.js'
export { type RunModelOptions, runModel, type SampleValues } from './api/run.js'
export { type OpenOptions, openModel } from './formats/index.js'
export { type ErrorCode, ParityError } from './graph/errors.js'
export type { Attribute, Graph, Node, Value } from './graph/graph.js'
export type { Format, InputFeature, Model, OutputFeature } from './graph/model.js'
export type { PreprocessingOptions } from './inputs/feeds.js'
export type { Finding, Layer, Metrics, Output, RunRecord } from './record/record.js'
export type { CustomLayer } from './runners/coreml/op.js'
export { createSession } from './runners/index.js'
export type {
  Backend,
  ComputeUnit,
  Override,
  Precision,
  RunnerName,
  RunOptions,
  Session,
  SessionOptions,
  State,
  Tap,
} from './runners/session.js'
