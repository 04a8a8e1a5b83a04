/** Preprocessing that nobody gave: what cannot be vouched for, and what of it is unlikely. */
import type { InferredPreprocessing } from '../inputs/feeds.js'
import type { Finding } from '../record/record.js'
import { finding, short } from './findings.js'

/** Mean pixels that networks are trained with, in RGB: ImageNet's as Caffe and as PyTorch have them. */
const MEANS = [
  [123.68, 116.78, 103.94],
  [123.675, 116.28, 103.53],
]
/** How far from one of them a mean may lie and still be it, in levels. */
const NEAR = 2
/** Mean pixels that all channels share: the middle of 0 to 255. */
const isMiddle = (mean: number): boolean => Math.abs(mean - 127.5) <= NEAR

/** The mean pixel that a scale and a bias subtract, a channel. */
const meansOf = ({ scale, bias }: InferredPreprocessing): number[] => bias.map((one) => -one / scale)

const isKnownMean = (means: readonly number[]): boolean =>
  MEANS.some((known) => [known, [...known].reverse()].some((one) => means.every((mean, i) => Math.abs(mean - one[i % 3]!) <= NEAR)))

/** What is unlikely of one input's preprocessing; undefined for what networks are trained with. */
function doubtOf(one: InferredPreprocessing): string | undefined {
  const { scale, bias, float } = one
  if (!(scale > 0)) return `a scale of ${short(scale)} turns the picture's brightness around`
  if (!float) return undefined
  const means = meansOf(one)
  const isAlike = means.every((mean) => mean === means[0])
  if (scale === 1 && bias.every((x) => x === 0)) return 'there is no scaling at all, and the network gets numbers up to 255'
  if (scale === 1 && !isKnownMean(means) && !(isAlike && isMiddle(means[0]!)))
    return `a bias of ${[...new Set(bias)].map(short).join(', ')} with scale 1 is no mean picture that networks are trained with`
  if (!isAlike && !isKnownMean(means)) return `the channels' means, ${means.map(short).join(', ')}, are none that networks are trained with`
  return undefined
}

const words = ({ scale, bias, order }: InferredPreprocessing): string => {
  const biases = [...new Set(bias)]
  return `scale ${short(scale)}, bias ${biases.map(short).join(', ')}${order === 'gray' ? '' : `, ${order}`}`
}

const isSame = (a: InferredPreprocessing, b: InferredPreprocessing): boolean =>
  a.scale === b.scale && a.bias.every((x, i) => x === (b.bias[i] ?? b.bias[0]))

/** One warning an image input whose preprocessing was taken from the model itself. */
export function preprocessingFindings(inferred: readonly InferredPreprocessing[]): Finding[] {
  return inferred.map((one) => {
    const other = inferred.find((another) => another !== one && !isSame(one, another))
    const doubts = [doubtOf(one), other && `'${other.input}' is scaled otherwise (${words(other)})`].filter((doubt) => doubt !== undefined)
    return finding({
      cause: 'preprocessing-inferred',
      severity: 'warning',
      side: 'inputs',
      op: { name: one.input, type: 'input' },
      value: one.input,
      detail: [
        `how the source was trained to see pictures was not given: ${words(one)} were taken from this input, and if they are wrong, both sides saw the wrong picture`,
        ...doubts.map((doubt) => `unlikely: ${doubt}`),
      ].join('; '),
      remedy: 'Give --scale, --bias, --order and --layout as the source was trained, or the source its own arrays',
    })
  })
}
