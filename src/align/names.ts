/**
 * How alike a source value's and a target value's names are. Converters replace characters outside [A-Za-z0-9_] by underscores, append
 * suffixes to values they insert, and TFLite joins the names of the ops it fused with semicolons, the last op first.
 */

/** Names of the ops that a source value's name speaks of, sanitised; the first is the op that made the value. */
export function partsOf(name: string): string[] {
  return name
    .split(';')
    .map((part) =>
      part
        .replace(/^(Stateful)?PartitionedCall\//, '')
        .replace(/:\d+$/, '')
        .replace(/[^A-Za-z0-9]+/g, '_')
        .replace(/^_+|_+$/g, '')
        .toLowerCase(),
    )
    .filter((part) => part !== '')
}

/** Suffixes of values that hold the same numbers as the op they are named after. */
const COPY_SUFFIX = /(_nchw|_nhwc|_channel_(first|last)|_cast(_fp16|_fp32)?|_cast_to_fp\d+|_to_fp\d+|_type_fp\d+|_transposed?|_\d+)+$/

function likenessOfParts(source: string, target: string): number {
  if (source === target) return 1
  const [plainSource, plainTarget] = [source.replace(COPY_SUFFIX, ''), target.replace(COPY_SUFFIX, '')]
  if (source === plainTarget) return 0.9
  if (plainSource === plainTarget && plainSource !== '') return 0.6
  if (source.endsWith(`_${target}`) || target.endsWith(`_${source}`)) return 0.8
  return target.startsWith(`${source}_`) ? 0.5 : 0
}

/** Likeness from which on a name alone is reason enough to pair two values. */
export const SURE_NAME = 0.8
/** Likeness from which on a pair is said to be found by name. */
export const LIKELY_NAME = 0.5

/** 0 (nothing in common) to 1 (the same name after sanitising). */
export function nameLikeness(source: string, target: string): number {
  const [targetPart] = partsOf(target)
  if (targetPart === undefined) return 0
  return Math.max(0, ...partsOf(source).map((part, index) => likenessOfParts(part, targetPart) * (index === 0 ? 1 : 0.7)))
}
