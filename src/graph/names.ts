/** Names: made unique in their graph, where repeated and empty ones get `#index`, and put in the order that people expect. */

/** Takes `name`, or `name#index` with the first free index from `index` on, into `taken`; returns what it took. */
export function takeName(taken: { has(name: string): boolean; add(name: string): unknown }, name: string, index: number): string {
  let unique = name
  if (name === '' || taken.has(name)) {
    while (taken.has((unique = `${name}#${index}`))) index++
  }
  taken.add(unique)
  return unique
}

/** Names as people order them: runs of digits compare as numbers, all else by code unit, the same in every locale. */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [split(a), split(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = i % 2 === 1 ? compareNumbers(left[i]!, right[i]!) : compareText(left[i]!, right[i]!)
    if (order !== 0) return order
  }
  return left.length - right.length || compareText(a, b)
}

/** Text and digits in turn, text first. */
const split = (name: string): string[] => name.split(/(\d+)/)

function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return left.length - right.length || compareText(left, right)
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
