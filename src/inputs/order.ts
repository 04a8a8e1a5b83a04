/** Names in the order that people expect: runs of digits compare as numbers, all else by code unit, the same in every locale. */
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
