/** How reports write numbers and names for people. */

/** Three significant digits; an exponent where a plain number would be long. */
export function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  const magnitude = Math.abs(value)
  return magnitude >= 1e-3 && magnitude < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(1).replace('.0e', 'e')
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

/** Names come from files: control characters, which could steer a terminal, become visible. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd')
}

/** At most `width` characters: the middle of a long name goes, since both ends tell names apart. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text
  const head = Math.floor((width - 1) / 3)
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`
}

/** Lines of at most `width` characters, broken between words, within a word only where it is longer than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line ? `${line} ${word}` : word
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width))
  }
  return line ? [...lines, line] : lines
}
