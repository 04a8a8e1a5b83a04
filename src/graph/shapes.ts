/** How shapes are spelt. */
import type { Dimension } from './graph.js'

/** '[?, 1, 32]': an open dimension is a question mark. */
export const spellShape = (shape: readonly Dimension[]): string => `[${shape.map((dimension) => dimension ?? '?').join(', ')}]`
