/** Which known names somebody may have meant. */

/** Letter pairs that two names share, of all they have: 1 for equal names. */
function likeness(a: string, b: string): number {
  const pairs = (word: string) =>
    new Set(Array.from({ length: Math.max(0, word.length - 1) }, (_, i) => word.slice(i, i + 2).toLowerCase()))
  const [first, second] = [pairs(a), pairs(b)]
  const shared = [...first].filter((pair) => second.has(pair)).length
  return (2 * shared) / (first.size + second.size || 1)
}

const ALIKE = 0.5
const MOST = 3

/** At most three names that are like `name`, the likest first. */
export const namesLike = (name: string, known: readonly string[]): string[] =>
  known
    .map((other) => ({ other, score: likeness(other, name) }))
    .filter(({ score }) => score >= ALIKE)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ other }) => other)
