/** What is different about a pair of outputs besides its numbers: shape, order of axes, rows, dtype. Facts, no judgement. */
import type { DType } from '../../kernels/tensor.js'
import { sizeOf } from '../../kernels/tensor.js'
import type { Dimension } from '../graph/graph.js'
import { numbersOf } from './equality.js'
import { isIdentity, type Layout, layoutsBetween, likeliestLayout } from './layout.js'
import { type Agreement, agreementUnder, type Couple, isEqual, isNearer } from './output-agreement.js'
import type { OutputDifference } from './output-pair.js'

export const withoutOnes = (shape: readonly number[]): number[] => shape.filter((dimension) => dimension !== 1)

const sameDimensions = (a: readonly number[], b: readonly number[]): boolean => withoutOnes(a).join() === withoutOnes(b).join()

/**
 * Channels from the last place to the third last (NHWC to NCHW), or back; the dimensions before them are the same. undefined where the
 * shapes are not those of such a move, or the same in both orders.
 */
export function channelMove(source: readonly number[], target: readonly number[]): Layout | undefined {
  if (source.length < 3 || target.length < 3 || sameDimensions(source, target)) return undefined
  const axes = source.map((_, axis) => axis)
  const [outer, [h, w, c]] = [axes.slice(0, -3), axes.slice(-3) as [number, number, number]]
  for (const moved of [
    [c, h, w],
    [w, c, h],
  ]) {
    const order = [...outer, ...moved].filter((axis) => source[axis] !== 1)
    const aligned = moved.every((axis, i) => source[axis] === target.at(i - 3))
    if (aligned && order.map((axis) => source[axis]).join() === withoutOnes(target).join()) {
      const kept = axes.filter((axis) => source[axis] !== 1)
      return { dims: withoutOnes(source), order: order.map((axis) => kept.indexOf(axis)) }
    }
  }
  return undefined
}

/** Element for element, in the order in which they lie. */
export const plainLayout = (source: readonly number[], target: readonly number[]): Layout =>
  layoutsBetween(source, target)[0] ?? { dims: [sizeOf(source)], order: [0] }

/** The layout in which two outputs are compared before their numbers are asked. */
export function expectedLayout(couples: readonly Couple[]): Layout {
  const fitting = couples.find(sizesFit) ?? couples[0]
  if (fitting === undefined) return { dims: [], order: [] }
  const { source, target } = fitting
  return channelMove(source.shape, target.shape) ?? plainLayout(source.shape, target.shape)
}

export const sizesFit = ({ source, target }: Couple): boolean => sizeOf(source.shape) === sizeOf(target.shape)

export interface LayoutOptions {
  couples: readonly Couple[]
  /** The layout in which alignment found the source's numbers in the target's value, where it did. */
  aligned: Layout | undefined
  /** The target's output is an image, which has its channels first in the graph, whatever the source's has. */
  image: boolean
  /** Whether the values before the target's output lie in this order too, so that the target just does not move its axes back. */
  inherits: (layout: Layout) => boolean
  tolerance: number
}

export interface LayoutFound {
  layout: Layout
  differences: OutputDifference[]
}

/** The layout in which the numbers of an output stand, and what about it is another than the source's. */
export function layoutOf(options: LayoutOptions): LayoutFound {
  const fitting = options.couples.filter(sizesFit)
  const [first] = fitting
  if (first === undefined) return { layout: expectedLayout(options.couples), differences: [] }
  const [source, target] = [first.source.shape, first.target.shape]
  const samples = fitting.map(({ sample }) => sample)
  const axes = (layout: Layout): OutputDifference => ({ kind: 'axes', order: layout.order, source, target, samples })
  if (sameDimensions(source, target)) {
    const moved = movedAxes(fitting, options)
    return moved ? { layout: moved, differences: [axes(moved)] } : { layout: plainLayout(source, target), differences: [] }
  }
  const move = channelMove(source, target)
  const told = byNumbers(fitting, move, options)
  const layout = told ?? (move && (options.image || options.inherits(move)) ? move : (options.aligned ?? likeliestLayout(source, target)!))
  const isMove = move !== undefined && layout.order.join() === move.order.join()
  if (isMove && (options.image || options.inherits(layout))) return { layout, differences: [] }
  const known = told ?? options.aligned
  const difference: OutputDifference = known && !isIdentity(known) ? axes(layout) : { kind: 'shape', source, target, samples }
  return { layout, differences: [difference] }
}

/** Of two values of one shape: the order of axes in which the numbers agree where they do not as they stand. */
function movedAxes(fitting: readonly Couple[], { aligned, tolerance }: LayoutOptions): Layout | undefined {
  const { source, target } = fitting[0]!
  const straight = agreementUnder(fitting, plainLayout(source.shape, target.shape), tolerance)!
  if (isEqual(straight)) return undefined
  const found = bestLayout(fitting, layoutsBetween(source.shape, target.shape), tolerance)
  if (found && !isIdentity(found.layout) && isNearer(found.agreement.error, straight.error)) return found.layout
  return aligned && !isIdentity(aligned) ? aligned : undefined
}

/** Of two values of one size in two shapes: the layout that the numbers speak for. */
function byNumbers(fitting: readonly Couple[], move: Layout | undefined, { tolerance }: LayoutOptions): Layout | undefined {
  const { source, target } = fitting[0]!
  const layouts = [...(move ? [move] : []), ...layoutsBetween(source.shape, target.shape)]
  const found = bestLayout(fitting, layouts, tolerance)
  if (found === undefined) return undefined
  const others = layouts.filter(({ order }) => order.join() !== found.layout.order.join())
  const next = bestLayout(fitting, others, tolerance)
  return isEqual(found.agreement) || (next && isNearer(found.agreement.error, next.agreement.error)) ? found.layout : undefined
}

/** The layout with the least error, looked for on the first sample whose elements differ among themselves. */
function bestLayout(fitting: readonly Couple[], layouts: readonly Layout[], tolerance: number) {
  const told = fitting.find(({ source, target }) => numbersOf(source)?.informative && numbersOf(target)?.informative)
  if (told === undefined) return undefined
  let best: { layout: Layout; error: number } | undefined
  for (const layout of layouts) {
    const { error } = agreementUnder([told], layout, tolerance)!
    if (best === undefined || error < best.error) best = { layout, error }
  }
  const agreement: Agreement | undefined = best && agreementUnder(fitting, best.layout, tolerance)
  return best && agreement && { layout: best.layout, agreement }
}

/**
 * Samples on which the two have another number of elements: `rows` where one axis alone differs and its length is open or depends on the
 * sample, else `shape`.
 */
export function sizeDifferences(
  couples: readonly Couple[],
  declared: { source: readonly Dimension[] | null; target: readonly Dimension[] | null },
): OutputDifference[] {
  const misfits = couples.filter((couple) => !sizesFit(couple))
  const varies = misfits.length < couples.length || new Set(couples.map(({ target }) => target.shape.join())).size > 1
  const rows: (Couple & { axis: number })[] = []
  const shapes: Couple[] = []
  for (const couple of misfits) {
    const axis = onlyAxisApart(couple)
    const open =
      axis !== undefined &&
      (varies || isOpen(declared.source, couple.source.shape, axis) || isOpen(declared.target, couple.target.shape, axis))
    if (open) rows.push({ ...couple, axis })
    else shapes.push(couple)
  }
  const samplesOf = (group: readonly Couple[]) => group.map(({ sample }) => sample)
  const differences: OutputDifference[] = []
  const [row] = rows
  if (row) {
    const [source, target] = [row.source.shape[row.axis]!, row.target.shape[row.axis]!]
    differences.push({ kind: 'rows', axis: row.axis, source, target, samples: samplesOf(rows) })
  }
  const [other] = shapes
  if (other) differences.push({ kind: 'shape', source: other.source.shape, target: other.target.shape, samples: samplesOf(shapes) })
  return differences
}

function onlyAxisApart({ source: { shape: a }, target: { shape: b } }: Couple): number | undefined {
  if (a.length !== b.length) return undefined
  const apart = a.flatMap((dimension, axis) => (dimension === b[axis] ? [] : [axis]))
  return apart.length === 1 ? apart[0] : undefined
}

const isOpen = (declared: readonly Dimension[] | null, shape: readonly number[], axis: number): boolean =>
  declared !== null && declared.length === shape.length && declared[axis] === null

export type DTypeClass = 'float' | 'integer' | 'bool' | 'text' | 'complex'

export function dtypeClass(dtype: DType): DTypeClass {
  if (dtype === 'string') return 'text'
  if (dtype === 'complex64') return 'complex'
  if (dtype === 'bool') return 'bool'
  return dtype.startsWith('float') ? 'float' : 'integer'
}

export interface DTypeOptions {
  couples: readonly Couple[]
  source: DType
  target: DType
  /** A source's quantized numbers stand for real ones. */
  quantized: boolean
  /** The target's format has no integers: it shows them as floats. */
  floatsOnly: boolean
}

/** Which whole numbers a class of the source may be shown as, by what the target's format can hold. */
export function dtypeDifferences({ couples, source, target, quantized, floatsOnly }: DTypeOptions): OutputDifference[] {
  const [from, to] = [quantized ? 'float' : dtypeClass(source), dtypeClass(target)]
  if (from === to) return []
  const samples = couples.map(({ sample }) => sample)
  const difference: OutputDifference = { kind: 'dtype', source, target, samples }
  // a MultiArray holds no bool
  const holds =
    from === 'bool' && (to === 'integer' || to === 'float')
      ? isTruth
      : from === 'integer' && to === 'float' && floatsOnly
        ? isWhole
        : undefined
  if (holds === undefined) return [difference]
  const broken = couples.filter((couple) => !(numbersOf(couple.target)?.data ?? []).every(holds)).map(({ sample }) => sample)
  return broken.length > 0 ? [{ ...difference, samples: broken }] : []
}

const isTruth = (x: number): boolean => x === 0 || x === 1
const isWhole = (x: number): boolean => Number.isInteger(x)
