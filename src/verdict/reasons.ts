/** Why a verdict is 'fail', a sentence each; none for a pass. */
import { snrOf } from '../compare/metrics.js'
import { short, shortApart } from '../diagnose/findings.js'
import type { Finding, Layer } from '../record/record.js'
import type { Measured } from './measured.js'
import type { OutputJudgement } from './outputs.js'
import type { Policy } from './policy.js'

interface Judged {
  measured: Measured
  outputs: readonly OutputJudgement[]
  layers: readonly Layer[]
  findings: readonly Finding[]
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

export function reasonsFor({ measured, outputs, layers, findings }: Judged, policy: Policy): string[] {
  const { samples, pairing, segments } = measured
  const reasons: string[] = []
  if (samples === 0) reasons.push('No sample was compared.')
  if (outputs.length === 0) reasons.push('No output was compared.')
  for (const { name } of pairing.unpairedSource) reasons.push(`The source's output '${name}' has no partner in the target.`)
  for (const judgement of outputs) if (judgement.fault) reasons.push(outputReason(judgement, samples, policy))
  for (const [status, words] of [
    ['semantic', 'do something else than the source'],
    ['precision', 'lose more in float16 than rounding explains'],
  ] as const) {
    const off = layers.filter((layer) => layer.status === status)
    if (off.length > 0) reasons.push(`${off.length} of ${layers.length} layers ${words}: first '${off[0]!.target}'.`)
  }
  const said = new Set(['unexplained', 'output-unpaired', 'precision-loss', 'float16-overflow', 'non-finite'])
  const errors = findings.filter(({ severity }) => severity === 'error')
  const ofInputs = errors.filter(({ side }) => side === 'inputs')
  if (ofInputs.length > 0) reasons.push(`The target reads its input in another way than the source: '${ofInputs[0]!.value}'.`)
  for (const { detail } of errors.filter(({ side, cause }) => side !== 'inputs' && !said.has(cause))) reasons.push(sentence(detail))
  if (segments.length === 0 && outputs.length > 0 && samples > 0) reasons.push('No layer could be aligned.')
  return [...reasons, ...policyReasons(findings, policy)]
}

function policyReasons(findings: readonly Finding[], { failOn, maxWarnings }: Policy): string[] {
  const reasons: string[] = []
  const warnings = findings.filter(({ severity }) => severity === 'warning')
  for (const cause of new Set(findings.filter(({ severity }) => severity !== 'error').map((one) => one.cause)))
    if (failOn.includes(cause)) reasons.push(`--fail-on ${cause}: found at '${findings.find((one) => one.cause === cause)!.op.name}'.`)
  if (failOn.includes('warning') && warnings.length > 0) reasons.push(`--fail-on warning: ${warnings.length} found.`)
  if (warnings.length > maxWarnings) reasons.push(`${warnings.length} warnings, and ${maxWarnings} are allowed.`)
  return reasons
}

function outputReason({ output, tolerance, fault }: OutputJudgement, samples: number, { minSnr }: Policy): string {
  const { pair, total } = output
  const { most } = total.differences
  const name = `Output '${pair.target.name}'`
  const off = output.samples.filter(({ measure }) => (tolerance ? measure.differences.outside !== 0 : measure.samples.length > 0)).length
  switch (fault) {
    case 'tolerance': {
      const [differs, atol] = shortApart(most.abs, tolerance!.atol)
      const allowed = [...(tolerance!.atol ? [atol] : []), ...(tolerance!.rtol ? [`${tolerance!.rtol}·|source|`] : [])].join(' + ')
      return `${name} differs by up to ${differs}, and ${allowed || '0'} is allowed, in ${off} of ${samples} samples.`
    }
    case 'lost':
      return `${name} keeps ${shortApart(snrOf(total.differences), minSnr)[0]} dB of signal, less than ${minSnr} dB.`
    case 'another':
      return `${name} is not what the source's '${pair.source.name}' is.`
    case 'nothing':
      return `Nothing finite of ${name.toLowerCase()} was compared.`
    default:
      return `${name} differs by up to ${total.differences.nonFinite > 0 ? 'infinity' : short(most.abs)}, more than rounding explains, in ${off} of ${samples} samples.`
  }
}
