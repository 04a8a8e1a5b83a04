/** Operands of ops that have too many to list: by name, as their row declares them. */
import type { Operand } from '../op.js'
import { operandAmiss } from '../refusals.js'

export type NamedOperands = { readonly [name: string]: Operand | undefined }

const isOperand = (value: unknown): value is Operand => typeof value === 'object' && value !== null && 'dtype' in value

/** The operands among the values that a row's function takes. */
export const operandsIn = (values: object): NamedOperands =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Operand] => isOperand(entry[1])))

/** @throws ParityError MODEL_OPERAND where a variant of the op needs an operand that is not there */
export function needed(operands: NamedOperands, name: string): Operand {
  const value = operands[name]
  if (!value) throw operandAmiss(`operand ${name} is missing`)
  return value
}
