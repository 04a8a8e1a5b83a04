/** A classifier's labels against the source's classes. */
import { readFileSync } from 'node:fs'
import { ParityError } from '../graph/errors.js'
import type { OutputFeature } from '../graph/model.js'
import type { Finding } from '../record/record.js'

/** One label a line, in the source's order; a last empty line is no label. @throws ParityError INPUT_LABELS */
export function readLabels(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').replace(/\r/g, '').replace(/\n$/, '').split('\n')
  } catch (error) {
    throw new ParityError('INPUT_LABELS', {
      what: 'the file of labels cannot be read',
      where: path,
      remedy: 'Give a text file with one label a line',
      cause: error,
    })
  }
}

/** A finding where the target names its classes otherwise than the source does. */
export function compareLabels(expected: readonly string[], outputs: readonly OutputFeature[]): Finding[] {
  const classifier = outputs.find(({ labels }) => labels !== undefined)
  const own = classifier?.labels
  if (!classifier || !own) return []
  const names = Array.from(own as readonly (string | bigint)[], String)
  const first = names.findIndex((label, index) => label !== expected[index])
  if (first < 0 && names.length === expected.length) return []
  const detail =
    names.length === expected.length
      ? `class ${first} is '${names[first]}' in the target, '${expected[first]}' in the source`
      : `the target has ${names.length} labels, the source ${expected.length}`
  return [
    {
      cause: 'label-order',
      severity: 'error',
      side: 'target',
      op: { name: classifier.name, type: 'classLabels' },
      value: classifier.name,
      also: [],
      detail,
      evidence: { error: names.filter((label, index) => label !== expected[index]).length, afterFix: null, floor: 0 },
      confidence: 1,
      remedy: "Convert again with the source's labels in its order",
    },
  ]
}
