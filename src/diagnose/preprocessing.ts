/**
 * Preprocessing that nobody says and that was therefore taken from the target's image input. Both models then get the same numbers however
 * wrong they are, so that a comparison cannot vouch for them: a warning for each image input, with what speaks against what was taken.
 */
import type { InferredPreprocessing } from '../inputs/feeds.js'
import type { Finding } from '../record/record.js'
import { finding } from './findings.js'

/**
 * Means of pixels in the order RGB. ImageNet's and Caffe's (103.939, 116.779 and 123.68 in its order BGR) are the same but for roundings
 * and for what dividing by one deviation instead of three makes of them, which `NEAR` allows.
 */
const MEANS = [123.675, 116.28, 103.53] as const
const NEAR = 4
/** Where the mean of all pixels of a set of pictures may lie, 127.5 and 128 among them. */
const MIDDLE = { from: 90, to: 135 } as const
const WHITE = 255
/** Pixels by which a value may miss the pixel that it should stand for: constants are rounded, some to float16. */
const LEVEL = 1

type Scaling = NonNullable<InferredPreprocessing['scaling']>
type Scaled = InferredPreprocessing & { scaling: Scaling }

/** One for each image input of the target whose preprocessing was taken for the source's. */
export function preprocessingFindings(inferred: readonly InferredPreprocessing[]): Finding[] {
  return inferred.map((taken) => {
    const doubts = isScaled(taken) ? [...doubtsOf(taken), ...inconsistencies(taken, inferred.filter(isScaled))] : []
    return finding({
      cause: 'preprocessing-inferred',
      severity: 'warning',
      side: 'inputs',
      op: { name: taken.input, type: 'input' },
      value: taken.input,
      detail: `${unsaid(taken)}${doubts.length > 0 ? `. That is doubtful: ${doubts.join('; ')}` : ''}`,
      remedy: taken.scaling
        ? 'Give --scale, --bias and --order as the source was trained, or the source its own arrays and the target its pictures with --target-inputs'
        : 'Give --order as the source was trained',
    })
  })
}

const isScaled = (taken: InferredPreprocessing): taken is Scaled => taken.scaling !== null

function unsaid({ source, scaling, order }: InferredPreprocessing): string {
  const who = source === null ? 'how arrays for it come from pixels' : `how pixels become the source's '${source}'`
  const taken = [
    ...(scaling ? [`scale ${spell(scaling.scale)}`, `bias ${spellBias(scaling.bias)}`] : []),
    ...(scaling?.hasMeanImage ? ['the mean image'] : []),
    ...(order ? [`channel order ${order}`] : []),
  ]
  const hidden = scaling ? (order ? 'scaling or order' : 'scaling') : 'order'
  return `nothing says ${who}: ${listed(taken)} ${taken.length === 1 ? 'was' : 'were'} taken from the target, and a wrong ${hidden} there stays unseen`
}

/** What speaks against a scaling by itself. */
function doubtsOf({ scaling, biasOrder, isFloat, scalesItself }: Scaled): string[] {
  const { scale, bias, hasMeanImage } = scaling
  if (!(scale > 0)) return [scale === 0 ? 'a scale of 0 makes all pictures alike' : `the scale ${spell(scale)} is not positive`]
  const doubts: string[] = []
  const means = bias.map((value) => -value / scale)
  const isUniform = bias.every((value) => value === bias[0])
  if (isFloat && !scalesItself && !hasMeanImage) {
    if (scale === 1 && bias.every((value) => value === 0)) doubts.push('pixels from 0 to 255 reach a network of floats unscaled')
    else if (isUniform ? isAside(means[0]!) || (scale === 1 && !isMiddle(means[0]!)) : scale === 1 && !means.every(isMiddle))
      doubts.push(
        `pixels become ${spell(Math.min(...bias))} to ${spell(WHITE * scale + Math.max(...bias))}, and the bias subtracts no mean`,
      )
  }
  if (!isUniform && !hasMeanImage) {
    const expected = biasOrder === 'BGR' ? [...MEANS].reverse() : MEANS
    const isNear = (wanted: readonly number[]) => wanted.every((mean, channel) => Math.abs(means[channel]! - mean) <= NEAR)
    if (isNear([...expected].reverse())) doubts.push(`the bias has ImageNet's means in another order than ${biasOrder}`)
    else if (!isNear(expected))
      doubts.push(`the bias differs between channels (means ${means.map(spell).join(', ')}), and has neither ImageNet's means nor Caffe's`)
  }
  return doubts
}

const isMiddle = (mean: number): boolean => mean >= MIDDLE.from && mean <= MIDDLE.to

/** Whether no pixel becomes 0. */
const isAside = (mean: number): boolean => mean < -LEVEL || mean > WHITE + LEVEL

/** Inputs of the same network whose pixels are scaled otherwise. */
function inconsistencies(taken: Scaled, all: readonly Scaled[]): string[] {
  return all
    .filter((other) => other !== taken && !isAlike(taken, other))
    .map(({ input, scaling }) => `'${input}' is scaled differently (scale ${spell(scaling.scale)}, bias ${spellBias(scaling.bias)})`)
}

function isAlike(a: Scaled, b: Scaled): boolean {
  const tolerance = LEVEL * Math.max(Math.abs(a.scaling.scale), Math.abs(b.scaling.scale))
  if (Math.abs(a.scaling.scale - b.scaling.scale) * WHITE > tolerance) return false
  const [ofA, ofB] = [inRgb(a), inRgb(b)]
  // a gray picture has no channel to compare one of three with
  return ofA.length !== ofB.length || ofA.every((value, channel) => Math.abs(value - ofB[channel]!) <= tolerance)
}

const inRgb = ({ scaling, biasOrder }: Scaled): number[] => (biasOrder === 'BGR' ? [...scaling.bias].reverse() : scaling.bias)

/** Three digits, without an exponent where they are few zeros away. */
const spell = (value: number): string => String(Number(value.toPrecision(3)))

/** One number where all channels have the same. */
const spellBias = (bias: readonly number[]): string =>
  bias.every((value) => value === bias[0]) ? spell(bias[0] ?? 0) : `[${bias.map(spell).join(', ')}]`

const listed = (parts: readonly string[]): string => [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(Boolean).join(' and ')
