/**
 * Samples as JSON: nested arrays of numbers, of true and false or of words, or an object of such arrays by input name. The strings
 * "NaN", "Infinity" and "-Infinity" among numbers stand for the numbers that JSON lacks.
 *
 * Numbers are read as float64 and rounded once, to the dtype of their input.
 */
import { type Tensor, tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import { CODE, JsonText } from './json-text.js'

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
  const text = new JsonText(bytes, (what) => {
    throw refusal(`this is no JSON: ${what}`, where)
  })
  const sample = new Map<string | null, Tensor>()
  if (text.next() === CODE.openArray) sample.set(null, readArray(text, where))
  else {
    text.expect(CODE.openObject)
    for (let isFirst = true; !text.accept(CODE.closeObject); isFirst = false) {
      if (!isFirst) text.expect(CODE.comma)
      const name = text.string()
      text.expect(CODE.colon)
      sample.set(name, readArray(text, `${where}, '${name}'`))
    }
    if (sample.size === 0) throw refusal('the object has no arrays', where)
  }
  if (text.next() !== CODE.end) throw refusal('this is no JSON: something stands behind its end', where)
  return sample
}

const refusal = (what: string, where: string, cause?: unknown): ParityError =>
  new ParityError('INPUT_JSON', {
    what,
    where,
    remedy: 'Give nested arrays of equal lengths, or an object of such arrays by input name',
    cause,
  })

const ELEMENT_EXPECTED = 'the arrays are ragged: an array or object stands where an element is expected'

/** A value of the text as a tensor: nested arrays, or one element. */
function readArray(text: JsonText, where: string): Tensor {
  const shape: number[] = []
  const leaves = new Leaves(text.next() === CODE.openArray ? text.mostElements() : 1, where)
  /** Arrays around an element, known from the first one on. */
  let rank: number | undefined
  const expected = (depth: number): string => `an array of ${shape[depth] ?? 'some'} is expected`

  function element(depth: number): void {
    const first = text.next()
    if (first === CODE.openArray) {
      if (rank === depth) throw refusal(ELEMENT_EXPECTED, where)
      if (depth === DEEPEST) throw refusal(`the arrays are nested more than ${DEEPEST} deep`, where)
      array(depth)
      return
    }
    rank ??= depth
    if (first === CODE.openObject)
      throw refusal(depth === rank ? ELEMENT_EXPECTED : `the arrays are ragged: an object stands where ${expected(depth)}`, where)
    const leaf = leafAt(text, first)
    if (depth < rank) throw refusal(`the arrays are ragged: ${spell(leaf)} stands where ${expected(depth)}`, where)
    if (leaf === null) throw refusal('an element is null', where)
    leaves.add(leaf)
  }

  function array(depth: number): void {
    text.expect(CODE.openArray)
    let length = 0
    while (!text.accept(CODE.closeArray)) {
      if (length++ > 0) text.expect(CODE.comma)
      element(depth + 1)
    }
    if (length === 0) rank ??= depth + 1
    shape[depth] ??= length
    if (shape[depth] !== length) throw refusal(`the arrays are ragged: an array of ${length} stands where ${expected(depth)}`, where)
  }

  element(0)
  return leaves.tensor(shape)
}

type Leaf = number | boolean | string

function leafAt(text: JsonText, first: number): Leaf | null {
  if (first === CODE.quote) return text.string()
  return first === CODE.minus || (first >= CODE.zero && first <= CODE.nine) ? text.number() : text.literal()
}

const spell = (leaf: Leaf | null): string => JSON.stringify(leaf).slice(0, 40)

const isSpecial = (text: string): boolean => Object.hasOwn(SPECIAL, text)

/** Elements of one array: numbers, with words for those that JSON lacks; true and false; or words. */
class Leaves {
  private count = 0
  private numbers: Float64Array | undefined
  private truths: Uint8Array | undefined
  private words: string[] | undefined

  constructor(
    private readonly most: number,
    private readonly where: string,
  ) {}

  add(leaf: Leaf): void {
    if (this.count === 0) this.begin(leaf)
    if (this.words && typeof leaf !== 'string') this.wordsToNumbers()
    const { numbers, truths, words, count } = this
    if (typeof leaf === 'number' && numbers) numbers[count] = leaf
    else if (typeof leaf === 'boolean' && truths) truths[count] = Number(leaf)
    else if (typeof leaf === 'string' && words) words.push(leaf)
    else if (typeof leaf === 'string' && numbers && isSpecial(leaf)) numbers[count] = SPECIAL[leaf]!
    else if (truths) throw this.among(0, truths[0] !== 0)
    else throw this.among(count, leaf)
    this.count++
  }

  private begin(leaf: Leaf): void {
    if (typeof leaf === 'number') this.numbers = new Float64Array(this.most)
    else if (typeof leaf === 'boolean') this.truths = new Uint8Array(this.most)
    else this.words = []
  }

  /** Words before a number are numbers, too, or out of place. */
  private wordsToNumbers(): void {
    const numbers = new Float64Array(this.most)
    this.words!.forEach((word, i) => {
      if (!isSpecial(word)) throw this.among(i, word)
      numbers[i] = SPECIAL[word]!
    })
    this.numbers = numbers
    this.words = undefined
  }

  private among(index: number, leaf: Leaf): ParityError {
    return refusal(`element ${index} is ${spell(leaf)} among numbers`, this.where)
  }

  tensor(shape: readonly number[]): Tensor {
    if (this.words?.every(isSpecial)) this.wordsToNumbers()
    const { numbers, truths, words, count } = this
    if (words) return tensor('string', shape, words)
    if (truths) return tensor('bool', shape, truths.slice(0, count))
    return tensor('float64', shape, numbers ? exactly(numbers, count) : new Float64Array(0))
  }
}

const exactly = (numbers: Float64Array, count: number): Float64Array => (numbers.length === count ? numbers : numbers.slice(0, count))
