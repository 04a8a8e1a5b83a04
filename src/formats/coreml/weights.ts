/**
 * Weights of a neural network's layers (NeuralNetwork.proto WeightParams): float32, float16, and 1 to 8 bits with a linear scale or a
 * lookup table, packed from the highest bit down. They are read as flat float32, since the message has no shape.
 */
import { type Tensor, tensor } from '../../../kernels/tensor.js'
import { integer, type LinearQuantizationParams, type QuantizationParams, type WeightParams } from '../../../proto/coreml/reader.js'
import { ParityError } from '../../graph/errors.js'
import type { Constant } from '../../graph/graph.js'
import { byteLengthOf, floatsOf, packedField, storageOf, unpackHighFirst } from './numbers.js'

/** What a layer's parameters say about one of its weights. */
export interface WeightLayout {
  count: number
  /** Elements in a row that share a scale, where the channels are not the first axis: H * W of a deconvolution's [C_in, C_out / groups, H, W]. */
  channelStep?: number
}

interface Quantized {
  bits: number
  raw: Uint8Array
  signed: boolean
}

function broken(what: string): ParityError {
  return new ParityError('MODEL_BROKEN', { what, remedy: 'Convert or quantize the model again' })
}

function flat(count: number, byteLength: number, storage: string | undefined, read: () => Float32Array): Constant {
  const shape = [count]
  return { dtype: 'float32', shape, byteLength, ...(storage && { storage }), read: (): Tensor => tensor('float32', shape, read()) }
}

function numberOfBits(quantization: QuantizationParams): number {
  const bits = integer(quantization.numberOfBits)
  if (!(bits >= 1 && bits <= 8)) throw broken(`Weights are quantized to ${bits} bits; 1 to 8 are possible`)
  return bits
}

/** Elements as whole numbers. */
function levels({ bits, raw, signed }: Quantized, count: number): Uint8Array | Int8Array {
  return signed ? new Int8Array(raw.buffer, raw.byteOffset, count) : unpackHighFirst(raw, bits, count)
}

/** Scale and bias of each channel; an absent bias is 0. */
export function linearParameters(linear: LinearQuantizationParams): { scale: Float32Array; bias: Float32Array } {
  const scale = floatsOf(packedField(linear, linear.scale, 1, 4))
  const bias = floatsOf(packedField(linear, linear.bias, 2, 4))
  if (scale.length === 0) throw broken('Weights with linear quantization have no scale')
  if (bias.length !== 0 && bias.length !== scale.length) throw broken(`Weights have ${scale.length} scales and ${bias.length} biases`)
  return { scale, bias: bias.length === 0 ? new Float32Array(scale.length) : bias }
}

function linearConstant(quantized: Quantized, linear: LinearQuantizationParams, { count, channelStep }: WeightLayout): Constant {
  const { scale, bias } = linearParameters(linear)
  const channels = scale.length
  if (count % channels !== 0) throw broken(`${count} weights have ${channels} scales, which do not divide them`)
  const step = channels > 1 && channelStep ? channelStep : count / channels
  const kind = quantized.signed ? 'int8 dynamic' : `${quantized.bits}-bit linear`
  return flat(count, quantized.raw.length, `${kind}${channels > 1 ? ' per channel' : ''}`, () => {
    const q = levels(quantized, count)
    const out = new Float32Array(count)
    for (let start = 0, block = 0; start < count; start += step, block++) {
      const channel = block % channels
      for (let i = start; i < start + step; i++) out[i] = q[i]! * scale[channel]! + bias[channel]!
    }
    return out
  })
}

function paletteConstant(quantized: Quantized, table: Float32Array, count: number): Constant {
  if (table.length < 1 << quantized.bits) throw broken(`A lookup table for ${quantized.bits} bits has ${table.length} entries`)
  return flat(count, quantized.raw.length, `${quantized.bits}-bit palette`, () =>
    Float32Array.from(levels(quantized, count), (level) => table[level]!),
  )
}

function quantizedConstant(quantized: Quantized, quantization: QuantizationParams, layout: WeightLayout | undefined): Constant {
  const available = Math.floor((quantized.raw.length * 8) / quantized.bits)
  const count = layout?.count ?? available
  if (quantized.raw.length !== byteLengthOf(count, quantized.bits)) {
    throw broken(`${count} weights of ${quantized.bits} bits have ${quantized.raw.length} bytes`)
  }
  if (quantization.linearQuantization) return linearConstant(quantized, quantization.linearQuantization, { ...layout, count })
  const lut = quantization.lookupTableQuantization
  if (!lut) throw broken('Quantized weights say neither linear nor lookup table')
  return paletteConstant(quantized, floatsOf(packedField(lut, lut.floatValue, 1, 4)), count)
}

/**
 * The weights as a constant; null where the message holds none.
 * @throws ParityError MODEL_BROKEN where sizes do not fit.
 */
export function weightConstant(weights: WeightParams, layout: WeightLayout | undefined): Constant | null {
  const floats = packedField(weights, weights.floatValue, 1, 4)
  if (floats.byteLength > 0) return flat(floats.byteLength / 4, floats.byteLength, undefined, () => floatsOf(floats))
  const { float16Value: half, rawValue: raw, int8RawValue: int8, quantization } = weights
  if (half.length > 0) {
    if (half.length % 2 !== 0) throw broken(`float16 weights have ${half.length} bytes`)
    return flat(half.length / 2, half.length, 'float16', () => storageOf('FLOAT16').decode(half, half.length / 2) as Float32Array)
  }
  if (raw.length === 0 && int8.length === 0) return null
  if (!quantization) throw broken('Quantized weights have no quantization parameters')
  if (int8.length > 0) return quantizedConstant({ bits: 8, raw: int8, signed: true }, quantization, layout)
  return quantizedConstant({ bits: numberOfBits(quantization), raw, signed: false }, quantization, layout)
}
