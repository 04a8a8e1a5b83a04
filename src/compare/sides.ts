/** What the two sides' arithmetic and storage mean for a comparison. */

import type { Graph } from '../graph/graph.js'
import { type Session, UNIT_ROUNDOFF } from '../runners/session.js'
import { isCoarse } from './coarse.js'

/** Whether a side makes float16 values, and whether the source computes with quantized ones. */
export interface Coarse {
  source: boolean
  target: boolean
  quantized: boolean
}

/** Whether a session holds some value that an op makes, bodies included, in float16. */
export const holdsHalf = (session: Session, graph: Graph): boolean =>
  [...graph.values.values()].some(({ name, constant }) => !constant && (session.rounding(name).relative ?? 0) > UNIT_ROUNDOFF.float32)

/** Whether some value or constant is stored in fewer bits than float32, whatever it is computed in. */
export const storesReduced = (session: Session, graph: Graph): boolean =>
  [...graph.values.values()].some(({ name, constant }) => constant?.storage !== undefined || isCoarse(session.rounding(name)))

export const isQuantized = (graph: Graph): boolean => [...graph.values.values()].some(({ quantization }) => quantization !== undefined)
