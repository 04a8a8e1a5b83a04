/**
 * An op as a person compares it with another: what its format calls attributes and what it keeps as small constants side by side, and
 * beside them the values that it reads. What is off or empty is left out, as the formats' own defaults are; zero is a number like others.
 */
import { ParityError } from '../graph/errors.js'
import { type Attribute, type Constant, type Dialect, type Graph, isStoredAsHalf, type Node } from '../graph/graph.js'
import { naturalOrder } from '../graph/names.js'
import { spellShape } from '../graph/shapes.js'
import type { ComparedOp } from '../record/record.js'
import { arrayText, attributeText, isMessage, isSmall, short, shortName, tensorText } from './text.js'

/** Attributes, and operands, that are listed; the rest is counted. */
const MAX_LISTED = 12

/** Dialects whose files hold attributes and operands in the order in which the op declares them; others are sorted by name. */
const DECLARED_ORDER: ReadonlySet<Dialect['name']> = new Set(['tflite', 'neuralnetwork', 'coreml'])

/** Attributes that only repeat the node's name. */
const NAMES: { readonly [dialect in Dialect['name']]?: string } = { mil: 'name' }

type Entry = [name: string, text: string]

const isEmpty = (value: Attribute): boolean =>
  value === '' || value === false || ((Array.isArray(value) || value instanceof Uint8Array) && value.length === 0)

/** Whether nothing is left of an attribute because all that it held are weights, which are operands under its dotted name. */
function isHollow(name: string, value: Attribute, { inputs }: Node): boolean {
  const parts = Array.isArray(value) ? value : [value]
  return (
    parts.every((part) => isMessage(part) && Object.keys(part).length === 0) &&
    inputs.some(({ parameter }) => parameter.startsWith(`${name}.`))
  )
}

/** An attribute, or what a message holds under dotted names; a choice without parameters becomes the text of what chooses. */
function attributeEntries(name: string, value: Attribute): Entry[] {
  if (!isMessage(value)) return isEmpty(value) ? [] : [[name, attributeText(value)]]
  const fields = Object.entries(value)
  const [choice, parameters] = fields[0] ?? []
  if (fields.length === 1 && isMessage(parameters!) && Object.keys(parameters).length === 0) return [[name, choice!]]
  const entries = fields.flatMap(([field, part]) => attributeEntries(`${name}.${field}`, part))
  return entries.length > 0 ? entries : [[name, 'set']]
}

/** Elements of a constant; undefined where they are many, or cannot be read. */
function elementsText(constant: Constant): string | undefined {
  if (!isSmall(constant.dtype, constant.shape)) return undefined
  try {
    return tensorText(constant.read(), isStoredAsHalf(constant))
  } catch (error) {
    if (error instanceof ParityError) return undefined
    throw error
  }
}

/** Operands under their parameters; those that share one are numbered. */
function operandNames({ inputs }: Node): { name: string; value: string }[] {
  const totals = new Map<string, number>()
  for (const { parameter } of inputs) totals.set(parameter, (totals.get(parameter) ?? 0) + 1)
  const counts = new Map<string, number>()
  return inputs.flatMap(({ parameter, value }) => {
    const index = counts.get(parameter) ?? 0
    counts.set(parameter, index + 1)
    return value === null ? [] : [{ name: totals.get(parameter)! > 1 ? `${parameter}.${index}` : parameter, value }]
  })
}

function record(entries: readonly Entry[], { name: dialect }: Dialect): { [name: string]: string } {
  const ordered = DECLARED_ORDER.has(dialect) ? entries : [...entries].sort(([a], [b]) => naturalOrder(a, b))
  const listed = ordered.slice(0, MAX_LISTED).map(([name, text]): Entry => [shortName(name), short(text)])
  const rest: Entry[] = ordered.length > MAX_LISTED ? [['…', `${ordered.length - MAX_LISTED} more`]] : []
  return Object.fromEntries([...listed, ...rest])
}

/** `graph`: the one that the node stands in; values of the graphs around it are given by name alone. */
export function describeOp(node: Node, graph: Graph): ComparedOp {
  const attributes = Object.entries(node.attributes)
    .filter(([name, value]) => name !== NAMES[node.dialect.name] && !isHollow(name, value, node))
    .flatMap(([name, value]) => attributeEntries(name, value))
  const operands: Entry[] = []
  for (const { name, value } of operandNames(node)) {
    const { constant, shape = null } = graph.values.get(value) ?? {}
    const elements = constant && elementsText(constant)
    if (elements !== undefined) attributes.push([name, elements])
    else if (constant) operands.push([name, arrayText(constant.dtype, constant.shape, constant.storage)])
    else operands.push([name, shortName(value, shape ? ` ${spellShape(shape)}` : '')])
  }
  return {
    op: { name: node.name, type: node.type },
    attributes: record(attributes, node.dialect),
    operands: record(operands, node.dialect),
  }
}
