/**
 * The rules by which pixels become numbers and numbers pixels, for all slots, and what is told of those that are used: the record their
 * numbers, the findings what was taken from an image input of the target, the user what flags leave open.
 */
import { isFloat } from '../../kernels/tensor.js'
import type { InputFeature } from '../graph/model.js'
import type { FedModel, PixelRule } from './convert.js'
import type { Notes } from './notes.js'
import { channelsOf } from './pixels.js'
import {
  checkOptions,
  type Entry,
  type EntryOptions,
  entryOf,
  type Origin,
  type PreprocessingOptions,
  type Side,
  scalesItself,
} from './preprocessing.js'
import { closePattern, inputPatterns, layoutOf, type PictureLayout, type PictureShape, pictureShape } from './shapes.js'
import type { Slot } from './slots.js'

/** As the record shows it; `bias` in the order of the array's channels. */
export interface Preprocessing {
  scale?: number
  bias?: number[]
  order?: 'RGB' | 'BGR'
  layout?: PictureLayout
  /** True where it was taken from an image input of the target instead of being given. */
  inferred: boolean
}

export interface RuleBookOptions extends EntryOptions {
  notes: Notes
}

/** The rules of all slots, worked out when they are first asked for. */
export class RuleBook {
  readonly #options: RuleBookOptions
  readonly #entries: Record<Side, Map<Slot, Entry | null>> = { source: new Map(), target: new Map() }
  readonly #seen = new Set<Entry>()
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
    if (!entry || this.#seen.has(entry)) return
    this.#seen.add(entry)
    const { source, notes, preprocessing = {} } = this.#options
    const inferred = inferredBy(entry, slot, this.#options)
    if (inferred && !this.#inferred.has(inferred.input)) this.#inferred.set(inferred.input, inferred)
    const { array, declared, shown } = arrayOf(slot, entry, source.format)
    this.#used ??= describe(entry, slot, { declared, shown }, inferred !== null)
    // flags say nothing of two pictures
    if (slot.source?.image && slot.target?.image) return
    for (const remark of remarksOnFlags(array, shown, entry, preprocessing)) notes.add(remark)
  }

  get used(): Preprocessing {
    return this.#used ?? { inferred: false }
  }

  /** One for each image input of the target that stood in for what nobody says. */
  get inferred(): InferredPreprocessing[] {
    return [...this.#inferred.values()]
  }

  #entry(slot: Slot, side: Side): Entry | null {
    const known = this.#entries[side].get(slot)
    if (known !== undefined) return known
    const entry = entryOf(slot, side, this.#options)
    this.#entries[side].set(slot, entry)
    return entry
  }
}

interface Shown {
  declared: readonly (number | null)[]
  shown: PictureShape | null
}

/** The array that a slot's picture becomes, or was; of two pictures that of the first. */
function arrayOf({ source, target }: Slot, { rule }: Entry, format: Parameters<typeof layoutOf>[0]): Shown & { array: InputFeature } {
  const array = [source, target].find((input): input is InputFeature => input !== undefined && !input.image)
  const partner = array === source ? target : source
  const declared = array ? closePattern(array.shape, (partner ? inputPatterns(partner)[0] : undefined) ?? []) : []
  return { array: array ?? (source ?? target)!, declared, shown: pictureShape(declared, rule.layout ?? layoutOf(format)) }
}

function describe({ rule, bytes }: Entry, { source, target }: Slot, { declared, shown }: Shown, inferred: boolean): Preprocessing {
  const { scale, bias } = rule.preprocessing
  const image = (source ?? target)!.image ?? target?.image
  const channels = shown?.channels ?? (image ? channelsOf(image.color) : 3)
  return {
    ...(!bytes && { scale, bias: Array.from({ length: channels }, (_, channel) => bias[channel] ?? bias[0]!) }),
    ...(channels === 3 && { order: rule.order }),
    ...(shown && declared.length > 2 && { layout: shown.layout }),
    inferred,
  }
}

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
function inferredBy(
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

/** One part of a rule as a remark spells it. */
type Part = readonly [text: string, origin: Origin]

/**
 * Remarks on a preprocessing of which only some flags are given, and on flags that say nothing of this input.
 * @param input the input that takes or gives the array
 * @param shown how its array shows a picture
 */
function remarksOnFlags(input: InputFeature, shown: PictureShape | null, entry: Entry, given: PreprocessingOptions): string[] {
  const { bytes } = entry
  const scaling = (['scale', 'bias'] as const).filter((name) => given[name] !== undefined)
  const placing = (['order', 'layout'] as const).filter((name) => given[name] !== undefined)
  const remarks =
    bytes && scaling.length > 0 ? [`'${input.name}' takes bytes: ${spellFlags(scaling)} ${isOrAre(scaling)} not applied to it`] : []
  const flags = bytes ? placing : [...scaling, ...placing]
  const rest = partsOf(input, shown, entry, given).filter(([, origin]) => origin !== 'given')
  if (flags.length === 0 || rest.length === 0) return remarks
  const taken = rest.map(([text, origin]) => text + originText(origin, entry)).join('; ')
  return [...remarks, `for '${input.name}' ${spellFlags(flags)} ${isOrAre(flags)} given, and the rest is taken to be ${taken}`]
}

function partsOf(input: InputFeature, shown: PictureShape | null, { rule, origins, bytes }: Entry, given: PreprocessingOptions): Part[] {
  const channels = shown?.channels ?? 3
  const { scale, bias } = rule.preprocessing
  const scaling: Part[] = [
    [`scale ${spell(scale)}`, origins.scale],
    [`bias ${bias.slice(0, channels).map(spell).join(', ')}`, origins.bias],
  ]
  return [
    ...(bytes ? [] : scaling),
    ...(channels === 3 ? [[`channel order ${rule.order}`, origins.order] as const] : []),
    ...(isAmbiguous(input, shown) ? [[`layout ${shown!.layout}`, given.layout ? 'given' : 'default'] as const] : []),
  ]
}

function originText(origin: Origin, { image }: Entry): string {
  if (origin === 'metadata') return " (of the file's metadata)"
  return origin === 'image' ? ` (of the image input '${image!.input.name}')` : ''
}

/** Whether either end of a shape could be the channels. */
function isAmbiguous({ shape, image }: InputFeature, shown: PictureShape | null): boolean {
  if (image || shown?.channels !== 3) return false
  return pictureShape(shape, 'NHWC')?.layout !== pictureShape(shape, 'NCHW')?.layout
}

const spell = (value: number): string => String(Number(value.toPrecision(6)))
const spellFlags = (names: readonly string[]): string => names.map((name) => `--${name}`).join(', ')
const isOrAre = (names: readonly string[]): string => (names.length === 1 ? 'is' : 'are')
