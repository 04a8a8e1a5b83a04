/** Findings about what outputs show: those without a partner, and pairs that are not the same thing. */
import type { Alignment } from '../align/align.js'
import { familyOf } from '../align/families.js'
import { SUPPRESSION } from '../align/output-tail.js'
import type { OutputDifference, OutputPair, OutputPairing } from '../align/outputs.js'
import { finding, type Plain, referenceTo } from '../diagnose/findings.js'
import { ancestorsOf, nearestAncestors } from '../graph/relations.js'
import { spellShape } from '../graph/shapes.js'
import type { Cause } from '../record/causes.js'
import type { Finding } from '../record/record.js'

/** Whether a difference makes an output another one than the source's; one that goes on behind it is compared as far as it goes. */
export const isAnother = ({ kind }: OutputDifference): boolean => kind !== 'longer'

type Words = { cause: Cause; detail: string; severity?: Finding['severity'] }

function wordsFor(difference: OutputDifference, { source, target }: OutputPair): Words {
  switch (difference.kind) {
    case 'shape':
      return {
        cause: 'output-shape',
        detail: `output '${target.name}' has shape ${spellShape(difference.target)}, the source's '${source.name}' ${spellShape(difference.source)}`,
      }
    case 'axes':
      return {
        cause: 'output-shape',
        detail: `output '${target.name}' holds the source's numbers with its axes in the order ${difference.order.join(', ')}: ${spellShape(difference.target)} for ${spellShape(difference.source)}`,
      }
    case 'rows':
      return {
        cause: 'output-shape',
        detail: `output '${target.name}' has ${difference.target} rows where the source has ${difference.source} (axis ${difference.axis})`,
      }
    case 'dtype':
      return {
        cause: 'output-shape',
        detail: `output '${target.name}' is ${difference.target}, the source's '${source.name}' ${difference.source}`,
      }
    case 'swapped':
      return {
        cause: 'output-swapped',
        detail: `output '${target.name}' shows the source's '${difference.with.source}', and '${difference.with.target}' shows '${source.name}'`,
      }
    case 'parts': {
      const names = difference.of.map((name) => `'${name}'`).join(', ')
      return {
        cause: 'output-shape',
        detail:
          difference.whole === 'source'
            ? `the source's output '${source.name}' is given in parts: ${names} along axis ${difference.axis}`
            : `the source's outputs ${names} are joined in '${target.name}' along axis ${difference.axis}`,
      }
    }
    case 'longer':
      return {
        cause: 'output-shape',
        severity: difference.types.every((type) => SUPPRESSION.test(type)) ? 'note' : 'warning',
        detail: `the target goes on with ${difference.ops} ${difference.ops === 1 ? 'op' : 'ops'} (${difference.types.slice(0, 5).join(', ')}) after '${difference.at}', which stands for the source's '${source.name}'`,
      }
  }
}

/** One finding a difference; of outputs that are exchanged, one for all of a ring. */
function differenceFindings({ pairs }: OutputPairing, alignment: Alignment, explained: readonly Finding[]): Finding[] {
  const said = new Set<string>()
  return pairs.flatMap((pair) =>
    pair.differences.flatMap((difference) => {
      const key = keyOf(difference, pair)
      if (said.has(key) || isExplained(difference, pair, alignment, explained)) return []
      said.add(key)
      if (difference.kind === 'swapped') for (const name of [difference.with.target, pair.target.name]) said.add(`swapped ${name}`)
      return [
        finding({
          ...wordsFor(difference, pair),
          side: 'target',
          op: referenceTo(alignment.target, pair.value),
          value: pair.value,
          also: [...(difference.kind === 'swapped' ? [difference.with.target] : []), pair.source.name],
          samples: [...difference.samples],
        } satisfies Plain),
      ]
    }),
  )
}

/** Differences of one output alone that follow from what an op before it does. */
const FOLLOWING: ReadonlySet<OutputDifference['kind']> = new Set(['shape', 'axes', 'rows', 'longer'])

/** Whether a finding at an op already says why an output differs: at the op that makes it, or at one before it that changes how much is made. */
function isExplained({ kind }: OutputDifference, { value }: OutputPair, { target, pairs }: Alignment, known: readonly Finding[]): boolean {
  if (!FOLLOWING.has(kind)) return false
  const errors = known.filter(({ severity, side }) => severity === 'error' && side === 'target')
  if (errors.some((one) => [one.value, ...one.also].includes(value))) return true
  if (kind === 'longer') return false
  const paired = new Set(pairs.map((pair) => pair.target))
  const near = nearestAncestors(target, value, (name) => paired.has(name))
  const before = ancestorsOf(target, [value])
  return errors.some((one) => {
    const region = kind === 'axes' && familyOf(one.op.type) !== 'layout' ? near : before
    return [one.value, ...one.also].some((name) => region.has(name))
  })
}

const keyOf = (difference: OutputDifference, { source, target }: OutputPair): string =>
  difference.kind === 'swapped'
    ? `swapped ${target.name}`
    : difference.kind === 'parts'
      ? `parts ${difference.whole === 'source' ? source.name : target.name}`
      : `${difference.kind} ${source.name} ${target.name}`

/** `explained`: what findings already say of ops. */
export function pairingFindings(pairing: OutputPairing, alignment: Alignment, explained: readonly Finding[]): Finding[] {
  const { unpairedSource, unpairedTarget } = pairing
  return [
    ...differenceFindings(pairing, alignment, explained),
    ...unpairedSource.map(({ name, shape }) =>
      finding({
        cause: 'output-unpaired',
        side: 'source',
        op: { name, type: 'output' },
        value: name,
        detail: `no output of the target shows the source's output '${name}' of shape [${shape ?? ''}]`,
        remedy: 'Name its partner with --map SOURCE=TARGET, or convert the model with this output',
      }),
    ),
    ...unpairedTarget.map(({ name }) =>
      finding({
        cause: 'output-unpaired',
        severity: 'note',
        side: 'target',
        op: { name, type: 'output' },
        value: name,
        detail: `the target's output '${name}' matches no output of the source`,
      }),
    ),
  ]
}
