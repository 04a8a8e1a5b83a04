/**
 * How coarse the target's values and constants are for the sake of a comparison: what the source stores in fewer bits (quantized tensors and
 * weights, float16 weights), and what the target holds in float16. Rounding noise plays it, so that nothing of it counts as a fault.
 */
import { roundToHalf } from '../../kernels/float16.js'
import { isNumberTensor, type NumberArray, sizeOf, type Tensor } from '../../kernels/tensor.js'
import type { Pair } from '../align/align.js'
import { familyOf } from '../align/families.js'
import { type Layout, layoutsBetween, sourceIndex } from '../align/layout.js'
import type { Constant, Graph, Quantization } from '../graph/graph.js'
import { dequantize } from '../graph/quantization.js'
import type { Relations } from '../graph/relations.js'
import { type Coarseness, type Session, UNIT_ROUNDOFF } from '../runners/session.js'
import { axisInTarget } from './place.js'

export type CoarseValues = ReadonlyMap<string, Coarseness>

/** Whether a value is known to be coarser than float32. */
export const isCoarse = ({ relative = 0, peak = 0, absolute }: Coarseness): boolean =>
  relative > UNIT_ROUNDOFF.float32 || peak > 0 || absolute !== undefined

export interface CoarsenessOptions {
  source: Session
  target: Session
  sourceGraph: Relations
  targetGraph: Relations
  pairs: readonly Pair[]
  /** Target values that repeat the numbers of a source value that has a partner already. */
  copies: ReadonlyMap<string, unknown>
}

/** What a comparison plays besides float32 rounding. */
export interface CoarseMaps {
  /** Constants, and values that the source's op reads in fewer bits: for segments between values that are the source's own. */
  isolated: CoarseValues
  /** Besides, what each aligned value is rounded to: for runs from the inputs to the outputs. */
  cumulative: CoarseValues
  /** Constants and aligned values as the target itself holds them. */
  precision: CoarseValues
}

export function coarseMaps(options: CoarsenessOptions): CoarseMaps {
  const { source, target, targetGraph, pairs } = options
  const constants = coarseConstants(options)
  const isolated = new Map(constants)
  const cumulative = new Map(constants)
  const precision = new Map(constants)
  for (const pair of pairs) {
    const own = overall(source.rounding(pair.source))
    if (own.peak) isolated.set(pair.target, { peak: own.peak })
    const held = target.rounding(pair.target)
    const { relative = 0 } = held
    if (isCoarse(own) || isCoarse(held)) cumulative.set(pair.target, { ...own, relative: Math.max(own.relative ?? 0, relative) })
    if (isCoarse(held)) precision.set(pair.target, { relative })
  }
  const steps = unalignedPeak(options)
  const aligned = new Set(pairs.map((pair) => pair.target))
  for (const name of steps > 0 ? targetGraph.results : []) {
    if (aligned.has(name) || !targetGraph.dependsOnInput.has(name)) continue
    isolated.set(name, { peak: steps })
    cumulative.set(name, { ...cumulative.get(name), peak: steps })
  }
  for (const name of targetGraph.graph.inputs) {
    const { relative = 0 } = target.rounding(name)
    if (relative > UNIT_ROUNDOFF.float32 && !precision.has(name)) {
      precision.set(name, { relative })
      cumulative.set(name, { ...cumulative.get(name), relative })
    }
  }
  for (const [name, relative] of roundedCopies(options)) {
    precision.set(name, { relative })
    cumulative.set(name, { ...cumulative.get(name), relative })
  }
  return { isolated, cumulative, precision }
}

/** Values without a partner of their own that are an aligned value, or a copy of one, cast to fewer bits: the source's number is what is rounded. */
function roundedCopies({ target, targetGraph, pairs, copies }: CoarsenessOptions): Map<string, number> {
  const aligned = new Set(pairs.map((pair) => pair.target))
  const found = new Map<string, number>()
  for (const { type, inputs, outputs } of targetGraph.graph.nodes) {
    const from = inputs.find(({ value }) => value !== null && targetGraph.dependsOnInput.has(value))?.value
    const [to] = outputs
    if (familyOf(type) !== 'cast' || from == null || to == null || aligned.has(to)) continue
    const { relative = 0 } = target.rounding(to)
    const isBorder = aligned.has(from) || copies.has(from) || targetGraph.graph.inputs.includes(from)
    if (isBorder && relative > UNIT_ROUNDOFF.float32 && !isCoarse(target.rounding(from))) found.set(to, relative)
  }
  return found
}

/**
 * Half a step, as a part of the largest element, of values that a quantized source makes between aligned ones: they have steps of their own,
 * though no partner whose step would be known. 0 where the source computes with floats.
 */
function unalignedPeak({ sourceGraph }: CoarsenessOptions): number {
  const { graph, results, dependsOnInput } = sourceGraph
  const coded = results.filter((name) => dependsOnInput.has(name) && graph.values.get(name)?.quantization)
  if (coded.length === 0) return 0
  return coded.every((name) => graph.values.get(name)?.dtype === 'int16') ? 1 / 65534 : 1 / 254
}

/** One amount for a whole value: quantized values, unlike weights, have one step. */
const overall = (own: Coarseness): Coarseness => (own.absolute ? { ...own, absolute: coarsest(own.absolute.amounts) } : own)

const coarsest = (amounts: Float64Array) => ({ amounts: Float64Array.of(amounts.reduce((a, b) => Math.max(a, b), 0)), axis: 0 })

interface Named {
  name: string
  constant: Constant
  quantization?: Quantization | undefined
}

function constantsOf(graph: Graph): Named[] {
  const own = [...graph.values.values()].flatMap(({ name, constant, quantization }) => (constant ? [{ name, constant, quantization }] : []))
  return [...own, ...graph.nodes.flatMap(({ bodies }) => bodies.flatMap((body) => constantsOf(body.graph)))]
}

/**
 * The target's constants as coarse as either side stores them. A source's quantized weights are found in the target by their numbers, each
 * within its step; weights that are nowhere within theirs are compared as they are, as coarse as their largest element's step says.
 */
function coarseConstants({ source, target, sourceGraph, targetGraph }: CoarsenessOptions): Map<string, Coarseness> {
  const coarse = new Map<string, Coarseness>()
  const own = constantsOf(targetGraph.graph)
  const stored = constantsOf(sourceGraph.graph).map((one) => ({ ...one, rounding: source.rounding(one.name) }))
  const half = stored.find(({ rounding }) => (rounding.relative ?? 0) >= UNIT_ROUNDOFF.float16)?.rounding
  for (const { name } of own) {
    const { relative = 0, least } = target.rounding(name)
    if (relative > UNIT_ROUNDOFF.float32) coarse.set(name, { relative, ...(least && { least }) })
    else if (half) coarse.set(name, half)
  }
  for (const name of roundedConstants(stored, own)) coarse.set(name, HALF)
  for (const name of decompressedHalf(targetGraph, coarse)) coarse.set(name, { relative: UNIT_ROUNDOFF.float16 })
  for (const [name, coarseness] of foldedConstants(stored, own)) coarse.set(name, { ...coarse.get(name), ...coarseness })
  const quantized = stored.filter(({ rounding }) => rounding.absolute !== undefined)
  for (const { name, constant } of quantized.length > 0 ? own : []) {
    const size = sizeOf(constant.shape)
    const alike = quantized.filter((one) => sizeOf(one.constant.shape) === size)
    if (alike.length === 0 || !/^float/.test(constant.dtype)) continue
    coarse.set(name, { ...coarse.get(name), ...coarsenessAmong(constant, alike) })
  }
  return coarse
}

const HALF: Coarseness = { relative: UNIT_ROUNDOFF.float16, least: 2 ** -24 }

/** Constants in float32 whose numbers are a constant of the source, rounded to float16. */
function roundedConstants(source: readonly Named[], target: readonly Named[]): string[] {
  return target.flatMap((one) => {
    if (one.constant.dtype !== 'float32') return []
    const own = numbersOf(one.constant.read())
    if (!own.every((x) => roundToHalf(x) === x)) return []
    const isRounded = source.some((other) => {
      if (sizeOf(other.constant.shape) !== own.length || other.constant.dtype !== 'float32') return false
      const numbers = realNumbers(other)
      return layoutsBetween(other.constant.shape, one.constant.shape).some((layout) => {
        let differs = false
        for (let i = 0; i < own.length; i++) {
          const x = numbers[sourceIndex(layout, i)]!
          if (roundToHalf(x) !== own[i]) return false
          differs ||= x !== own[i]
        }
        return differs
      })
    })
    return isRounded ? [one.name] : []
  })
}

/** Units in the last place, of the middling element and of the element itself, by which two foldings of one constant differ. */
const FOLDING = { middling: 16, own: 64 }
const MOST_FOLDED = 8192

/**
 * Converters fold normalizations into biases, each in an order of its own: beta - mean * gamma / deviation loses units of its terms, not of
 * what they leave. Where a vector of the target is one of the source's but for such units, each element is as coarse as the two differ.
 */
function foldedConstants(source: readonly Named[], target: readonly Named[]): [string, Coarseness][] {
  const isVector = ({ constant: { shape, dtype } }: Named) =>
    /^float/.test(dtype) && shape.filter((dimension) => dimension !== 1).length === 1 && Math.max(...shape) <= MOST_FOLDED
  const vectors = source.filter(isVector).map(realNumbers)
  return target.filter(isVector).flatMap(({ name, constant }) => {
    const own = numbersOf(constant.read())
    const alike = vectors.find((one) => one.length === own.length && isSameFolded(one, own))
    if (alike === undefined) return []
    const amounts = Float64Array.from(own, (x, i) => Math.abs(x - alike[i]!))
    if (amounts.every((amount) => amount === 0)) return []
    return [[name, { absolute: { amounts, axis: constant.shape.findIndex((dimension) => dimension !== 1) } }]]
  })
}

function isSameFolded(source: NumberArray, target: NumberArray): boolean {
  const middling = geometricMean(target) * FOLDING.middling
  for (let i = 0; i < target.length; i++) {
    const bound = UNIT_ROUNDOFF.float32 * (middling + FOLDING.own * Math.abs(target[i]!))
    if (!(Math.abs(source[i]! - target[i]!) <= bound)) return false
  }
  return true
}

/** Of the magnitudes of elements that are not zero: one large element does not lift it, as it would a mean. */
function geometricMean(data: NumberArray): number {
  let [sum, count] = [0, 0]
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]!)
    if (size === 0 || !Number.isFinite(size)) continue
    sum += Math.log(size)
    count++
  }
  return count > 0 ? Math.exp(sum / count) : 0
}

/** Values that a target makes of nothing but constants stored in float16. */
function decompressedHalf({ graph, dependsOnInput }: Relations, coarse: CoarseValues): string[] {
  return graph.nodes.flatMap((node) => {
    const operands = node.inputs.flatMap(({ value }) => (value === null ? [] : [value]))
    const made = node.outputs.filter((name) => name !== null)
    return operands.some((name) => coarse.has(name)) && made.every((name) => !dependsOnInput.has(name)) ? made : []
  })
}

function coarsenessAmong(constant: Constant, candidates: readonly (Named & { rounding: Coarseness })[]): Coarseness {
  const own = numbersOf(constant.read())
  for (const candidate of candidates) {
    const { amounts, axis } = candidate.rounding.absolute!
    const stored = realNumbers(candidate)
    for (const layout of layoutsBetween(candidate.constant.shape, constant.shape)) {
      if (!isWithin(stored, own, layout, candidate.constant.shape, amounts, axis)) continue
      if (amounts.length === 1) return { absolute: { amounts, axis: 0 } }
      const along = axisInTarget(candidate.constant.shape, constant.shape, layout, axis)
      return { absolute: along < 0 ? coarsest(amounts) : { amounts, axis: along } }
    }
  }
  return { peak: UNMATCHED_PEAK }
}

/** Half a step of eight bits, of the largest element. */
const UNMATCHED_PEAK = 1 / 254

const numbersOf = (value: Tensor): NumberArray =>
  isNumberTensor(value) ? value.data : Float64Array.from(value.data as BigInt64Array, Number)

const realNumbers = ({ constant, quantization }: Named): NumberArray =>
  numbersOf(quantization ? dequantize(constant.read(), quantization) : constant.read())

/** Whether all but a few elements (rounded the other way, or clipped) lie within a step of each other. */
function isWithin(
  source: NumberArray,
  target: NumberArray,
  layout: Layout,
  shape: readonly number[],
  amounts: Float64Array,
  axis: number,
): boolean {
  const inner = sizeOf(shape.slice(axis + 1))
  let outside = 0
  for (let i = 0; i < target.length; i++) {
    const from = sourceIndex(layout, i)
    const step = 2 * (amounts.length === 1 ? amounts[0]! : amounts[Math.floor(from / inner) % amounts.length]!)
    if (Math.abs(source[from]! - target[i]!) > step && ++outside > MAY_BE_OUTSIDE * target.length) return false
  }
  return true
}

const MAY_BE_OUTSIDE = 0.02
