/** Refusals of what computes with shapes and numbers and knows no op; `invoke` adds which op it was, of which operands. */
import { ParityError } from '../../graph/errors.js'

const CONVERT = 'Convert the model again'
const CHECK_SHAPES = 'Check the shapes of the inputs, or convert the model again'
const CHECK_INDEX = 'The index is computed from the sample: check that the sample is one for this model'
const OTHER_RUNTIME = 'Convert the model with float32 values, or choose another runtime for the source'

/** Shapes, sizes or axes that do not go together. */
export const misshapen = (what: string): ParityError => new ParityError('MODEL_SHAPE', { what, remedy: CHECK_SHAPES })

/** An index beyond the `size` entries that it points into. */
export const outOfRange = (index: number, size: number): ParityError =>
  new ParityError('MODEL_SHAPE', { what: `index ${index} of ${size}`, remedy: CHECK_INDEX })

/** dtypes, or a quantization, that nothing here computes with. */
export const unsupported = (what = 'is not computed'): ParityError => new ParityError('UNSUPPORTED_DTYPE', { what, remedy: OTHER_RUNTIME })

/** An operand that is not there, or one too many. */
export const operandAmiss = (what: string): ParityError => new ParityError('MODEL_OPERAND', { what, remedy: CONVERT })

/** An attribute that is not what the schema has. */
export const attributeAmiss = (what: string): ParityError => new ParityError('MODEL_ATTRIBUTE', { what, remedy: CONVERT })
