/** NeuralNetwork.proto `custom`: a layer whose implementation the user brings, see custom.ts of the engine. */
import { sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import { type Parameter, tensors, text } from '../../parameters.js'
import { spellCustom } from '../custom.js'
import { type Context, type CustomLayer, type Op, op } from '../op.js'

/** CustomLayerParamValue: the one field that is set holds the value. */
type ParameterValue = { [field: string]: number | string | boolean }

const plainParameters: Parameter<Record<string, unknown>> = {
  description: "the layer's parameters by name",
  required: false,
  moves: false,
  read: ({ attributes }) =>
    Object.fromEntries(
      Object.entries((attributes['parameters'] ?? {}) as Record<string, ParameterValue>).map(([name, value]) => [
        name,
        Object.values(value)[0],
      ]),
    ),
}

function implementationOf(className: string, { node, custom }: Context): CustomLayer {
  const found = custom(className)
  if (found) return found
  const { code, ...words } = spellCustom(className)
  throw new ParityError(code, { ...words, where: `op '${node.name}' of type custom, ${node.where}` })
}

function badModule(className: string, what: string, { node }: Context, cause?: unknown): ParityError {
  return new ParityError('INPUT_CUSTOM_LAYER', {
    what: `the module for custom layer '${className}' ${what}`,
    where: `op '${node.name}' of type custom, ${node.where}`,
    remedy: 'evaluate must return an array of tensors { dtype, shape, data }, one for each output of the layer',
    cause,
  })
}

const isTensor = (value: Partial<Tensor> | null | undefined): value is Tensor =>
  typeof value?.dtype === 'string' && Array.isArray(value.shape) && value.data?.length === sizeOf(value.shape)

function evaluated(className: string, layer: CustomLayer, call: Parameters<CustomLayer['evaluate']>[0], context: Context): Tensor[] {
  let results: unknown
  try {
    results = layer.evaluate(call)
  } catch (error) {
    throw badModule(className, `failed: ${(error as Error).message}`, context, error)
  }
  const wanted = context.node.outputs.length
  if (!Array.isArray(results) || results.length !== wanted || !results.every(isTensor)) {
    throw badModule(className, `returned something else than ${wanted} tensors`, context)
  }
  return results
}

/** Weights are handed over as the bytes of float32 numbers, in the order of the layer's message. */
const bytesOf = ({ data }: Tensor<'float32' | 'float16'>): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

const custom = op({
  type: 'custom',
  specification: 'NeuralNetwork.proto CustomLayerParams',
  parameters: {
    input: tensors({ types: 'any', least: 0 }),
    weights: tensors<Tensor<'float32' | 'float16'>>({ types: ['float32', 'float16'], least: 0 }),
    className: text(),
    layerParameters: plainParameters,
  },
  results: Infinity,
  rounding: 'transcendental',
  run({ input, weights, className, layerParameters }, context) {
    const layer = implementationOf(className, context)
    return evaluated(className, layer, { inputs: input, weights: weights.map(bytesOf), parameters: layerParameters }, context)
  },
})

export const customLayers: readonly Op[] = [custom]
