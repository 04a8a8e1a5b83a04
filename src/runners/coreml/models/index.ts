/** Every row for a model type that is one op: a stage of a pipeline that is no network. */
import type { Op } from '../op.js'
import { suppressionModels } from './suppression.js'

export const modelOps: readonly Op[] = [...suppressionModels]
