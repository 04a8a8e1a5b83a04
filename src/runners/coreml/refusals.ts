/** How an op that is not as the specification has it is refused. */
import { ParityError } from '../../graph/errors.js'
import type { Node } from '../../graph/graph.js'

/** What to do about such an op. */
export const BREAKS = 'The model breaks the specification of this op: convert it again, or report the converter'

export const placeOf = ({ name, type, where }: Node): string => `op '${name}' of type ${type}, ${where}`

export const invalid = (node: Node, what: string, remedy = BREAKS): ParityError =>
  new ParityError('MODEL_OP_INVALID', { what, where: placeOf(node), remedy })
