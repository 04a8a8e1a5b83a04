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
    if (entry) this.#used ??= describe(entry, slot, this.#options.source)
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
  return { rule: { preprocessing: preprocessingOf(model, slot[imageSide]!, other), order, layout }, inferred: true }
}

function complete({ scale = 1, bias = [0] }: PreprocessingOptions, channels = 3): ImagePreprocessing {
  if (bias.length > channels) {
    throw new ParityError('USAGE_PREPROCESSING', { what: `${bias.length} biases are given for a gray picture`, remedy: 'Give one bias' })
  }
  return { scale, bias }
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
