/** Reads the tokens of a JSON text (RFC 8259) straight from its bytes, so that a long array of numbers is never a tree of objects. */

/** Bytes that mean something in JSON. */
export const CODE = {
  end: -1,
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openArray: 0x5b,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const
const SPACE = 0x20
const LAST_ASCII = 0x7e
const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const PLUS = 0x2b
const POINT = 0x2e
const BACKSLASH = 0x5c
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf]

/** 10^0 to 10^22, all of which a float64 holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))
/** Up to here one more digit leaves a whole number that a float64 holds exactly. */
const LARGEST_BEFORE_DIGIT = Math.floor((2 ** 53 - 10) / 10)

const MOST_SHARED = 65536

const LITERALS: readonly (readonly [word: string, value: true | false | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= CODE.zero && byte <= CODE.nine
const show = (byte: number | undefined): string => (byte === undefined ? 'the end' : `'${String.fromCharCode(byte)}'`)

export class JsonText {
  private readonly bytes: Buffer
  private at: number
  /** Of the number that is read: its digits as a whole number, and whether they all fit. */
  private digits = 0
  private isExact = true
  private readonly known = new Map<string, string>()

  /** `fail` gets what is wrong with the text, and throws. */
  constructor(
    bytes: Uint8Array,
    private readonly fail: (what: string) => never,
  ) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte) ? BYTE_ORDER_MARK.length : 0
  }

  /** The next byte that is no space; CODE.end behind the last. */
  next(): number {
    for (;;) {
      const byte = this.bytes[this.at]
      if (byte === undefined) return CODE.end
      if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) return byte
      this.at++
    }
  }

  /** Takes the next byte where it is this one. */
  accept(byte: number): boolean {
    if (this.next() !== byte) return false
    this.at++
    return true
  }

  expect(byte: number): void {
    if (!this.accept(byte)) this.unexpected(show(byte))
  }

  private unexpected(wanted: string): never {
    return this.fail(`${show(this.bytes[this.at])} stands at byte ${this.at} where ${wanted} is expected`)
  }

  string(): string {
    if (this.next() !== CODE.quote) this.unexpected('a string')
    const start = this.at
    const isPlain = this.skipString()
    if (isPlain) return this.shared(this.bytes.toString('latin1', start + 1, this.at - 1))
    try {
      return JSON.parse(this.bytes.toString('utf8', start, this.at)) as string
    } catch {
      return this.fail(`the string at byte ${start} is broken`)
    }
  }

  /** The same text read again is the same string: a list of classes holds few words many times. */
  private shared(text: string): string {
    const known = this.known.get(text)
    if (known !== undefined) return known
    if (this.known.size < MOST_SHARED) this.known.set(text, text)
    return text
  }

  /** Whether it is ASCII without escapes. */
  private skipString(): boolean {
    const { bytes } = this
    let isPlain = true
    let at = this.at + 1
    for (let byte = bytes[at]; byte !== CODE.quote; byte = bytes[++at]) {
      if (byte === undefined) this.fail('it ends inside a string')
      if (byte === BACKSLASH) at++
      if (byte === BACKSLASH || byte < SPACE || byte > LAST_ASCII) isPlain = false
    }
    this.at = at + 1
    return isPlain
  }

  /** true, false or null. */
  literal(): true | false | null {
    for (const [word, value] of LITERALS) {
      if (![...word].every((letter, i) => this.bytes[this.at + i] === letter.charCodeAt(0))) continue
      this.at += word.length
      return value
    }
    return this.unexpected('a value')
  }

  /** Rounded once, to the nearest float64. */
  number(): number {
    const { bytes } = this
    const start = this.at
    const isNegative = bytes[this.at] === CODE.minus
    if (isNegative) this.at++
    const whole = this.at
    this.digits = 0
    this.isExact = true
    this.takeDigits()
    if (this.at === whole || (bytes[whole] === CODE.zero && this.at > whole + 1)) this.unexpected('a number')
    let exponent = 0
    if (bytes[this.at] === POINT) {
      const fraction = ++this.at
      this.takeDigits()
      if (this.at === fraction) this.unexpected('a digit')
      exponent = fraction - this.at
    }
    exponent += this.exponent()
    const power = POWERS[Math.abs(exponent)]
    // one rounding: the digits and the power of ten are exact, their product or quotient is not
    if (!this.isExact || power === undefined) return Number(bytes.toString('latin1', start, this.at))
    const magnitude = exponent < 0 ? this.digits / power : this.digits * power
    return isNegative ? -magnitude : magnitude
  }

  /** Appends the digits that stand here to `digits`, as long as it stays exact. */
  private takeDigits(): void {
    const { bytes } = this
    let { at, digits } = this
    for (let byte = bytes[at]!; byte >= CODE.zero && byte <= CODE.nine; byte = bytes[++at]!) {
      if (digits <= LARGEST_BEFORE_DIGIT) digits = 10 * digits + (byte - CODE.zero)
      else this.isExact = false
    }
    this.at = at
    this.digits = digits
  }

  private exponent(): number {
    const { bytes } = this
    if (bytes[this.at] !== 0x65 && bytes[this.at] !== 0x45) return 0
    this.at++
    const isNegative = bytes[this.at] === CODE.minus
    if (isNegative || bytes[this.at] === PLUS) this.at++
    const start = this.at
    let value = 0
    for (; isDigit(bytes[this.at]); this.at++) value = Math.min(10 * value + (bytes[this.at]! - CODE.zero), 1e6)
    if (this.at === start) this.unexpected('a digit')
    return isNegative ? -value : value
  }

  /** At most as many elements as the array that begins here, or an array within it, has altogether. */
  mostElements(): number {
    const { bytes, at: start } = this
    let depth = 0
    let commas = 0
    do {
      const byte = bytes[this.at]
      if (byte === undefined) this.fail('it ends inside an array')
      if (byte === CODE.quote) this.skipString()
      else this.at++
      if (byte === CODE.comma) commas++
      if (byte === CODE.openArray || byte === CODE.openObject) depth++
      if (byte === CODE.closeArray || byte === CODE.closeObject) depth--
    } while (depth > 0)
    this.at = start
    return commas + 1
  }
}
