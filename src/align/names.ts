/**
 * How alike a source value's and a target value's names are. Converters replace characters outside [A-Za-z0-9_] by underscores, append
 * suffixes to values they insert, and TFLite joins the names of the ops it fused with semicolons, the last op first.
 */

/** The scope that Keras gives a model without a name, numbered anew by each model of one process. */
const FRAMEWORK_SCOPE = /^(model|functional|sequential)(_\d+)?[/_]/

/** Names of the ops that a source value's name speaks of, sanitized; the first is the op that made the value. */
export function partsOf(name: string): string[] {
  return name
    .split(';')
    .map((part) =>
      part
        .replace(/^(Stateful)?PartitionedCall\//, '')
        .replace(FRAMEWORK_SCOPE, '')
        .replace(/:\d+$/, '')
        .replace(/[^A-Za-z0-9]+/g, '_')
        .replace(/^_+|_+$/g, '')
        .toLowerCase(),
    )
    .filter((part) => part !== '')
}

/** Suffixes of values that hold the same numbers as the op they are named after. */
const COPY_SUFFIX = /(_nchw|_nhwc|_channel_(first|last)|_cast(_fp16|_fp32)?|_cast_to_fp\d+|_to_fp\d+|_type_fp\d+|_transposed?|_\d+)+$/

interface Part {
  name: string
  /** Without the suffixes of copies. */
  plain: string
}

const partOf = (name: string): Part => ({ name, plain: name.replace(COPY_SUFFIX, '') })

function likenessOfParts(source: Part, target: Part): number {
  if (source.name === target.name) return 1
  if (source.name === target.plain) return 0.9
  if (source.plain === target.plain && source.plain !== '') return 0.6
  if (source.name.endsWith(`_${target.name}`) || target.name.endsWith(`_${source.name}`)) return 0.8
  return target.name.startsWith(`${source.name}_`) ? 0.5 : 0
}

const likenessOf = (source: readonly Part[], target: readonly Part[]): number =>
  target[0] === undefined ? 0 : Math.max(0, ...source.map((part, index) => likenessOfParts(part, target[0]!) * (index === 0 ? 1 : 0.7)))

const preparedOf = (name: string): Part[] => partsOf(name).map(partOf)

/** Likeness from which on a name alone is reason enough to pair two values. */
export const SURE_NAME = 0.8
/** Likeness from which on a pair is said to be found by name. */
export const LIKELY_NAME = 0.5

/** 0 (nothing in common) to 1 (the same name after sanitizing). */
export const nameLikeness = (source: string, target: string): number => likenessOf(preparedOf(source), preparedOf(target))

/** Pairs of names of which each is the other's only likeliest, and that leave no doubt. */
export function surePairs(sources: readonly string[], targets: readonly string[]): Map<string, string> {
  const prepared = targets.map((name) => ({ name, parts: preparedOf(name) }))
  const ofSource = new Best()
  const ofTarget = new Best()
  for (const source of sources) {
    const parts = preparedOf(source)
    for (const target of prepared) {
      const likeness = likenessOf(parts, target.parts)
      if (likeness < SURE_NAME) continue
      ofSource.see(source, target.name, likeness)
      ofTarget.see(target.name, source, likeness)
    }
  }
  return new Map(
    sources.flatMap((source) => {
      const target = ofSource.only(source)
      return target !== undefined && ofTarget.only(target) === source ? [[source, target] as const] : []
    }),
  )
}

/** The likeliest other name of each, where no second one is as likely. */
class Best {
  private readonly known = new Map<string, { other: string; likeness: number; alone: boolean }>()

  see(name: string, other: string, likeness: number): void {
    const known = this.known.get(name)
    if (known === undefined || likeness > known.likeness) this.known.set(name, { other, likeness, alone: true })
    else if (likeness === known.likeness) known.alone = false
  }

  only(name: string): string | undefined {
    const known = this.known.get(name)
    return known?.alone ? known.other : undefined
  }
}
