/** Normalizations as the ops of both dialects need them. */
import { transpose } from '../../../../kernels/movement.js'
import type { LocalResponse } from '../../../../kernels/normalization.js'
import { sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'

export type Single = Tensor<'float32' | 'float16'>

export interface Affine {
  scale?: Single | undefined
  shift?: Single | undefined
}

/** Numbers of a parameter with one for each of `count` channels. */
export function perChannel(values: Single | undefined, count: number, name: string, context: Context): Float32Array | undefined {
  if (values && values.data.length !== count) context.fail(`has ${values.data.length} numbers as ${name}, expected ${count}`)
  return values?.data
}

const withData = (x: Single, data: Float32Array): Single => ({ ...x, data })

/** x with the mean and the variance over `axes` (ascending) taken off; scale and shift have the shape of these axes. */
export function normalizeAxes(x: Single, axes: readonly number[], { scale, shift }: Affine, epsilon: number, context: Context): Single {
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const order = [...rest, ...axes]
  const length = sizeOf(axes.map((axis) => x.shape[axis]!))
  const rows = transpose(x, order)
  const parameters = {
    length,
    epsilon,
    scale: perChannel(scale, length, 'scale', context),
    shift: perChannel(shift, length, 'shift', context),
    affineBy: 'element' as const,
  }
  const result = withData(rows, context.kernels.normalizeRows(rows.data, parameters, context.arithmetic))
  return transpose(
    result,
    x.shape.map((_, axis) => order.indexOf(axis)),
  )
}

/** x with the mean and the variance of each instance and channel, over the dimensions behind axis `channel`, taken off. */
export function normalizeInstances(x: Single, channel: number, { scale, shift }: Affine, epsilon: number, context: Context): Single {
  const channels = x.shape[channel]!
  const parameters = {
    length: sizeOf(x.shape.slice(channel + 1)),
    epsilon,
    scale: perChannel(scale, channels, 'gamma', context),
    shift: perChannel(shift, channels, 'beta', context),
    affineBy: 'row' as const,
  }
  return withData(x, context.kernels.normalizeRows(x.data, parameters, context.arithmetic))
}

const aroundAxis = ({ shape }: Single, axis: number) => ({
  outer: sizeOf(shape.slice(0, axis)),
  channels: shape[axis]!,
  inner: sizeOf(shape.slice(axis + 1)),
})

/** scale * (x - mean) / sqrt(variance + epsilon) + shift with parameters along axis `channel`. */
export function normalizeBatch(
  x: Single,
  channel: number,
  { mean, variance, scale, shift }: Affine & { mean: Single; variance: Single },
  epsilon: number,
  context: Context,
): Single {
  const count = x.shape[channel]!
  const parameters = {
    mean: perChannel(mean, count, 'mean', context)!,
    variance: perChannel(variance, count, 'variance', context)!,
    scale: perChannel(scale, count, 'gamma', context),
    shift: perChannel(shift, count, 'beta', context),
    epsilon,
  }
  return withData(x, context.kernels.normalizeChannels(x.data, aroundAxis(x, channel), parameters))
}

/** x over the Euclidean norm of its last three dimensions. */
export function l2Normalize(x: Single, epsilon: number, context: Context): Single {
  return withData(x, context.kernels.l2NormalizeRows(x.data, sizeOf(x.shape.slice(-3)), epsilon, context.arithmetic))
}

/** Local response normalization along axis -3. */
export function localResponse(x: Single, parameters: LocalResponse, context: Context): Single {
  if (!(parameters.size >= 1)) context.fail(`has a window of ${parameters.size} channels`)
  return withData(x, context.kernels.normalizeLocally(x.data, aroundAxis(x, x.shape.length - 3), parameters, context.arithmetic))
}
