/** Functions of one number that JavaScript lacks, in double precision. */

/** From here on every double is an integer; adding it to a smaller one of its sign rounds to an integer, ties to even. */
const LEAST_INTEGRAL = 2 ** 52

/** The nearest integer, ties to even; keeps the sign of zero, infinities and NaN. */
export function roundToEven(x: number): number {
  if (!(Math.abs(x) < LEAST_INTEGRAL)) return x
  const rounder = x < 0 ? -LEAST_INTEGRAL : LEAST_INTEGRAL
  return x + rounder - rounder || x * 0
}

/**
 * Rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969): the
 * numerators and denominators of erf(x) / x in x^2 up to 0.46875, of exp(x^2) erfc(x) in x up to 4, and of the rest of its asymptotic
 * series in 1 / x^2 beyond; highest powers first.
 */
const SMALL = {
  above: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  below: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
}
const MIDDLE = {
  above: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
    1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  below: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
    3439.3676741437216, 1230.3393548037495,
  ],
}
const LARGE = {
  above: [0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378],
  below: [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
}
const INVERSE_ROOT_PI = 1 / Math.sqrt(Math.PI)

function rational({ above, below }: { above: readonly number[]; below: readonly number[] }, x: number): number {
  let numerator = above[0]!
  let denominator = below[0]!
  for (let i = 1; i < above.length; i++) {
    numerator = numerator * x + above[i]!
    denominator = denominator * x + below[i]!
  }
  return numerator / denominator
}

/** erfc of a positive number from 0.46875 on. */
function erfcTail(x: number): number {
  if (x > 27) return 0
  // exp(-x^2) as a product of two, since the rounding of x^2 would be multiplied by x^2
  const coarse = Math.trunc(x * 16) / 16
  const gaussian = Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse))
  if (x <= 4) return gaussian * rational(MIDDLE, x)
  const inverse = 1 / (x * x)
  return (gaussian * (INVERSE_ROOT_PI - inverse * rational(LARGE, inverse))) / x
}

/** The error function, to a few units in the last place of double. */
export function erf(x: number): number {
  const magnitude = Math.abs(x)
  if (magnitude <= 0.46875) return x * rational(SMALL, x * x)
  if (magnitude !== magnitude) return x
  const result = 1 - erfcTail(magnitude)
  return x < 0 ? -result : result
}

/** 1 - erf(x), without cancellation for large x. */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - x * rational(SMALL, x * x)
  if (x !== x) return x
  return x < 0 ? 2 - erfcTail(-x) : erfcTail(x)
}

/** x to the power y by IEEE 754's pow: 1 to any power, and -1 to an infinite one, are 1 (JavaScript says NaN). */
export function power(x: number, y: number): number {
  if (x === 1 || (x === -1 && (y === Infinity || y === -Infinity))) return 1
  return x ** y
}

/** log(1 + e^x) without overflow. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
