/** Which subgraphs an operator runs, and how deep their calls go: checked before any of them is read, as each call is read within its caller. */
import { ParityError } from '../../graph/errors.js'
import type { Decoded, Table } from './flatbuffer.js'

/** Roles of the subgraphs that options name. */
const BODY_ROLES: { readonly [attribute: string]: string } = {
  then_subgraph_index: 'then',
  else_subgraph_index: 'else',
  cond_subgraph_index: 'cond',
  body_subgraph_index: 'body',
  init_subgraph_index: 'init',
  comparator_subgraph_index: 'comparator',
  update_computation_subgraph_index: 'update',
  decomposition_subgraph_index: 'decomposition',
  branch_subgraph_indices: 'branch',
  subgraph: 'body',
}

/** Bodies within bodies that are read; programs that people write have a handful. */
const DEEPEST = 64

export type Options = { readonly [field: string]: Decoded }

export const optionsOf = (operator: Table<'Operator'>): Options => ({
  ...operator.builtin_options?.value,
  ...operator.builtin_options_2?.value,
})

/** The subgraphs that an operator's options name, by index. */
export function bodiesOf(options: Options): { role: string; index: number }[] {
  return Object.entries(BODY_ROLES).flatMap(([attribute, role]) => {
    const index = options[attribute]
    if (Array.isArray(index)) return index.map((branch, i) => ({ role: `${role} ${i}`, index: branch as number }))
    return typeof index === 'number' && index >= 0 ? [{ role, index }] : []
  })
}

const calledBy = (subgraph: Table<'SubGraph'> | undefined): number[] => [
  ...new Set(subgraph?.operators.flatMap((operator) => bodiesOf(optionsOf(operator)).map(({ index }) => index))),
]

/**
 * Follows every call from subgraph `root` on.
 * @throws ParityError MODEL_RECURSION where a subgraph calls itself, through others or not; UNSUPPORTED_NESTING where calls go deeper than
 * 64 subgraphs
 */
export function checkCalls({ subgraphs }: Table<'Model'>, root: number): void {
  const heights = new Map<number, number>()
  const open = new Set<number>()
  const stack: { index: number; calls: number[]; height: number }[] = []
  const enter = (index: number): void => {
    open.add(index)
    stack.push({ index, calls: calledBy(subgraphs[index]), height: 0 })
  }
  enter(root)
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const called = top.calls.pop()
    if (called === undefined) {
      stack.pop()
      open.delete(top.index)
      heights.set(top.index, top.height)
      const caller = stack.at(-1)
      if (caller) raise(caller, top.height + 1)
    } else if (open.has(called)) {
      throw new ParityError('MODEL_RECURSION', { what: `Subgraph ${called} contains itself`, remedy: 'Convert the model again' })
    } else if (heights.has(called)) raise(top, heights.get(called)! + 1)
    else enter(called)
  }
}

function raise(caller: { index: number; height: number }, height: number): void {
  caller.height = Math.max(caller.height, height)
  if (caller.height <= DEEPEST) return
  throw new ParityError('UNSUPPORTED_NESTING', {
    what: `Subgraphs call each other more than ${DEEPEST} deep`,
    where: `subgraph ${caller.index}`,
    remedy: 'Convert the model again with its functions inlined',
  })
}
