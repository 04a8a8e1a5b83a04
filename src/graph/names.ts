/** Names that are unique in their graph: repeated and empty ones get `#index`. */

/** Takes `name`, or `name#index` with the first free index from `index` on, into `taken`; returns what it took. */
export function takeName(taken: { has(name: string): boolean; add(name: string): unknown }, name: string, index: number): string {
  let unique = name
  if (name === '' || taken.has(name)) {
    while (taken.has((unique = `${name}#${index}`))) index++
  }
  taken.add(unique)
  return unique
}
