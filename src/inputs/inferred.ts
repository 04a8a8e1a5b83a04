/** What of the source's preprocessing was taken from an image input of the target, as facts for whoever judges them. */
import { isFloat } from '../../kernels/tensor.js'
import type { FedModel } from './convert.js'
import type { Entry } from './origins.js'
import { scalesItself } from './own-scaling.js'
import { channelsOf } from './preprocessing.js'
import type { Slot } from './slots.js'

export interface InferredPreprocessing {
  /** The image input of the target. */
  input: string
  /** The source's input that gets the same samples; null where the target's image input alone does. */
  source: string | null
  /** value = pixel * scale + bias, a bias for each channel; null where the array holds pixels as they are. */
  scaling: { scale: number; bias: number[]; hasMeanImage: boolean } | null
  /** Of the array's channels; null for a gray picture, and where the order is given. */
  order: 'RGB' | 'BGR' | null
  /** In which `bias` stands. */
  biasOrder: 'RGB' | 'BGR'
  /** The array holds floats, no codes. */
  isFloat: boolean
  /** The network begins with a scaling of its own. */
  scalesItself: boolean
}

/** Null where nothing was taken from an image input of the target. */
export function inferredBy(
  entry: Entry,
  { source, target }: Slot,
  models: { source: FedModel; target: FedModel | null },
): InferredPreprocessing | null {
  const { rule, origins, bytes, image } = entry
  if (image?.side !== 'target') return null
  const channels = channelsOf(image.input.image!.color)
  const order = channels === 3 && origins.order === 'image' ? rule.order : null
  const isScaled = !bytes && origins.scale === 'image'
  if (!isScaled && !(bytes && order)) return null
  const { scale, bias, mean } = rule.preprocessing
  return {
    input: image.input.name,
    source: source?.name ?? null,
    scaling: isScaled
      ? {
          scale,
          bias: Array.from({ length: channels }, (_, channel) => bias[channel] ?? bias[0] ?? 0),
          hasMeanImage: mean !== undefined,
        }
      : null,
    order,
    biasOrder: rule.order,
    isFloat: source ? isFloat(source.image ? 'float32' : source.dtype) : true,
    scalesItself: source ? scalesItself(models.source, source) : scalesItself(models.target!, target!),
  }
}
