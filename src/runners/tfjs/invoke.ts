/** Runs one node by its row: checks what the node gives against what the row declares, and makes errors say which op it was. */
import type { Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Attribute, Quantization } from '../../graph/graph.js'
import type { Complain, Fault } from '../parameters.js'
import type { Device } from './backend.js'
import type { Op, Operand, Output, Resources } from './op.js'
import { attributeAmiss, misshapen, operandAmiss, unsupported } from './refusals.js'

/** One node in execution. */
export interface Invocation {
  /** By position; null where an optional operand is left out. */
  readonly operands: readonly (Operand | null)[]
  readonly attributes: { readonly [name: string]: Attribute }
  /** What the file declares for the results; null for what is no tensor. */
  readonly outputs: readonly (Output | null)[]
  readonly intermediates: readonly (Quantization | undefined)[]
  readonly device: Device
  readonly resources: Resources
  readonly call: (role: string, inputs: Tensor[]) => Tensor[]
  /** Gives the variable that stands as an operand other elements. */
  readonly assign: (index: number, elements: Tensor) => void
}

type Faults = { readonly [F in Fault]: (what: string) => ParityError }
const OPERAND_FAULTS: Faults = { missing: operandAmiss, dtype: unsupported, shape: misshapen, value: operandAmiss }
const ATTRIBUTE_FAULTS: Faults = { missing: attributeAmiss, dtype: attributeAmiss, shape: attributeAmiss, value: attributeAmiss }

const complaint =
  (what: string, faults: Faults): Complain =>
  (found, fault) => {
    throw faults[fault](`${what} ${found}`)
  }

/**
 * The values that a row's function takes: operands by their position, attributes by their name.
 * @throws ParityError MODEL_OPERAND where an operand is missing or one too many, UNSUPPORTED_DTYPE or MODEL_SHAPE where one is not as
 *   declared, MODEL_ATTRIBUTE where an attribute is not
 */
function valuesOf(row: Op, { operands, attributes }: Invocation): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  const declared = Object.entries(row.operands)
  if (operands.length > declared.length && !declared.some(([, { variadic }]) => variadic)) {
    const names = declared.map(([name]) => name).join(', ')
    throw operandAmiss(`${row.type} takes ${declared.length} operands (${names}), found ${operands.length}`)
  }
  for (const [index, [name, parameter]] of declared.entries()) {
    const own = operands.slice(index, parameter.variadic ? undefined : index + 1).filter((operand) => operand !== null)
    const complain = complaint(`${row.type}: operand ${name}`, OPERAND_FAULTS)
    values[name] = parameter.read({ operands: own, attribute: undefined, attributes: {} }, complain)
  }
  for (const [name, parameter] of Object.entries(row.attributes)) {
    const complain = complaint(`${row.type}: attribute ${name}`, ATTRIBUTE_FAULTS)
    values[name] = parameter.read({ operands: [], attribute: attributes[name], attributes: {} }, complain)
  }
  return values
}

/** Results of a node, in the order of its outputs. What a function refuses says of which op, with its shapes or dtypes. */
export function invoke(row: Op, invocation: Invocation): Tensor[] {
  const { outputs, device, resources, call } = invocation
  const values = valuesOf(row, invocation)
  const names = Object.keys(row.operands)
  try {
    const made = row.run(values, {
      device,
      resources,
      call,
      intermediate: (index) => invocation.intermediates[index],
      assign: (name, elements) => invocation.assign(names.indexOf(name), elements),
      output(index = 0) {
        const output = outputs[index]
        if (!output) throw unsupported()
        return output
      },
    })
    return (Array.isArray(made) ? made : [made]).map(({ dtype, shape, data }) => ({ dtype, shape, data }) as Tensor)
  } catch (error) {
    if (!(error instanceof ParityError) || error.where !== '') throw error
    const subject = SUBJECTS[error.code]?.(invocation)
    if (subject === undefined) throw error
    throw new ParityError(error.code, { what: `${row.type} of ${subject}${error.what}`, remedy: error.remedy, cause: error })
  }
}

/** What of the operands an error of a code is about. */
const SUBJECTS: { readonly [code: string]: (invocation: Invocation) => string } = {
  MODEL_SHAPE: ({ operands }) => `${operands.map((value) => (value ? `[${value.shape}]` : 'none')).join(', ')}: `,
  UNSUPPORTED_DTYPE: ({ operands, outputs }) =>
    `(${operands.map((value) => value?.dtype ?? 'none').join(', ')}) to (${outputs.map((output) => output?.dtype ?? 'none').join(', ')}) `,
}
