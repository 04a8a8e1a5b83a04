/**
 * How one value's elements lie in another: the source's dimensions (ones left out, split where the other side merges them) and the order
 * in which the target walks through them. A plain reshape is the order 0, 1, 2, ….
 */
import { copyView, dimensioned, viewOf, wordsIn } from '../../kernels/strided.js'
import { type NumberArray, sizeOf, type Tensor } from '../../kernels/tensor.js'

export interface Layout {
  /** The source's dimensions, none of them one. */
  dims: number[]
  /** Axis i of the target is axis order[i] of the source. */
  order: number[]
}

const MAX_AXES = 6

export const isIdentity = (layout: Layout): boolean => layout.order.every((axis, i) => axis === i)

/** Orders of `fine`'s axes in which runs of neighbours multiply to `coarse`'s dimensions, one after the other. */
function groupings(fine: readonly number[], coarse: readonly number[]): number[][] {
  const found: number[][] = []
  const walk = (order: number[], group: number, product: number): void => {
    if (product === coarse[group]) {
      group++
      product = 1
    }
    if (order.length === fine.length) {
      if (group === coarse.length) found.push(order)
      return
    }
    if (group === coarse.length) return
    for (let axis = 0; axis < fine.length; axis++) {
      const next = product * fine[axis]!
      if (!order.includes(axis) && coarse[group]! % next === 0) walk([...order, axis], group, next)
    }
  }
  walk([], 0, 1)
  return found
}

/** Axes out of their natural order: 0 for a plain reshape, 1 for a single axis that moved (NHWC and NCHW), more for the rest. */
function disorder(order: readonly number[]): number {
  let runs = 0
  for (let i = 1; i < order.length; i++) if (order[i] !== order[i - 1]! + 1) runs++
  return runs
}

const isChannelMove = (order: readonly number[]): boolean => {
  const last = order.length - 1
  const rest = (from: number, to: number, shift: number) => order.slice(from, to).every((axis, i) => axis === i + shift)
  const batch = order[0] === 0 ? 1 : 0
  return (
    last - batch >= 2 &&
    ((order[batch] === last && rest(batch + 1, last + 1, batch)) || (order[last] === batch && rest(batch, last, batch + 1)))
  )
}

/**
 * Whether converters lay a value of shape `source` out like this in one of shape `target`: the axes of one length keep their order, for where
 * they do not, another layout of the same shape would, and two square axes exchanged are a fault, not a layout; or the channels moved between
 * the first and the last place. Axes that one dimension of the other side merges are neighbours in their order: blocks of pixels that became
 * channels in another order are a fault, too.
 */
export function isPlausible(layout: Layout, source: readonly number[], target: readonly number[]): boolean {
  const { dims, order } = layout
  if (!keepsMergedOrder(layout, source, target)) return false
  if (isChannelMove(order)) return true
  return order.every((axis, i) => order.slice(i + 1).every((later) => later > axis || dims[later] !== dims[axis]))
}

/** Runs of `fine` that multiply to `coarse`'s dimensions, as numbers of axes. */
function runsOf(fine: readonly number[], coarse: readonly number[]): number[][] {
  const runs: number[][] = []
  let axis = 0
  for (const dimension of coarse) {
    const run: number[] = []
    for (let product = 1; product < dimension && axis < fine.length; axis++) {
      run.push(axis)
      product *= fine[axis]!
    }
    runs.push(run)
  }
  return runs
}

function keepsMergedOrder({ dims, order }: Layout, source: readonly number[], target: readonly number[]): boolean {
  const long = (shape: readonly number[]) => shape.filter((dimension) => dimension !== 1)
  const isRun = (places: readonly number[]) => places.every((place, i) => i === 0 || place === places[i - 1]! + 1)
  const inTarget = order.map((axis) => dims[axis]!)
  return (
    runsOf(inTarget, long(target)).every((run) => isRun(run.map((place) => order[place]!))) &&
    runsOf(dims, long(source)).every((run) => isRun(run.map((axis) => order.indexOf(axis))))
  )
}

/** Every layout in which a value of shape `source` may lie in one of shape `target`, the plainest first; empty where the sizes differ. */
export function layoutsBetween(source: readonly number[], target: readonly number[]): Layout[] {
  const from = source.filter((dimension) => dimension !== 1)
  const to = target.filter((dimension) => dimension !== 1)
  if (sizeOf(from) !== sizeOf(to)) return []
  const plain: Layout = {
    dims: from.length === to.length ? from : [sizeOf(from)],
    order: from.length === to.length ? from.map((_, i) => i) : [0],
  }
  if (from.length > MAX_AXES || to.length > MAX_AXES || sizeOf(from) === 0) return [plain]
  const layouts =
    from.length >= to.length
      ? groupings(from, to).map((order) => ({ dims: from, order }))
      : groupings(to, from).map((walk) => ({ dims: walk.map((axis) => to[axis]!), order: to.map((_, axis) => walk.indexOf(axis)) }))
  layouts.sort((a, b) => disorder(a.order) - disorder(b.order))
  return layouts.some(isIdentity) ? layouts : [plain, ...layouts]
}

/** Channels first where the source has them last: the last axis leads, the rest follow in order. */
export const channelsFirst = ({ order }: Layout): boolean =>
  order.length > 1 && order[0] === order.length - 1 && order.slice(1).every((axis, i) => axis === i)

const movesChannels = (from: readonly number[], to: readonly number[]): boolean =>
  from.length >= 3 && to.length >= 3 && from.at(-1) === to.at(-3) && from.at(-1) !== to.at(-1)

/** Where nothing but the shapes speaks: the same order, else channels last to channels first, else the plainest. */
export function likeliestLayout(source: readonly number[], target: readonly number[]): Layout | undefined {
  const layouts = layoutsBetween(source, target)
  const [plainest] = layouts
  return plainest && isIdentity(plainest) && !movesChannels(source, target) ? plainest : (layouts.find(channelsFirst) ?? plainest)
}

/** A layout for a sample of other sizes: the one with the same order of axes; undefined where the sizes do not allow it. */
export function refit(layout: Layout, source: readonly number[], target: readonly number[]): Layout | undefined {
  if (sizeOf(layout.dims) === sizeOf(source)) return sizeOf(source) === sizeOf(target) ? layout : undefined
  const candidates = layoutsBetween(source, target)
  return candidates.find(({ order }) => order.join() === layout.order.join()) ?? candidates[0]
}

/** For each axis of the target, from the outermost: its length and the source's stride. */
export function walkOf({ dims, order }: Layout): { lengths: number[]; strides: number[] } {
  const strides = new Array<number>(dims.length)
  let stride = 1
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= dims[axis]!
  }
  return { lengths: order.map((axis) => dims[axis]!), strides: order.map((axis) => strides[axis]!) }
}

/** The source's elements in the target's order; none, as text has no numbers, stay none. */
export function toTargetOrder<A extends NumberArray>(data: A, layout: Layout): A {
  if (isIdentity(layout) || data.length === 0) return data
  const { lengths, strides } = walkOf(layout)
  const out = data.slice() as A
  copyView(
    dimensioned(
      wordsIn(data),
      lengths.map((length, i) => [length, strides[i]!] as const),
    ),
    viewOf(wordsIn(out), lengths),
  )
  return out
}

/** The target's elements in the source's order: the inverse of `toTargetOrder`. */
export function inverse({ dims, order }: Layout): Layout {
  return { dims: order.map((axis) => dims[axis]!), order: dims.map((_, axis) => order.indexOf(axis)) }
}

/** The index of the source's element that the target holds at `position`. */
export function sourceIndex(layout: Layout, position: number): number {
  const { lengths, strides } = walkOf(layout)
  let index = 0
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    index += (position % lengths[axis]!) * strides[axis]!
    position = Math.floor(position / lengths[axis]!)
  }
  return index
}

/** The target's tensor with the source's numbers, in its own order and dtype; as it is where it holds 64-bit integers or text. */
export function withNumbers(target: Tensor, source: NumberArray, layout: Layout): Tensor {
  if (target.data instanceof BigInt64Array || target.data instanceof BigUint64Array || Array.isArray(target.data)) return target
  const ordered = toTargetOrder(source, layout)
  const data =
    ordered.constructor === target.data.constructor ? ordered : (target.data.constructor as Float32ArrayConstructor).from(ordered)
  return { ...target, data } as Tensor
}
