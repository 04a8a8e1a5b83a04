/**
 * Which array of a sample feeds which input. A slot is an input of the source and the input of the target that it becomes (or one of
 * them alone): one array feeds both. Arrays that hold several samples are cut along their first axis.
 */
import { ParityError } from '../graph/errors.js'
import type { Dimension } from '../graph/graph.js'
import type { InputFeature } from '../graph/model.js'
import { spellArray, spellInput } from '../graph/shapes.js'
import { classOf, isCastable } from './convert.js'
import { rawLayout } from './decoders/npy.js'
import { isCalled, isNearlyCalled, match, OPTIONAL, OTHER_CLASS, spellList } from './match.js'
import type { Item, SampleFile } from './samples.js'
import { fitShape, LEVELS, patternsWith, pictureShape } from './shapes.js'

/** The most random samples, and the most that one array is cut into. */
export const MOST_SAMPLES = 1e6

export interface Slot {
  source?: InputFeature
  target?: InputFeature
  /** The target has samples of its own: the two sides need not agree in size. */
  apart?: boolean
}

/** Inputs that a slot's array feeds, each with the one on the other side. */
export function sidesOf({ source, target, apart }: Slot): [input: InputFeature, partner: InputFeature | undefined][] {
  if (!source) return [[target!, undefined]]
  return target && !apart
    ? [
        [source, target],
        [target, source],
      ]
    : [[source, undefined]]
}

/** A sample: for each slot that it fills an item, and the rows of it. */
export interface Sample {
  name: string
  parts: Map<Slot, Part>
}

export interface Part {
  item: Item
  /** Rows along the first axis; null: all of the array. */
  rows: { start: number; count: number } | null
}

/** Cutting an array weighs more than anything that can be said about it whole. */
const CUT = 100

interface Way {
  looseness: number
  /** Rows a sample where the array is cut; null where it is one sample. */
  rows: number | null
}

/** The strictest way in which an array can feed an input; null where it cannot. */
function wayInto(shape: readonly number[], patterns: readonly (readonly Dimension[])[]): Way | null {
  const ways = patterns.flatMap((pattern): Way[] => {
    const whole = levelOf(shape, pattern)
    if (whole !== null) return [{ looseness: whole, rows: null }]
    return batchesOf(shape, pattern).flatMap((rows) => {
      const level = levelOf([rows, ...shape.slice(1)], pattern)
      return level === null ? [] : [{ looseness: CUT + level, rows }]
    })
  })
  return ways.sort((a, b) => a.looseness - b.looseness)[0] ?? null
}

function levelOf(shape: readonly number[], pattern: readonly Dimension[]): number | null {
  const fit = fitShape(shape, pattern)
  return fit && LEVELS.indexOf(fit.level)
}

/** Numbers of rows that a sample may take of an array that holds several. */
function batchesOf([first = 0]: readonly number[], [batch]: readonly Dimension[]): number[] {
  return [...new Set([batch ?? 1, 1])].filter((rows) => rows > 0 && first > rows && first % rows === 0)
}

function wayOf({ content }: Item, input: InputFeature, partner: InputFeature | undefined): Way | null {
  if (content.kind === 'raw') return rawLayout(input)?.bytes === content.byteLength ? { looseness: 0, rows: null } : null
  if (content.kind === 'picture') {
    if (input.image) return { looseness: 0, rows: null }
    return partner?.image || pictureShape(input.shape, 'NHWC') ? { looseness: 1, rows: null } : null
  }
  if (!isCastable(content.dtype, input.dtype)) return null
  const way = wayInto(content.shape, patternsWith(input, partner))
  const otherClass = !input.image && classOf(content.dtype) !== classOf(input.dtype)
  return way && { ...way, looseness: way.looseness + (otherClass ? OTHER_CLASS : 0) }
}

/** As the input of the source, else as that of the target. */
function wayIntoSlot(item: Item, slot: Slot): Way | null {
  for (const [input, partner] of sidesOf(slot)) {
    const way = wayOf(item, input, partner)
    if (way) return way
  }
  return null
}

/**
 * The samples of a file or subfolder.
 * @param isOptional slots that a sample may leave empty
 * @throws ParityError INPUT_SHAPE, INPUT_MISSING, INPUT_UNKNOWN, INPUT_UNMATCHED with what was expected and what was found
 */
export function samplesOf(file: SampleFile, slots: readonly Slot[], isOptional: (slot: Slot) => boolean): Sample[] {
  const named = (test: (input: InputFeature, name: string) => boolean, side: 'source' | 'target') => ({
    by: 'name' as const,
    same: ({ name }: Item, slot: Slot) => name !== null && slot[side] !== undefined && test(slot[side], name),
  })
  const matching = match(file.items, slots, {
    names: [named(isCalled, 'source'), named(isCalled, 'target'), named(isNearlyCalled, 'source'), named(isNearlyCalled, 'target')],
    looseness(item, slot) {
      const way = wayIntoSlot(item, slot)
      return way && way.looseness + (isOptional(slot) ? OPTIONAL : 0)
    },
  })
  const missing = matching.right.filter((slot) => !isOptional(slot))
  if (missing.length > 0 || matching.left.length > 0) refuse(file, matching.left, missing, slots)
  const parts = matching.pairs.map(({ left: item, right: slot }) => {
    const way = wayIntoSlot(item, slot)
    if (!way) throw misfit(item, slot)
    return { item, slot, rows: way.rows, count: countOf(item, way) }
  })
  return cut(file, parts)
}

const countOf = ({ content }: Item, { rows }: Way): number => (rows === null || content.kind !== 'array' ? 1 : content.shape[0]! / rows)

function cut(file: SampleFile, parts: readonly { item: Item; slot: Slot; rows: number | null; count: number }[]): Sample[] {
  const [first] = parts
  const count = first?.count ?? 0
  const other = parts.find((part) => part.count !== count)
  if (first && other) {
    throw new ParityError('INPUT_SHAPE', {
      what: `the arrays hold different numbers of samples: ${spellItem(first.item)} ${count}, ${spellItem(other.item)} ${other.count}`,
      where: file.name,
      remedy: 'Give each array the same number of samples',
    })
  }
  if (count > MOST_SAMPLES) {
    throw new ParityError('INPUT_SHAPE', {
      what: `${spellItem(first!.item)} is ${count} samples for ${spellSlot(first!.slot)}; one array is cut into at most ${MOST_SAMPLES}`,
      where: file.name,
      remedy: 'Give fewer samples, or split the array over several files',
    })
  }
  return Array.from({ length: count }, (_, i) => ({
    name: count === 1 ? file.name : `${file.name}#${i}`,
    parts: new Map(parts.map(({ item, slot, rows }) => [slot, { item, rows: rows === null ? null : { start: i * rows, count: rows } }])),
  }))
}

function spellItem({ name, content }: Item): string {
  const label = name === null ? '' : `'${name}' `
  if (content.kind === 'array') return label + spellArray(content.dtype, content.shape)
  return label + (content.kind === 'picture' ? 'a picture' : `${content.byteLength} raw bytes`)
}

const spellSlot = (slot: Slot): string => spellInput(sidesOf(slot)[0]![0])

function misfit(item: Item, slot: Slot): ParityError {
  const [[input]] = sidesOf(slot) as [[InputFeature, InputFeature | undefined]]
  const raw = item.content.kind === 'raw' ? rawLayout(input) : null
  return new ParityError('INPUT_SHAPE', {
    what: `the input ${spellInput(input)} cannot be fed with ${spellItem(item)}${raw ? `: it takes ${raw.bytes} bytes` : ''}`,
    where: item.where,
    remedy: 'Bring the sample to the shape and dtype of the input',
  })
}

function refuse(file: SampleFile, items: readonly Item[], missing: readonly Slot[], slots: readonly Slot[]): never {
  if (items.length === 1 && missing.length === 1) throw misfit(items[0]!, missing[0]!)
  const lists = `expected ${spellList(slots.map(spellSlot))}; found ${spellList(file.items.map(spellItem))}`
  const problem = {
    where: file.name,
    remedy: 'Put the inputs of one sample into one .npz, its members named as the inputs, or into a subfolder with a file per input',
  }
  if (items.length === 0)
    throw new ParityError('INPUT_MISSING', { what: `the sample lacks ${spellList(missing.map(spellSlot))}: ${lists}`, ...problem })
  if (missing.length === 0)
    throw new ParityError('INPUT_UNKNOWN', { what: `no input takes ${spellList(items.map(spellItem))}: ${lists}`, ...problem })
  throw new ParityError('INPUT_UNMATCHED', {
    what: `the sample's arrays and the inputs do not match by name, and not uniquely by shape: ${lists}`,
    ...problem,
  })
}
