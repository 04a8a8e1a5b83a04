/** Remarks that a user should see though nothing is wrong. */
import { isFloat, type Tensor } from '../../kernels/tensor.js'

/** Samples are loaded one by one and often say the same, so a remark is kept once with the places that gave it. */
export class Notes {
  readonly #places = new Map<string, Set<string>>()

  /** @param where the file or sample that the remark is about; empty where it is about the whole run. */
  add(remark: string, where = ''): void {
    const places = this.#places.get(remark) ?? new Set()
    this.#places.set(remark, places.add(where))
  }

  /** One line a remark, in the order of their first appearance: 'remark (a.png and 3 more)'. */
  list(): string[] {
    return [...this.#places].map(([remark, places]) => {
      const [first] = places
      if (!first) return remark
      return `${remark} (${first}${places.size > 1 ? ` and ${places.size - 1} more` : ''})`
    })
  }
}

/** Says how many numbers of an array that a sample gives for an input are NaN or infinite. */
export function noteNonFinite(notes: Notes, input: string, { dtype, data }: Tensor, sample: string): void {
  if (!isFloat(dtype)) return
  let [nan, infinite] = [0, 0]
  for (const x of data as Float32Array) {
    if (Number.isNaN(x)) nan++
    else if (x === Infinity || x === -Infinity) infinite++
  }
  const counts = [...(nan ? [`${nan} NaN`] : []), ...(infinite ? [`${infinite} infinite`] : [])]
  if (counts.length > 0) notes.add(`the input '${input}' is given ${counts.join(' and ')} of ${data.length} numbers`, sample)
}
