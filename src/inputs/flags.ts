/** What the flags of a preprocessing leave open, and what that was taken to be. */
import type { InputFeature } from '../graph/model.js'
import type { Entry, Origin, PreprocessingOptions } from './origins.js'
import { type PictureShape, pictureShape } from './patterns.js'

/** One part of a rule as a remark spells it. */
type Part = readonly [text: string, origin: Origin]

/**
 * Remarks on a preprocessing of which only some flags are given, and on flags that say nothing of this input.
 * @param input the input that takes or gives the array
 * @param shown how its array shows a picture
 */
export function remarksOnFlags(input: InputFeature, shown: PictureShape | null, entry: Entry, given: PreprocessingOptions): string[] {
  const { bytes } = entry
  const scaling = (['scale', 'bias'] as const).filter((name) => given[name] !== undefined)
  const placing = (['order', 'layout'] as const).filter((name) => given[name] !== undefined)
  const remarks =
    bytes && scaling.length > 0 ? [`'${input.name}' takes bytes: ${spellFlags(scaling)} ${isOrAre(scaling)} not applied to it`] : []
  const flags = bytes ? placing : [...scaling, ...placing]
  const rest = partsOf(input, shown, entry, given).filter(([, origin]) => origin !== 'given')
  if (flags.length === 0 || rest.length === 0) return remarks
  const taken = rest.map(([text, origin]) => text + originText(origin, entry)).join('; ')
  return [...remarks, `for '${input.name}' ${spellFlags(flags)} ${isOrAre(flags)} given, and the rest is taken to be ${taken}`]
}

function partsOf(input: InputFeature, shown: PictureShape | null, { rule, origins, bytes }: Entry, given: PreprocessingOptions): Part[] {
  const channels = shown?.channels ?? 3
  const { scale, bias } = rule.preprocessing
  const scaling: Part[] = [
    [`scale ${spell(scale)}`, origins.scale],
    [`bias ${bias.slice(0, channels).map(spell).join(', ')}`, origins.bias],
  ]
  return [
    ...(bytes ? [] : scaling),
    ...(channels === 3 ? [[`channel order ${rule.order}`, origins.order] as const] : []),
    ...(isAmbiguous(input, shown) ? [[`layout ${shown!.layout}`, given.layout ? 'given' : 'default'] as const] : []),
  ]
}

function originText(origin: Origin, { image }: Entry): string {
  if (origin === 'metadata') return " (of the file's metadata)"
  return origin === 'image' ? ` (of the image input '${image!.input.name}')` : ''
}

/** Whether either end of a shape could be the channels. */
function isAmbiguous({ shape, image }: InputFeature, shown: PictureShape | null): boolean {
  if (image || shown?.channels !== 3) return false
  return pictureShape(shape, 'NHWC')?.layout !== pictureShape(shape, 'NCHW')?.layout
}

const spell = (value: number): string => String(Number(value.toPrecision(6)))
const spellFlags = (names: readonly string[]): string => names.map((name) => `--${name}`).join(', ')
const isOrAre = (names: readonly string[]): string => (names.length === 1 ? 'is' : 'are')
