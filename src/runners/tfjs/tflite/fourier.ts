/** Fourier transforms and complex numbers. */
import { integers } from '../../parameters.js'
import type { Rounding } from '../../rounding.js'
import { fromPairs, realFourier } from '../maths/fourier.js'
import { type Op, op, operand } from '../op.js'

const part = (type: string, rounding: Rounding, f: (real: number, imaginary: number) => number): Op =>
  op({
    type,
    specification: 'no options; kernels/complex_support.cc',
    operands: { input: operand(['complex64']) },
    rounding,
    run: ({ input }) => fromPairs(input, f),
  })

export const FOURIER: readonly Op[] = [
  op({
    type: 'RFFT2D',
    specification: 'Rfft2dOptions; kernels/rfft2d.cc',
    operands: { input: operand(['float32']), fft_length: integers() },
    rounding: 'accumulating',
    run: ({ input, fft_length }) => realFourier(input, fft_length),
  }),
  part('REAL', 'exact', (real) => real),
  part('IMAG', 'exact', (_, imaginary) => imaginary),
  part('COMPLEX_ABS', 'rounded', Math.hypot),
]
