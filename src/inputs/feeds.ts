/**
 * From the samples that a user gives to what each model is fed, one sample at a time.
 *
 * One array or picture feeds an input of the source and the input of the target that it becomes. Where one of them takes pixels and the
 * other an array, the preprocessing between them is as given, else that of the image input, declared or found in its graph: pixels go
 * through it to the array, and an array is turned back through it into pixels.
 */
import type { Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { InputFeature } from '../graph/model.js'
import { naturalOrder } from '../graph/names.js'
import { type Batch, batchBetween, repeatedFeeds, spellBatch, withBatchOf } from './batch.js'
import { type FedModel, feedFrom, type Loaded, pictureFrom } from './convert.js'
import { decodeRaw, rawLayout } from './decoders/npy.js'
import { type By, byArrays, type InputMapping, isRequired, mapInputs, refuseMisfit, refuseUnmatched } from './match.js'
import { limitsOf, needsOf } from './needs.js'
import { Notes, noteNonFinite } from './notes.js'
import type { PreprocessingOptions, Side } from './preprocessing.js'
import { type RandomOptions, randomSamples } from './random.js'
import { type InferredPreprocessing, type Preprocessing, RuleBook } from './rules.js'
import { collectSamples } from './samples.js'
import { type Part, type Sample, type Slot, samplesOf, sidesOf } from './slots.js'

export type { Batch } from './batch.js'
export type { FedModel } from './convert.js'
export type { PreprocessingOptions } from './preprocessing.js'
export type { RandomOptions } from './random.js'
export type { InferredPreprocessing, Preprocessing } from './rules.js'

export interface FeedsOptions {
  source: FedModel
  target: FedModel
  /** Samples of both sides: files and folders. */
  inputs?: readonly string[] | undefined
  /** The target's own samples, in the same order. */
  targetInputs?: readonly string[] | undefined
  random?: RandomOptions | undefined
  /** Names of an input of the source and of the target that go together; other pairs are left alone. */
  map?: readonly (readonly [source: string, target: string])[] | undefined
  preprocessing?: PreprocessingOptions | undefined
}

export interface ModelFeedsOptions extends Pick<FeedsOptions, 'inputs' | 'random' | 'preprocessing'> {
  model: FedModel
}

/** Tensors by input name. */
export type Feeds = Record<string, Tensor>

export interface FeedPair {
  /** The file, the subfolder, or the file and the index within it. */
  name: string
  source: Feeds
  target: Feeds
}

/** Samples that are loaded as they are asked for, each time anew. */
interface Samples<T> {
  count: number
  /** @throws ParityError INPUT_… for a sample that cannot be read or does not fit */
  load(index: number): T
  samples: Iterable<T>
  /** Remarks so far, each once with the places that gave it. */
  readonly notes: string[]
}

export interface PreparedFeeds extends Samples<FeedPair> {
  /** Where one side takes more samples a run than the other. */
  batch: Batch | undefined
  /** Of the samples, in their order. */
  names: readonly string[]
  mapping: { source: string; target: string; by: By }[]
  /** As used so far: empty where no pixels became numbers and no numbers pixels. */
  readonly preprocessing: Preprocessing
  /** What of it was taken from the target so far, one for each of its image inputs. */
  readonly inferred: readonly InferredPreprocessing[]
}

export interface PreparedModelFeeds extends Samples<{ name: string; feeds: Feeds }> {}

/**
 * The samples of a comparison. Reads the headers of all and loads the first, so that most mistakes show at once.
 * @throws ParityError INPUT_… for paths, files, shapes and names that do not serve, USAGE_… for a call without samples or with both kinds
 */
export function prepareFeeds(options: FeedsOptions): PreparedFeeds {
  const notes = new Notes()
  const batch = batchBetween(options)
  if (batch) notes.add(spellBatch(batch))
  const source = batch?.side === 'source' ? withBatchOf(options.source, batch) : options.source
  const target = batch?.side === 'target' ? withBatchOf(options.target, batch) : options.target
  const mapping = mapInputs(source.inputs, target.inputs, options.map ?? [])
  const own = options.targetInputs ? ownSamples(options.targetInputs, target, notes) : null
  refuseMisfit(mapping.pairs.filter(({ target: to }) => !own?.covers(to)))
  refuseAmbiguous(mapping, { source, target }, (input) => own?.covers(input) ?? false, notes)
  const slots: Slot[] = [
    ...mapping.pairs.map((pair): Slot => ({ source: pair.source, target: pair.target, apart: own?.covers(pair.target) ?? false })),
    ...mapping.source.map((input): Slot => ({ source: input })),
    ...mapping.target.map((input): Slot => ({ target: input })),
  ]
  const isOptional = ({ source: from, target: to }: Slot): boolean =>
    from ? !isRequired(from) : !isRequired(to!) || (own?.covers(to!) ?? false)
  const given = givenSamples(options, slots, isOptional, notes, [source, target])
  if (own && own.samples.length !== given.length) {
    throw new ParityError('INPUT_COUNT', {
      what: `the inputs hold ${given.length} sample${given.length === 1 ? '' : 's'}, the target's own ${own.samples.length}`,
      remedy: 'Give the target one sample for each of the source, in the same order',
    })
  }
  const rules = new RuleBook({ ...options, source, target, notes })
  const order = placesInOrder(given)
  const load = (place: number): FeedPair => {
    const index = order[place]!
    const sample = given[index]!
    const pair: FeedPair = { name: sample.name, source: {}, target: {} }
    for (const slot of slots) {
      const part = sample.parts.get(slot)
      // of a sample of its own, bytes are the array as it is, and no picture
      const loaded = part && loadPart(part, slot.apart && slot.source ? { source: slot.source } : slot)
      const where = part?.item.where ?? sample.name
      if (loaded?.kind === 'array') noteNonFinite(notes, (slot.source ?? slot.target)!.name, loaded.array, sample.name)
      const rule = (side: Side) => ({ rule: rules.of(slot, side), onRule: () => rules.use(slot, side), notes })
      if (slot.source && loaded) {
        pair.source[slot.source.name] = feedFrom(loaded, {
          input: slot.source,
          model: source,
          partner: slot.apart ? undefined : slot.target,
          where,
          ...rule('source'),
        })
      }
      if (!slot.target) continue
      const ownPart = own?.partOf(index, slot.target)
      const chosen = ownPart ? loadPart(ownPart, { target: slot.target }) : loaded
      if (!chosen) continue
      if (ownPart && chosen.kind === 'array') noteNonFinite(notes, slot.target.name, chosen.array, ownPart.item.where)
      const context = ownPart ? { partner: undefined, where: ownPart.item.where } : { partner: slot.source, where }
      pair.target[slot.target.name] = feedFrom(chosen, { input: slot.target, model: target, ...context, ...rule('target') })
    }
    for (const side of ['source', 'target'] as const) limits[side](pair[side], pair.name)
    return batch ? { ...pair, [batch.side]: repeatedFeeds(pair[batch.side], batch) } : pair
  }
  const limits = { source: limitsOf(source), target: limitsOf(target) }
  const first = load(0)
  return {
    batch,
    count: given.length,
    names: order.map((index) => given[index]!.name),
    load,
    samples: eachOf(given.length, load),
    mapping: (own ? byArrays(mapping.pairs, first) : mapping.pairs).map(({ source: from, target: to, by }) => ({
      source: from.name,
      target: to.name,
      by,
    })),
    get preprocessing() {
      return rules.used
    },
    get inferred() {
      return rules.inferred
    },
    get notes() {
      return notes.list()
    },
  }
}

/** Samples that are as their models take them already. */
export const givenFeeds = (pairs: readonly FeedPair[], mapping: PreparedFeeds['mapping']): PreparedFeeds => ({
  batch: undefined,
  count: pairs.length,
  names: pairs.map(({ name }) => name),
  load: (index) => pairs[index]!,
  samples: pairs,
  mapping,
  preprocessing: { inferred: false },
  inferred: [],
  notes: [],
})

/** What one model is fed: as `prepareFeeds`, without a second side. */
export function prepareModelFeeds({ model, ...options }: ModelFeedsOptions): PreparedModelFeeds {
  const notes = new Notes()
  const slots: Slot[] = model.inputs.map((input) => ({ source: input }))
  const given = givenSamples(options, slots, (slot) => !isRequired(slot.source!), notes, [model])
  const rules = new RuleBook({ source: model, target: null, preprocessing: options.preprocessing, notes })
  const load = (index: number): { name: string; feeds: Feeds } => {
    const { name, parts } = given[index]!
    const feeds: Feeds = {}
    for (const [slot, part] of parts) {
      const input = slot.source!
      const rule = rules.of(slot, 'source')
      const loaded = loadPart(part, slot)
      if (loaded.kind === 'array') noteNonFinite(notes, input.name, loaded.array, name)
      feeds[input.name] = feedFrom(loaded, {
        input,
        model,
        partner: undefined,
        rule,
        onRule: () => rules.use(slot, 'source'),
        notes,
        where: part.item.where,
      })
    }
    refuseIndices(feeds, name)
    return { name, feeds }
  }
  const refuseIndices = limitsOf(model)
  load(0)
  return {
    count: given.length,
    load,
    samples: eachOf(given.length, load),
    get notes() {
      return notes.list()
    },
  }
}

/** Samples in the order of their names, numbers as numbers, however they were given: their order changes nothing. */
const placesInOrder = (samples: readonly Sample[]): number[] =>
  samples.map((_, index) => index).sort((a, b) => naturalOrder(samples[a]!.name, samples[b]!.name) || a - b)

const eachOf = <T>(count: number, load: (index: number) => T): Iterable<T> => ({
  *[Symbol.iterator]() {
    for (let i = 0; i < count; i++) yield load(i)
  },
})

function refuseAmbiguous(
  mapping: InputMapping,
  { source, target }: Pick<FeedsOptions, 'source' | 'target'>,
  isCovered: (input: InputFeature) => boolean,
  notes: Notes,
): void {
  const alone = mapping.source.filter(isRequired)
  if (alone.length > 0 && mapping.target.some((input) => isRequired(input) && !isCovered(input))) {
    const isMapped = mapping.pairs.some(({ by }) => by === 'map')
    refuseUnmatched(isMapped ? mapping.source : source.inputs, isMapped ? mapping.target : target.inputs, isMapped)
  }
  for (const { name } of alone) notes.add(`the source's input '${name}' has no partner in the target`)
}

/** Samples of --target-inputs. */
interface OwnSamples {
  samples: Sample[]
  /** Whether each sample has something for this input. */
  covers(input: InputFeature): boolean
  partOf(index: number, input: InputFeature): Part | undefined
}

function ownSamples(paths: readonly string[], target: FedModel, notes: Notes): OwnSamples {
  const slots = new Map(target.inputs.map((input): [InputFeature, Slot] => [input, { target: input }]))
  // what they leave out comes from the samples of both sides
  const samples = collectSamples(paths, notes).flatMap((file) => samplesOf(file, [...slots.values()], () => true))
  return {
    samples,
    covers: (input) => samples.length > 0 && samples.every(({ parts }) => parts.has(slots.get(input)!)),
    partOf: (index, input) => samples[index]?.parts.get(slots.get(input)!),
  }
}

function givenSamples(
  { inputs = [], random }: Pick<FeedsOptions, 'inputs' | 'random'>,
  slots: readonly Slot[],
  isOptional: (slot: Slot) => boolean,
  notes: Notes,
  models: readonly [source: FedModel, target?: FedModel],
): Sample[] {
  if (inputs.length > 0 && random) {
    throw new ParityError('USAGE_INPUTS', { what: 'both samples and random samples are asked for', remedy: 'Give --inputs or --random' })
  }
  const samples = random
    ? randomSamples(
        random,
        slots.filter((slot) => !isOptional(slot)),
        needsOf(models),
        notes,
      )
    : collectSamples(inputs, notes).flatMap((file) => samplesOf(file, slots, isOptional))
  if (samples.length > 0) return samples
  throw new ParityError('USAGE_INPUTS', { what: 'no sample was given', remedy: 'Give samples with --inputs PATH…, or --random N' })
}

/** The part of a sample that a slot gets. Bytes that show a picture are one wherever a side takes pictures. */
function loadPart({ item, rows }: Part, slot: Slot): Loaded {
  const { content, where } = item
  if (content.kind === 'picture') return { kind: 'picture', picture: content.read() }
  const array = content.kind === 'raw' ? loadRaw(content.read(), slot, where) : rows ? content.read(rows.start, rows.count) : content.read()
  const picture = array.dtype === 'uint8' && (slot.source?.image || slot.target?.image) ? pictureFrom(array) : null
  return picture ? { kind: 'picture', picture } : { kind: 'array', array }
}

function loadRaw(bytes: Uint8Array, slot: Slot, where: string): Tensor {
  const inputs = sidesOf(slot).map(([input]) => input)
  return decodeRaw(bytes, inputs.find((input) => rawLayout(input)?.bytes === bytes.length) ?? inputs[0]!, where)
}
