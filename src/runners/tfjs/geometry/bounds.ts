/** A few bytes of a model can ask for a value of any size; none is made that no machine would hold. */
import { sizeOf } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import { misshapen } from '../refusals.js'

const MAX_ELEMENTS = 2 ** 29

/**
 * `shape`, if a value of it can be made.
 * @throws ParityError UNSUPPORTED_SIZE for too many elements, MODEL_SHAPE for a size that is no count
 */
export function bounded<S extends readonly number[]>(shape: S): S {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) throw misshapen(`there is no shape [${shape}]`)
  if (sizeOf(shape) > MAX_ELEMENTS) {
    throw new ParityError('UNSUPPORTED_SIZE', {
      what: `A value of shape [${shape}] has more than ${MAX_ELEMENTS} elements`,
      remedy: 'Check the inputs, or convert the model again',
    })
  }
  return shape
}
