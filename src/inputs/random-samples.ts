/** Samples of random data: pixels where a side takes pictures, else an array as the source takes it. Each is made anew from the seed. */
import { sizeOf } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { InputFeature } from '../graph/model.js'
import { LARGEST_PICTURE, LARGEST_RANDOM, MOST_SAMPLES } from './limits.js'
import { closePattern, inputPatterns } from './patterns.js'
import { channelsOf } from './preprocessing.js'
import { Random, randomPicture, randomTensor } from './random.js'
import type { Content } from './samples.js'
import { type Part, type Sample, type Slot, sidesOf } from './slots.js'
import { spellInput } from './text.js'

export interface RandomOptions {
  /** Number of samples. */
  count: number
  /** Any safe integer. */
  seed: number
}

/** Entries of the smallest table that the inputs of a slot point into; undefined where they are no indices. */
export type EntriesOf = (slot: Slot) => number | undefined

/**
 * @throws ParityError INPUT_SHAPE for an input whose size is open on both sides, INPUT_UNMATCHED for one that the target alone needs,
 * USAGE_RANDOM for a count or a seed that is none
 */
export function randomSamples({ count, seed }: RandomOptions, slots: readonly Slot[], entriesOf: EntriesOf): Sample[] {
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_SAMPLES || !Number.isSafeInteger(seed)) {
    throw new ParityError('USAGE_RANDOM', {
      what: `${count} random samples of seed ${seed} cannot be made`,
      remedy: `Give a number of samples from 1 to ${MOST_SAMPLES} and an integer as seed`,
    })
  }
  const lone = slots.find(({ source }) => !source)
  if (lone) {
    throw new ParityError('INPUT_UNMATCHED', {
      what: `the target's input ${spellInput(lone.target!)} has no partner in the source: random data for it would mean nothing`,
      remedy: 'Give samples with --inputs and --target-inputs',
    })
  }
  return Array.from({ length: count }, (_, sample) => {
    const name = `random#${sample}`
    const parts = slots.map((slot, i): [Slot, Part] => {
      const content = randomContent(slot, () => new Random(seed, sample, i), entriesOf(slot))
      return [slot, { item: { name: null, where: name, content }, rows: null }]
    })
    return { name, parts: new Map(parts) }
  })
}

function randomContent(slot: Slot, generator: () => Random, entries: number | undefined): Content {
  const image = slot.target?.image ?? slot.source?.image
  if (image) {
    refuseLarge(slot.target?.image ? slot.target : slot.source!, image.height * image.width, LARGEST_PICTURE, 'pixels')
    return { kind: 'picture', read: () => randomPicture(generator(), image.height, image.width, channelsOf(image.color)) }
  }
  const [[input, partner]] = sidesOf(slot) as [[InputFeature, InputFeature | undefined]]
  const shape = closedShape(input, partner)
  refuseLarge(input, sizeOf(shape), LARGEST_RANDOM, 'elements')
  return { kind: 'array', dtype: input.dtype, shape, read: () => randomTensor(generator(), input.dtype, shape, entries) }
}

function refuseLarge(input: InputFeature, size: number, most: number, unit: string): void {
  if (size <= most) return
  throw new ParityError('INPUT_SHAPE', {
    what: `the input ${spellInput(input)} takes ${size} ${unit}, at most ${most} are made up`,
    remedy: 'Check that the model is what it should be, or give samples with --inputs',
  })
}

/** A shape that an input takes: its own, with what it leaves open from the other side, and one as the batch. */
function closedShape(input: InputFeature, partner: InputFeature | undefined): number[] {
  const candidates = [input.shape, ...inputPatterns(input)].map((pattern) =>
    closePattern(pattern, partner?.shape ?? []).map((dimension, axis) => (axis === 0 ? (dimension ?? 1) : dimension)),
  )
  const closed = candidates.find((shape): shape is number[] => !shape.includes(null))
  if (closed) return closed
  throw new ParityError('INPUT_SHAPE', {
    what: `the input ${spellInput(input)} leaves its size open: random data for it cannot be made`,
    remedy: 'Give samples with --inputs',
  })
}
