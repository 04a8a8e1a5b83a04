/** Where pixels become numbers, or numbers pixels: by which preprocessing, and what the record and the findings are told of it. */
import type { InputFeature } from '../graph/model.js'
import type { PixelRule } from './convert.js'
import { remarksOnFlags } from './flags.js'
import { type InferredPreprocessing, inferredBy } from './inferred.js'
import type { Notes } from './notes.js'
import { checkOptions, type Entry, type EntryOptions, entryOf, type Side } from './origins.js'
import { closePattern, inputPatterns, type Layout, layoutOf, type PictureShape, pictureShape } from './patterns.js'
import { channelsOf } from './preprocessing.js'
import type { Slot } from './slots.js'

/** As the record shows it; `bias` in the order of the array's channels. */
export interface Preprocessing {
  scale?: number
  bias?: number[]
  order?: 'RGB' | 'BGR'
  layout?: Layout
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
