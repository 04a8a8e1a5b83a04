/** Where pixels become numbers, or numbers pixels: by which preprocessing, who says so, and what the record says of it. */
import { ParityError } from '../graph/errors.js'
import type { ImagePreprocessing, InputFeature } from '../graph/model.js'
import type { FedModel, PixelRule } from './convert.js'
import { preprocessingOf } from './infer.js'
import { closePattern, inputPatterns, type Layout, layoutOf, pictureShape } from './patterns.js'
import { channelsOf } from './preprocessing.js'
import type { Slot } from './slots.js'

/** The preprocessing of arrays that stand for pictures: value = pixel * scale + bias. */
export interface PreprocessingOptions {
  /** @default 1 where a bias is given */
  scale?: number | undefined
  /** One number, or one for each channel in the order of `order`. @default 0 where a scale is given */
  bias?: number[] | undefined
  /** @default that of the image input, else RGB */
  order?: 'RGB' | 'BGR' | undefined
  /** Matters only where a shape could be read both ways. @default what the shape says, else what the format has */
  layout?: Layout | undefined
}

/** As the record shows it; `bias` in the order of the array's channels. */
export interface Preprocessing {
  scale?: number
  bias?: number[]
  order?: 'RGB' | 'BGR'
  layout?: Layout
  /** True where it was taken from an image input instead of being given. */
  inferred: boolean
}

/** A preprocessing that was taken from an image input, in the order of its channels. */
export interface InferredPreprocessing {
  /** Name of the image input. */
  input: string
  scale: number
  bias: readonly number[]
  order: 'RGB' | 'BGR' | 'gray'
  /** The array that it makes is of floats: a network that was trained on numbers, not on bytes. */
  float: boolean
}

export type Side = 'source' | 'target'

interface Entry {
  rule: PixelRule
  inferred: boolean
}

export interface RuleBookOptions {
  source: FedModel
  target: FedModel | null
  preprocessing?: PreprocessingOptions | undefined
}

/** The rules of all slots, worked out when they are first asked for. */
export class RuleBook {
  readonly #options: RuleBookOptions
  readonly #entries: Record<Side, Map<Slot, Entry | null>> = { source: new Map(), target: new Map() }
  readonly #inferred = new Map<string, InferredPreprocessing>()
  #used: Preprocessing | null = null

  /** @throws ParityError USAGE_PREPROCESSING */
  constructor(options: RuleBookOptions) {
    this.#options = options
    checkOptions(options.preprocessing)
  }

  /** What turns pixels into the array of a slot, and back; null where nobody says. @throws ParityError USAGE_PREPROCESSING */
  of(slot: Slot, side: Side): PixelRule | null {
    return this.#entry(slot, side)?.rule ?? null
  }

  /** Notes that the rule was used: the first one that is goes into the record. */
  use(slot: Slot, side: Side): void {
    const entry = this.#entry(slot, side)
    if (!entry) return
    this.#used ??= describe(entry, slot, this.#options.source)
    const taken = entry.inferred && inferredOf(entry, slot)
    if (taken) this.#inferred.set(taken.input, taken)
  }

  /** Of each image input whose preprocessing was used for the other side's array, since nobody said how the source was trained. */
  get inferred(): readonly InferredPreprocessing[] {
    return [...this.#inferred.values()]
  }

  get used(): Preprocessing {
    return this.#used ?? { inferred: false }
  }

  #entry(slot: Slot, side: Side): Entry | null {
    const known = this.#entries[side].get(slot)
    if (known !== undefined) return known
    const entry = entryOf(slot, side, this.#options)
    this.#entries[side].set(slot, entry)
    return entry
  }
}

function checkOptions(options: PreprocessingOptions | undefined): void {
  const { scale = 1, bias = [0] } = options ?? {}
  if (Number.isFinite(scale) && scale !== 0 && (bias.length === 1 || bias.length === 3) && bias.every(Number.isFinite)) return
  throw new ParityError('USAGE_PREPROCESSING', {
    what: `a preprocessing of scale ${scale} and bias ${bias.join(', ')} is none`,
    remedy: 'Give a scale other than 0, and one bias or three',
  })
}

function entryOf(slot: Slot, side: Side, { source, target, preprocessing: given = {} }: RuleBookOptions): Entry | null {
  // a picture on both sides: each has its own
  const bothPictures = slot.source?.image && slot.target?.image
  const imageSide = bothPictures ? side : slot.target?.image ? 'target' : 'source'
  const image = slot[imageSide]?.image
  const isGiven = !bothPictures && (given.scale !== undefined || given.bias !== undefined)
  const declared = bothPictures || isGiven ? undefined : (slot.source?.normalization ?? slot.target?.normalization)
  if (declared) {
    const { scale, bias, order = 'RGB' } = declared
    return { rule: { preprocessing: { scale, bias }, order: given.order ?? order, layout: given.layout ?? null }, inferred: false }
  }
  const layout = given.layout ?? null
  if (!image) {
    // bytes need no scale, only an order
    const takesBytes = slot[side]?.dtype === 'uint8'
    return isGiven || takesBytes ? { rule: { preprocessing: complete(given), order: given.order ?? 'RGB', layout }, inferred: false } : null
  }
  const order = (bothPictures ? undefined : given.order) ?? (image.color === 'BGR' ? 'BGR' : 'RGB')
  if (isGiven) return { rule: { preprocessing: complete(given, channelsOf(image.color)), order, layout }, inferred: false }
  const model = (imageSide === 'source' ? source : target)!
  const other = imageSide === 'target' && slot.source ? { model: source, input: slot.source } : undefined
  return { rule: { preprocessing: preprocessingOf(model, slot[imageSide]!, other), order, layout }, inferred: !bothPictures }
}

function complete({ scale = 1, bias = [0] }: PreprocessingOptions, channels = 3): ImagePreprocessing {
  if (bias.length > channels) {
    throw new ParityError('USAGE_PREPROCESSING', { what: `${bias.length} biases are given for a gray picture`, remedy: 'Give one bias' })
  }
  return { scale, bias }
}

function inferredOf({ rule }: Entry, { source, target }: Slot): InferredPreprocessing | undefined {
  const [picture, array] = target?.image ? [target, source] : [source, target]
  if (!picture?.image || !array) return undefined
  const { scale, bias } = rule.preprocessing
  const order = channelsOf(picture.image.color) === 1 ? 'gray' : rule.order
  return { input: picture.name, scale, bias, order, float: /^float/.test(array.dtype) }
}

/** What the flags that were left out are taken to be, where some were given. `coloured`: some picture has an order of channels. */
export function impliedNote({ scale, bias, order }: PreprocessingOptions, coloured: boolean): string | undefined {
  if (scale === undefined && bias === undefined && order === undefined) return undefined
  if (scale === undefined && bias === undefined)
    return `--order ${order} was given without --scale and --bias: these are still taken from the image input`
  const given = [scale !== undefined && '--scale', bias !== undefined && '--bias', order !== undefined && '--order'].filter(Boolean)
  const taken = [
    scale === undefined && 'scale 1',
    bias === undefined && 'bias 0',
    coloured && order === undefined && "the image input's order of channels",
  ]
  const rest = taken.filter(Boolean)
  return rest.length > 0 ? `${given.join(' and ')} given alone: ${rest.join(' and ')} taken beside` : undefined
}

function describe({ rule, inferred }: Entry, { source, target }: Slot, model: FedModel): Preprocessing {
  const { scale, bias } = rule.preprocessing
  const array = [source, target].find((input): input is InputFeature => input !== undefined && !input.image)
  const partner = array === source ? target : source
  const declared = array ? closePattern(array.shape, (partner ? inputPatterns(partner)[0] : undefined) ?? []) : []
  const shown = pictureShape(declared, rule.layout ?? layoutOf(model.format))
  const image = (source ?? target)!.image ?? target?.image
  const channels = shown?.channels ?? (image ? channelsOf(image.color) : 3)
  return {
    scale,
    bias: Array.from({ length: channels }, (_, channel) => bias[channel] ?? bias[0]!),
    ...(channels === 3 && { order: rule.order }),
    ...(shown && declared.length > 2 && { layout: shown.layout }),
    inferred,
  }
}
