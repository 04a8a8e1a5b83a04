/** How reports write numbers and names for people. */

/** Three significant digits unless told; an exponent, and a digit less, where a plain number would be long. */
export function number(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  const magnitude = Math.abs(value)
  if (magnitude >= 1e-3 && magnitude < 1e5) return String(Number(value.toPrecision(digits)))
  return String(value.toExponential(digits - 2)).replace(/\.?0*e/, 'e')
}

/** Digits after which any two doubles differ, as `number` counts them. */
const MOST_DIGITS = 18

/** Numbers that stand side by side, with as many digits as it takes to tell those apart that differ. */
export function apart(values: readonly number[]): string[] {
  const different = new Set(values.map((value) => value + 0)).size
  for (let digits = 3; ; digits++) {
    const texts = values.map((value) => number(value, digits))
    if (digits === MOST_DIGITS || new Set(texts).size >= different) return texts
  }
}

/** A share from 0 to 1; only the whole is called 100%. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100)
  return `${rounded === 100 && share < 1 ? '>99' : rounded === 0 && share > 0 ? '<1' : rounded}%`
}

export const decibels = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(1)} dB` : number(value))

const UNITS = ['', ' thousand', ' million', ' billion', ' trillion']

/** A large count in words: 1.2 million. */
export function amount(count: number): string {
  const step = count < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3))
  return `${number(count / 1000 ** step)}${UNITS[step]}`
}

/** 1 sample, 2 samples; with thousands separators. */
export const counted = (count: number, noun: string): string => `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STEERING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Names come from files: control characters, which could steer a terminal, become visible. */
export const visible = (text: string): string => text.replace(STEERING, '\ufffd')

/** JSON text that a terminal takes for nothing else, and that a parser reads as it was. */
export const visibleJson = (json: string): string =>
  json.replace(STEERING, (found) => (found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`))

/** At most `width` characters: the middle of a long name goes, since both ends tell names apart. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text
  const head = Math.floor((width - 1) / 3)
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`
}

/** Lines of at most `width` characters, broken between words; a longer word loses its middle. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line ? `${line} ${word}` : shorten(word, width)
  }
  return line ? [...lines, line] : lines
}

const SAMPLE_NAME = 40
const SAMPLES = 3

/** A sample by its place, from 0, and its name: sample 3 'x.npz'. */
export const namedSample = (index: number, name: string): string => `sample ${index} '${shorten(visible(name), SAMPLE_NAME)}'`

/** The same where the names of all are known; one without a name by its place alone. */
export function sample(names: readonly string[], index: number): string {
  const name = names[index]
  return name === undefined ? `sample ${index}` : namedSample(index, name)
}

/** Several samples in short; '' for none. */
export function samples(names: readonly string[], indices: readonly number[]): string {
  if (indices.length > 1 && indices.length === names.length) return `all ${names.length} samples`
  const shown = indices.slice(0, SAMPLES).map((index) => sample(names, index))
  return [...shown, ...(indices.length > SAMPLES ? [`${indices.length - SAMPLES} more`] : [])].join(', ')
}
