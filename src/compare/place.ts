/** A source's elements in the target's order, and what is known there of their channels and places. */
import type { NumberArray, Tensor } from '../../kernels/tensor.js'
import { sizeOf } from '../../kernels/tensor.js'
import { type Layout, refit, sourceIndex, toTargetOrder, walkOf } from '../align/layout.js'
import type { Dialect } from '../graph/graph.js'
import { unravel } from './metrics.js'
import { numbers } from './order.js'

export interface Placed {
  /** The source's elements in the target's order; as they are where the two have not even the same number of elements. */
  source: NumberArray
  target: NumberArray
  /** Index along each axis of the source's value. */
  indexOf(position: number): number[]
  /**
   * Element i is of channel floor(i / inner) mod channels; one channel where each holds too few elements to say anything by itself.
   */
  inner: number
  channels: number
}

/** Fewer elements a channel are judged together. */
const LEAST_PER_CHANNEL = 16
const MOST_CHANNELS = 4096

/** Where a dialect keeps the channels of a value of a rank. */
export function channelAxis(dialect: Dialect['name'] | undefined, rank: number): number {
  const first = dialect === 'onnx' || dialect === 'mil' || dialect === 'neuralnetwork'
  return first && rank >= 3 ? rank - 3 + (dialect === 'onnx' && rank === 3 ? 1 : 0) : rank - 1
}

export function placed(source: Tensor, target: Tensor, layout: Layout, dialect: Dialect['name'] | undefined): Placed {
  const fitted = refit(layout, source.shape, target.shape)
  const indexOf = (position: number) => unravel(fitted ? sourceIndex(fitted, position) : position, source.shape)
  if (fitted === undefined) {
    return { source: numbers(source), target: numbers(target), indexOf, inner: 1, channels: 1 }
  }
  return {
    source: toTargetOrder(numbers(source), fitted),
    target: numbers(target),
    indexOf,
    ...channelsOf(source.shape, fitted, channelAxis(dialect, source.shape.length)),
  }
}

/** Axes whose dimension is not one: those that a layout speaks of. */
const longAxes = (shape: readonly number[]): number[] => [...shape.keys()].filter((i) => shape[i] !== 1)

function channelsOf(shape: readonly number[], { dims, order }: Layout, axis: number): Pick<Placed, 'inner' | 'channels'> {
  const single = { inner: 1, channels: 1 }
  const kept = longAxes(shape)
  const at = axis === shape.length - 1 ? dims.length - 1 : kept.length === dims.length ? kept.indexOf(axis) : -1
  const channels = dims[at] ?? 1
  const count = sizeOf(dims)
  if (at < 0 || shape[axis] === 1 || channels > MOST_CHANNELS || count / channels < LEAST_PER_CHANNEL) return single
  const { lengths } = walkOf({ dims, order })
  const inner = sizeOf(lengths.slice(order.indexOf(at) + 1))
  return { inner, channels }
}

/** The target's axis that is an axis of the source's value, in a target of shape `target`; -1 where none is. */
export function axisInTarget(source: readonly number[], target: readonly number[], { dims, order }: Layout, axis: number): number {
  const kept = longAxes(source)
  const own = longAxes(target)
  if (kept.length !== dims.length || own.length !== dims.length) return -1
  return own[order.indexOf(kept.indexOf(axis))] ?? -1
}
