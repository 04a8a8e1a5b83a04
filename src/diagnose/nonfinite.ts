/** Where numbers that are not finite come from, on the source's side. */
import { isNumberTensor, type Tensor } from '../../kernels/tensor.js'
import type { Relations } from '../graph/relations.js'
import type { Finding } from '../record/record.js'
import { finding, referenceTo } from './findings.js'

/** The first value of the source, in order of execution, that is not finite, and the samples on which it is not. */
export interface NonFinite {
  value: string
  samples: number[]
}

function isFiniteThroughout(value: Tensor): boolean {
  if (!isNumberTensor(value) || !/^float/.test(value.dtype)) return true
  const { data } = value
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false
  return true
}

/** The first of `names` whose value is not finite throughout. */
export const firstNonFinite = (names: Iterable<string>, values: ReadonlyMap<string, Tensor>): string | undefined => {
  for (const name of names) {
    const value = values.get(name)
    if (value && !isFiniteThroughout(value)) return name
  }
  return undefined
}

/** Said of a source that gives NaN or infinity itself: a note where the target agrees, an error where nothing else is left to compare. */
export function nonFiniteFinding({ value, samples }: NonFinite, source: Relations, nothingCompared: boolean): Finding {
  const isInput = source.graph.inputs.includes(value)
  return finding({
    cause: 'non-finite',
    severity: nothingCompared ? 'error' : 'note',
    side: isInput ? 'inputs' : 'source',
    op: referenceTo(source, value),
    value,
    detail: isInput
      ? `the sample's '${value}' holds numbers that are NaN or infinite`
      : `the source itself makes '${value}' NaN or infinite; nothing before it is`,
    samples,
  })
}
