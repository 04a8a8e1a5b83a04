/** How a kernel's numbers behave where hardware differs. Kernels that sum, or that use an exponential's shift, take one. */
export interface Arithmetic {
  /** float32: products and sums are rounded to float32 at every step, in a fixed order; float16: each partial sum is rounded to binary16 as well. */
  sum: 'float32' | 'float16'
  /** A sum of products whose magnitude passes this is infinite. */
  productLimit: number
  /**
   * Softplus and log-sum-exp are computed in a form that cannot overflow. False: as written, log(1 + exp x) and log Σ exp x with each step
   * in the operand's dtype, where a sum that overflows gives 0 in the end.
   */
  shiftExponentials: boolean
}

/** IEEE arithmetic with sums in float32: what the specification alone says. */
export const PLAIN: Arithmetic = { sum: 'float32', productLimit: Infinity, shiftExponentials: true }
