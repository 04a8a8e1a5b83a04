/** How shapes are spelt in messages, and arrays and inputs with theirs. */
import type { DType } from '../../kernels/tensor.js'
import type { Dimension } from './graph.js'
import type { Flexibility, InputFeature } from './model.js'

/** '[?, 1, 32]': an open dimension is a question mark. */
export const spellShape = (shape: readonly Dimension[]): string => `[${shape.map((dimension) => dimension ?? '?').join(', ')}]`

/** 'float32 [1, 3, 224, 224]'. */
export const spellArray = (dtype: DType, shape: readonly Dimension[]): string => `${dtype} ${spellShape(shape)}`

/** A shape, or those that a flexible input takes: 'one of [1, 3], [2, 3]', '[1 to 8, 3]'. */
export function spellFlexible(shape: readonly Dimension[], flexibility: Flexibility | undefined): string {
  if (!flexibility) return spellShape(shape)
  if (flexibility.kind === 'enumerated') return `one of ${flexibility.shapes.map(spellShape).join(', ')}`
  return `[${flexibility.ranges.map(({ min, max }) => (min === max ? min : `${min} to ${max ?? 'any'}`)).join(', ')}]`
}

/** "'image' RGB picture of 224 x 224", "'x' float32 [1, 10]". */
export function spellInput({ name, dtype, shape, image, flexibility }: InputFeature): string {
  if (image) return `'${name}' ${image.color} picture of ${image.width} x ${image.height}`
  return `'${name}' ${dtype} ${spellFlexible(shape, flexibility)}`
}
