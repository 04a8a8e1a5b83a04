/** What breaks an op's row before any value is known: parameters that it does not take, lacks, or has with a wrong constant. */
import { sizeOf, type Tensor } from '../../../kernels/tensor.js'
import type { Constant, Graph, Node } from '../../graph/graph.js'
import type { Op } from './op.js'
import { BREAKS } from './refusals.js'

/** Elements of a constant that is read for this. */
const MOST_READ = 64

const constantOf = (name: string, graphs: readonly Graph[]): Constant | undefined => {
  for (const { values } of graphs) {
    const value = values.get(name)
    if (value) return value.constant
  }
  return undefined
}

/** Operands of a parameter where all are small constants; undefined where one is computed, or many numbers. */
function constantsOf(names: readonly string[], graphs: readonly Graph[]): Tensor[] | undefined {
  const constants = names.map((name) => constantOf(name, graphs))
  if (constants.some((constant) => constant === undefined || sizeOf(constant.shape) > MOST_READ)) return undefined
  return constants.map((constant) => constant!.read())
}

class Complaint extends Error {}

/** What is wrong with a node's parameters, by its row. `graphs`: the one that it stands in, and those around it from the inside out. */
export function refuseInvalid(op: Op, node: Node, graphs: readonly Graph[]) {
  const operands = new Map<string, string[]>()
  for (const { parameter, value } of node.inputs) {
    if (value === null) continue
    const key = parameter in op.parameters ? parameter : parameter.replace(/\.\d+$/, '')
    operands.set(key, [...(operands.get(key) ?? []), value])
  }
  const unknown = [...operands.keys()].find((name) => !(name in op.parameters))
  if (unknown !== undefined) return problem(`has a parameter '${unknown}' that ${op.type} of this opset does not take`)
  for (const [name, parameter] of Object.entries(op.parameters)) {
    const given = operands.get(name) ?? []
    // tensors are checked when they are there: of them only whether one is wanted can be said before
    const known = given.length > 0 && parameter.moves ? undefined : constantsOf(given, graphs)
    if (known === undefined) continue
    try {
      parameter.read({ operands: known, attribute: node.attributes[name], attributes: node.attributes }, (what) => {
        throw new Complaint(`parameter '${name}' ${what}`)
      })
    } catch (error) {
      if (error instanceof Complaint) return problem(error.message)
      throw error
    }
  }
  return undefined
}

const problem = (what: string) => ({ code: 'MODEL_OP_INVALID', what, remedy: BREAKS }) as const
