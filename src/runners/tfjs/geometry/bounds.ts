/** A few bytes of a model can ask for a value of any size; none is made that no machine would hold, or that the run may not have. */
import { sizeOf } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import { misshapen } from '../refusals.js'

const MAX_ELEMENTS = 2 ** 29

type Reserve = (elements: number) => void

/** Of the op that computes now: ops compute one at a time, without a pause. */
let reserve: Reserve | undefined

/** Runs a kernel; `check` hears of each value that it is about to make, and may throw. Within it, bodies have checks of their own. */
export function withReserve<T>(check: Reserve, kernel: () => T): T {
  const outer = reserve
  reserve = check
  try {
    return kernel()
  } finally {
    reserve = outer
  }
}

/**
 * `shape`, if a value of it can be made.
 * @throws ParityError UNSUPPORTED_SIZE for too many elements, MODEL_SHAPE for a size that is no count, UNSUPPORTED_… for what the run may
 * not have
 */
export function bounded<S extends readonly number[]>(shape: S): S {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) throw misshapen(`there is no shape [${shape}]`)
  if (sizeOf(shape) > MAX_ELEMENTS) {
    throw new ParityError('UNSUPPORTED_SIZE', {
      what: `A value of shape [${shape}] has more than ${MAX_ELEMENTS} elements`,
      remedy: 'Check the inputs, or convert the model again',
    })
  }
  reserve?.(sizeOf(shape))
  return shape
}
