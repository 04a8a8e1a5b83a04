/**
 * Samples as JSON: nested arrays of numbers, of true and false or of words, or an object of such arrays by input name. The strings
 * "NaN", "Infinity" and "-Infinity" among numbers stand for the numbers that JSON lacks.
 *
 * Numbers are read as float64 and rounded once, to the dtype of their input.
 */
import { type Tensor, tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'

const DEEPEST = 16
const SPECIAL: Record<string, number> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity }

/** Whether the file begins as text, with an array or an object. */
export function looksLikeJson(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 64))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what tells text from raw numbers
  return /^\s*[[{]/.test(text) && !/[\0-\x08\x0e-\x1f]/.test(text)
}

/** One array under the name null, or one for each key. @throws ParityError INPUT_JSON */
export function parseJsonSample(bytes: Uint8Array, where: string): Map<string | null, Tensor> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw refusal(`this is no JSON: ${(cause as Error).message}`, where, cause)
  }
  if (Array.isArray(value)) return new Map([[null, toTensor(value, where)]])
  const entries = Object.entries(value as Record<string, unknown>)
  if (entries.length === 0) throw refusal('the object has no arrays', where)
  return new Map(entries.map(([name, nested]) => [name, toTensor(nested, `${where}, '${name}'`)]))
}

const refusal = (what: string, where: string, cause?: unknown): ParityError =>
  new ParityError('INPUT_JSON', {
    what,
    where,
    remedy: 'Give nested arrays of equal lengths, or an object of such arrays by input name',
    cause,
  })

function toTensor(nested: unknown, where: string): Tensor {
  const shape: number[] = []
  for (let inner = nested; Array.isArray(inner); inner = inner[0]) {
    if (shape.push(inner.length) > DEEPEST) throw refusal(`the arrays are nested more than ${DEEPEST} deep`, where)
  }
  const leaves: unknown[] = []
  collect(nested, shape, 0, leaves, where)
  if (leaves.every((leaf) => typeof leaf === 'string') && leaves.some((leaf) => !Object.hasOwn(SPECIAL, leaf as string)))
    return tensor('string', shape, leaves as string[])
  if (leaves.length > 0 && leaves.every((leaf) => typeof leaf === 'boolean'))
    return tensor('bool', shape, Uint8Array.from(leaves as boolean[], Number))
  const numbers = Float64Array.from(leaves, (leaf, i) => {
    const number = typeof leaf === 'string' && Object.hasOwn(SPECIAL, leaf) ? SPECIAL[leaf] : leaf
    if (typeof number !== 'number') throw refusal(`element ${i} is ${JSON.stringify(leaf)?.slice(0, 40)} among numbers`, where)
    return number
  })
  return tensor('float64', shape, numbers)
}

function collect(nested: unknown, shape: readonly number[], depth: number, leaves: unknown[], where: string): void {
  if (depth === shape.length) {
    if (typeof nested === 'object')
      throw refusal(
        nested === null ? 'an element is null' : 'the arrays are ragged: an array or object stands where an element is expected',
        where,
      )
    leaves.push(nested)
    return
  }
  if (!Array.isArray(nested) || nested.length !== shape[depth]) {
    const found = Array.isArray(nested) ? `an array of ${nested.length}` : JSON.stringify(nested)?.slice(0, 40)
    throw refusal(`the arrays are ragged: ${found} stands where an array of ${shape[depth]} is expected`, where)
  }
  for (const inner of nested) collect(inner, shape, depth + 1, leaves, where)
}
