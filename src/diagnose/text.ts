/** Numbers, lists and names of a model in short, for people: shortest decimals, at most 60 characters, no control characters. */
import { roundToHalf } from '../../kernels/float16.js'
import { sizeOf, type Tensor } from '../../kernels/tensor.js'
import type { Attribute } from '../graph/graph.js'

const MAX_LENGTH = 60
/** Elements of a list that are spelt at all: more are longer than a text may be. */
const MAX_LISTED = 32

/** Control characters, and those that turn the direction of writing: they come from files and could steer a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

const escaped = (text: string): string => text.replace(UNSEEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** At most 60 characters; the end of a longer text goes. */
export function short(text: string): string {
  const seen = escaped(text)
  return seen.length <= MAX_LENGTH ? seen : `${seen.slice(0, MAX_LENGTH - 1)}…`
}

/** A name with what is said about it: the middle of a long name goes, since both ends tell names apart. */
export function shortName(name: string, about = ''): string {
  const seen = escaped(name)
  const room = Math.max(3, MAX_LENGTH - about.length)
  if (seen.length <= room) return short(`${seen}${about}`)
  const head = Math.floor((room - 1) / 3)
  return short(`${seen.slice(0, head)}…${seen.slice(seen.length - (room - 1 - head))}${about}`)
}

/** A number rounded further than the format that holds it says less than is known: 5.96e-8 is the least float16, not 6e-8. */
const LEAST_DIGITS = 3

/** How a number is held: the shortest decimal that stands for the same number there is what was meant. */
type Rounding = (x: number) => number

/** Of a number that is held as float16 as well as of one in float32: 0.1, not 0.0999755859375 or 0.10000000149011612. */
function numberText(x: number, held: Rounding): string {
  if (Object.is(x, -0)) return '-0'
  if (!Number.isFinite(x)) return String(x)
  let shortest = x
  if (!Number.isSafeInteger(x) && held(x) === x) {
    for (let digits = LEAST_DIGITS; digits <= 17; digits++) {
      shortest = Number(x.toPrecision(digits))
      if (held(shortest) === x) break
    }
  }
  const magnitude = Math.abs(shortest)
  const plain = magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e15)
  return plain ? String(shortest) : shortest.toExponential().replace('e+', 'e')
}

const isTensor = (value: object): value is Tensor => 'dtype' in value && 'shape' in value && 'data' in value

/** A message or dictionary. */
export const isMessage = (value: Attribute): value is { [key: string]: Attribute } =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array) && !isTensor(value)

/** 'float32[64,3,3,3]', with how it is stored where that is not plain. */
export const arrayText = (dtype: string, shape: readonly number[], storage?: string): string =>
  `${dtype}[${shape.join(',')}]${storage ? ` ${storage}` : ''}`

/** The elements of a tensor, a list within a list for each axis, a scalar by itself. `half`: they were rounded to float16. */
export function tensorText({ dtype, shape, data }: Tensor, half = false): string {
  const held = half || dtype === 'float16' ? roundToHalf : dtype === 'float64' ? Number : Math.fround
  const elements = Array.from(data as ArrayLike<number | bigint | string>, (element) =>
    dtype === 'bool' ? String(element !== 0) : typeof element === 'number' ? numberText(element, held) : wordText(String(element)),
  )
  const nested = (axis: number, from: number): string => {
    const step = sizeOf(shape.slice(axis + 1))
    if (axis === shape.length) return elements[from]!
    return `[${Array.from({ length: shape[axis]! }, (_, i) => nested(axis + 1, from + i * step)).join(', ')}]`
  }
  return nested(0, 0)
}

/** A word as it is; nothing at all in quotation marks, so that it can be seen. */
const wordText = (text: string): string => text || '""'

/** A message within a list: the name of the one choice that it makes, else what its fields hold. */
function messageText(message: { [key: string]: Attribute }): string {
  const fields = Object.entries(message)
  const [name, choice] = fields[0] ?? ['{}', {}]
  if (fields.length > 1 || !isMessage(choice)) return listText(Object.values(message), '[', ']')
  const parameters = Object.values(choice)
  return parameters.length > 0 ? `${name}${listText(parameters, '(', ')')}` : name
}

function listText(values: readonly Attribute[], open: string, close: string): string {
  const listed = values.slice(0, MAX_LISTED).map(attributeText)
  return `${open}${[...listed, ...(values.length > MAX_LISTED ? ['…'] : [])].join(', ')}${close}`
}

/** An attribute that is no message by itself; longer than 60 characters where it is long. */
export function attributeText(value: Attribute): string {
  if (typeof value === 'number') return numberText(value, Math.fround)
  if (typeof value === 'string') return wordText(value)
  if (typeof value !== 'object') return String(value)
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (Array.isArray(value)) return listText(value, '[', ']')
  if (isMessage(value)) return messageText(value)
  return isSmall(value.dtype, value.shape) ? tensorText(value) : arrayText(value.dtype, value.shape)
}

/** Elements that are spelt one by one. */
const MAX_ELEMENTS = 8

/** Whether a tensor's elements are spelt; complex numbers are two each and are not. */
export const isSmall = (dtype: string, shape: readonly number[]): boolean => sizeOf(shape) <= MAX_ELEMENTS && dtype !== 'complex64'
