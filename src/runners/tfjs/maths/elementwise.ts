/** Functions applied to each element. Each is computed in double precision and rounded once, to the dtype. */
import { allocate, sizeOf, type Tensor, tensor } from '../../../../kernels/tensor.js'
import { commonShape, type Side, zip } from '../geometry/broadcast.js'
import { unsupported } from '../refusals.js'

/** A tensor like `value` of f of its elements. */
export function mapped<E extends number | bigint>(value: Tensor, f: (x: E) => E): Tensor {
  const { dtype, shape } = value
  const data = value.data.slice() as unknown as E[]
  for (let i = 0; i < data.length; i++) data[i] = f(data[i]!)
  return { dtype, shape: [...shape], data } as unknown as Tensor
}

/**
 * f of the elements of two tensors of one dtype, which broadcast; the result has that dtype, and wraps where it is stored.
 * @throws ParityError UNSUPPORTED_DTYPE where they differ in dtype
 */
export function combined<E extends number | bigint>(a: Tensor, b: Tensor, f: (a: E, b: E) => E): Tensor {
  if (a.dtype !== b.dtype) throw unsupported()
  const shape = commonShape(a.shape, b.shape)
  const data = allocate(a.dtype, sizeOf(shape)) as unknown as { [index: number]: E }
  zip(shape, a as unknown as Side<E>, b as unknown as Side<E>, data, f)
  return { dtype: a.dtype, shape, data } as unknown as Tensor
}

/** Whether f holds of the elements of two tensors, which broadcast; any dtype whose elements compare. */
export function compared(a: Tensor, b: Tensor, f: (a: Element, b: Element) => boolean): Tensor {
  if (a.dtype !== b.dtype) throw unsupported()
  const shape = commonShape(a.shape, b.shape)
  const out = tensor('bool', shape)
  zip(shape, a as Side<Element>, b as Side<Element>, out.data, (x, y) => (f(x, y) ? 1 : 0))
  return out
}

export type Element = number | bigint | string
