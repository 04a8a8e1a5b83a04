/** A classifier's labels against the source's classes. */
import { readFileSync } from 'node:fs'
import { finding } from '../diagnose/findings.js'
import { ParityError } from '../graph/errors.js'
import type { Model } from '../graph/model.js'
import { isPointer, POINTER } from '../graph/pointer.js'
import type { Finding } from '../record/record.js'

/** One label a line, in the source's order; a last empty line is no label. @throws ParityError INPUT_LABELS */
function readLabels(path: string): string[] {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new ParityError('INPUT_LABELS', {
      what: 'the file of labels cannot be read',
      where: path,
      remedy: 'Give a text file with one label a line',
      cause: error,
    })
  }
  if (isPointer(bytes)) throw new ParityError('INPUT_LABELS', { what: `the file is ${POINTER.what}`, where: path, remedy: POINTER.remedy })
  return Buffer.from(bytes).toString('utf8').replace(/\r/g, '').replace(/\n$/, '').split('\n')
}

/** The source's classes: of the file that was given, else as its own file has them. */
function sourceLabels({ outputs }: Model, path: string | undefined): string[] | undefined {
  if (path !== undefined) return readLabels(path)
  const own = outputs.find(({ labels }) => labels !== undefined)?.labels
  return own && Array.from(own as readonly (string | bigint)[], String)
}

/** A finding where the target names its classes otherwise than the source does, and a warning where nothing says how the source does. */
export function labelFindings(source: Model, target: Model, path: string | undefined): Finding[] {
  const expected = sourceLabels(source, path)
  const classifier = target.outputs.find(({ labels }) => labels !== undefined)
  const own = classifier?.labels
  if (!classifier || !own) return []
  const place = { side: 'target', op: { name: classifier.name, type: 'classLabels' }, value: classifier.name } as const
  if (expected === undefined) {
    return [
      finding({
        ...place,
        cause: 'labels-unchecked',
        severity: 'warning',
        detail: `the target names ${own.length} classes, and nothing says how the source names them`,
        remedy: "Give --labels FILE with the source's classes, one a line, in its order",
      }),
    ]
  }
  const names = Array.from(own as readonly (string | bigint)[], String)
  const first = names.findIndex((label, index) => label !== expected[index])
  if (first < 0 && names.length === expected.length) return []
  const detail =
    names.length === expected.length
      ? `class ${first} is '${names[first]}' in the target, '${expected[first]}' in the source`
      : `the target has ${names.length} labels, the source ${expected.length}`
  return [
    finding({
      ...place,
      cause: 'label-order',
      detail,
      evidence: { error: names.filter((label, index) => label !== expected[index]).length, afterFix: null, floor: 0 },
      remedy: "Convert again with the source's labels in its order",
    }),
  ]
}
