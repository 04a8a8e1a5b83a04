/** Samples of random data: pixels where a side takes pictures, else an array as the source takes it. Each is made anew from the seed. */
import { roundToHalfInPlace } from '../../kernels/float16.js'
import { Random } from '../../kernels/generator.js'
import { allocate, type DType, sizeOf, type Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { InputFeature } from '../graph/model.js'
import { spellInput, spellShape } from '../graph/shapes.js'
import type { Needs } from './needs.js'
import type { Notes } from './notes.js'
import { channelsOf, LARGEST_PICTURE } from './pixels.js'
import type { Content } from './samples.js'
import { closePattern, inputPatterns } from './shapes.js'
import { MOST_SAMPLES, type Part, type Sample, type Slot, sidesOf } from './slots.js'

/** Elements of the largest array. */
const LARGEST_RANDOM = 2 ** 28

export interface RandomOptions {
  /** Number of samples. */
  count: number
  /** Any safe integer. */
  seed: number
}

/**
 * @throws ParityError INPUT_SHAPE for an input whose size is open on both sides, INPUT_UNMATCHED for one that the target alone needs,
 * USAGE_RANDOM for a count or a seed that is none
 */
export function randomSamples({ count, seed }: RandomOptions, slots: readonly Slot[], needs: Needs, notes: Notes): Sample[] {
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
  const sizes = new Map(slots.map((slot) => [slot, randomSize(slot, needs.leastOf(slot), notes)]))
  return Array.from({ length: count }, (_, sample) => {
    const name = `random#${sample}`
    const parts = slots.map((slot, i): [Slot, Part] => {
      const content = randomContent(slot, sizes.get(slot)!, () => new Random(seed, sample, i), needs.entriesOf(slot))
      return [slot, { item: { name: null, where: name, content }, rows: null }]
    })
    return { name, parts: new Map(parts) }
  })
}

/** [height, width] of a picture, or the shape of an array. */
function randomSize(slot: Slot, least: number, notes: Notes): number[] {
  const image = slot.target?.image ?? slot.source?.image
  if (image) {
    const input = slot.target?.image ? slot.target : slot.source!
    refuseLarge(input, image.height * image.width, LARGEST_PICTURE, 'pixels')
    if (image.flexibility) notes.add(`random pictures for '${input.name}' have its default size, ${image.width} x ${image.height}`)
    return [image.height, image.width]
  }
  const [[input, partner]] = sidesOf(slot) as [[InputFeature, InputFeature | undefined]]
  const shape = closedShape(input, partner, least)
  refuseLarge(input, sizeOf(shape), LARGEST_RANDOM, 'elements')
  const isOpen = input.shape.includes(null) || input.flexibility !== undefined
  if (isOpen && !isFixed(partner)) {
    notes.add(`random arrays for ${spellInput(input)} have the shape ${spellShape(shape)}: give others with --inputs`)
  }
  return shape
}

const isFixed = (input: InputFeature | undefined): boolean =>
  input !== undefined && !input.shape.includes(null) && input.flexibility === undefined

function randomContent(slot: Slot, size: number[], generator: () => Random, entries: number | undefined): Content {
  const image = slot.target?.image ?? slot.source?.image
  const [height, width] = size as [number, number]
  if (image) return { kind: 'picture', read: () => randomPicture(generator(), height, width, channelsOf(image.color)) }
  const [[{ dtype }]] = sidesOf(slot) as [[InputFeature, InputFeature | undefined]]
  return { kind: 'array', dtype, shape: size, read: () => randomTensor(generator(), dtype, size, entries) }
}

function refuseLarge(input: InputFeature, size: number, most: number, unit: string): void {
  if (size <= most) return
  throw new ParityError('INPUT_SHAPE', {
    what: `the input ${spellInput(input)} takes ${size} ${unit}, at most ${most} are made up`,
    remedy: 'Check that the model is what it should be, or give samples with --inputs',
  })
}

/**
 * A shape that an input takes: its own, with what it leaves open from the other side, and one as the batch. What is still open is as large
 * as the windows of the graph take at least, and so is what a range lets grow from less than that.
 */
function closedShape(input: InputFeature, partner: InputFeature | undefined, least: number): number[] {
  // sizes that two models leave open need not mean the same: nothing is guessed there
  const guess = partner === undefined || least > 1 ? least : null
  const others = partner && (partner.shape.includes(null) ? partner.shape : grown(partner.shape as number[], partner, least))
  const candidates = [input.shape, ...inputPatterns(input)].map((pattern) =>
    (others ? closePattern(pattern, others) : pattern).map(
      (dimension, axis) => dimension ?? (axis === 0 ? (pattern.length > 1 ? 1 : least) : guess),
    ),
  )
  const closed = candidates.find((shape): shape is number[] => !shape.includes(null))
  if (closed) return isFixed(partner) ? closed : grown(closed, input, least)
  throw new ParityError('INPUT_SHAPE', {
    what: `the input ${spellInput(input)} leaves its size open, and nothing in its graph says how large it may be`,
    remedy: `Give samples with --inputs: arrays of shape ${spellShape(input.shape)}, for example an .npy file`,
  })
}

/** The declared default, grown to what the windows take where a range or a list of shapes allows it; the batch stays. */
function grown(shape: number[], { flexibility }: InputFeature, least: number): number[] {
  if (flexibility === undefined) return shape
  const fits = (size: number, axis: number): boolean => (axis === 0 && shape.length > 1) || size >= least
  if (flexibility.kind === 'enumerated') {
    const open = (axis: number): boolean => flexibility.shapes.some((one) => one[axis] !== shape[axis])
    const takes = (one: readonly number[]): boolean => one.every((size, axis) => !open(axis) || fits(size, axis))
    return takes(shape) ? shape : (flexibility.shapes.find(takes) ?? shape)
  }
  return shape.map((size, axis) => {
    const { min, max } = flexibility.ranges[axis] ?? { min: size, max: size }
    return min === max || fits(size, axis) ? size : Math.min(least, max ?? least)
  })
}

/** Integers that an input of each dtype takes whatever it means: whole bytes, and small numbers for what may be an index. */
const INTEGERS: Partial<Record<DType, readonly [number, number]>> = {
  bool: [0, 1],
  uint1: [0, 1],
  uint2: [0, 3],
  uint3: [0, 7],
  int4: [-8, 7],
  uint8: [0, 255],
  int8: [-128, 127],
}
const SMALL = [0, 9] as const
/** float16 holds whole numbers up to here. */
const MOST_ENTRIES = 2048

/**
 * A plausible array: standard normal floats, bytes of their whole range, other integers from 0 to 9, letters for words; of an input that is
 * read as indices, whole numbers below `entries`, whatever the dtype.
 */
export function randomTensor(random: Random, dtype: DType, shape: readonly number[], entries?: number): Tensor {
  const data = allocate(dtype, sizeOf(shape)) as { [index: number]: number | bigint | string; length: number }
  const [least, most] = entries === undefined ? (INTEGERS[dtype] ?? SMALL) : [0, Math.min(entries, MOST_ENTRIES) - 1]
  const next: Partial<Record<DType, () => number | bigint | string>> = {
    float16: () => random.normal(),
    float32: () => random.normal(),
    float64: () => random.normal(),
    complex64: () => random.normal(),
    int64: () => BigInt(random.integer(least, most)),
    uint64: () => BigInt(random.integer(least, most)),
    string: () => String.fromCharCode(97 + random.integer(0, 25)),
  }
  const isWhole = entries !== undefined && !/^u?int64$|string/.test(dtype)
  const draw = (isWhole ? undefined : next[dtype]) ?? (() => random.integer(least, most))
  for (let i = 0; i < data.length; i++) data[i] = draw()
  if (dtype === 'float16') roundToHalfInPlace(data as unknown as Float32Array)
  return { dtype, shape: [...shape], data } as unknown as Tensor
}

/** uint8 [height, width, 3], or [height, width] for one channel, of uniform pixels. */
export function randomPicture(random: Random, height: number, width: number, channels: number): Tensor<'uint8'> {
  const shape = channels === 1 ? [height, width] : [height, width, channels]
  const data = new Uint8Array(sizeOf(shape))
  for (let i = 0; i < data.length; i++) data[i] = random.integer(0, 255)
  return { dtype: 'uint8', shape, data }
}
