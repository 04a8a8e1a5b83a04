/** What a caller feeds, as the graph wants it: names and aliases resolved, shapes checked, elements converted. */

import { roundToHalfInPlace } from '../../../kernels/float16.js'
import type { DType, Tensor } from '../../../kernels/tensor.js'
import { allocate, isFloat, isNumberTensor, sizeOf } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { InputFeature } from '../../graph/model.js'
import { spellShape } from '../../graph/shapes.js'
import { feedsByInput } from '../feeds.js'

/** Feeds by the names of the graph's values. */
export function resolveFeeds(feeds: Record<string, Tensor>, inputs: readonly InputFeature[]): Map<string, Tensor> {
  return new Map(
    [...feedsByInput(feeds, inputs)].map(([input, fed]) => {
      checkShape(input, fed)
      return [input.value ?? input.name, convert(fed, input.dtype, input.name)]
    }),
  )
}

function checkShape({ name, shape }: InputFeature, fed: Tensor): void {
  const fits =
    fed.shape.length === shape.length &&
    shape.every((size, axis) => (size === null ? Number.isInteger(fed.shape[axis]) : size === fed.shape[axis]))
  if (!fits)
    throw new ParityError('INPUT_SHAPE', {
      what: `Input ${name} has shape ${spellShape(shape)}, and ${spellShape(fed.shape)} was given`,
      remedy: `Give an array of shape ${spellShape(shape)}`,
    })
  const expected = sizeOf(fed.shape) * (fed.dtype === 'complex64' ? 2 : 1)
  if (fed.data.length !== expected)
    throw new ParityError('INPUT_SHAPE', { what: `Input ${name}: ${fed.data.length} elements for shape ${spellShape(fed.shape)}` })
}

/**
 * `fed` with elements of `dtype`: floats are rounded, integers must stay what they are.
 * @throws ParityError INPUT_DTYPE where elements would change
 */
export function convert(fed: Tensor, dtype: DType, name: string): Tensor {
  if (fed.dtype === dtype) return fed
  const refuse = (why: string): ParityError =>
    new ParityError('INPUT_DTYPE', {
      what: `Input ${name} takes ${dtype}, and ${fed.dtype} was given${why}`,
      remedy: `Give an array of ${dtype}`,
    })
  if (fed.dtype === 'string' || dtype === 'string' || fed.dtype === 'complex64' || dtype === 'complex64') throw refuse('')
  const count = sizeOf(fed.shape)
  const data = allocate(dtype, count)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < count; i++) {
      const element = fed.data[i]!
      if (typeof element === 'number' && !Number.isInteger(element)) throw refuse(` with ${element} among its elements`)
      data[i] = BigInt(element)
      if (data[i] !== BigInt(element)) throw refuse(` with ${element} among its elements`)
    }
  } else {
    const numbers = data as Float32Array
    const exact = !isFloat(dtype)
    const half = dtype === 'float16'
    for (let i = 0; i < count; i++) {
      const element = isNumberTensor(fed) ? fed.data[i]! : Number(fed.data[i]!)
      numbers[i] = element
      if (exact && numbers[i] !== element) throw refuse(` with ${element} among its elements`)
    }
    if (half) roundToHalfInPlace(numbers)
  }
  return { dtype, shape: [...fed.shape], data } as Tensor
}
