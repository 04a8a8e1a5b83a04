/** Every row of the ML Program op table, family by family. */
import type { Op } from '../op.js'
import { activationOps } from './activation.js'
import { binaryOps } from './binary.js'
import { castOps } from './cast.js'
import { classifyOps } from './classify.js'
import { compressionOps } from './compression.js'
import { controlOps } from './control.js'
import { convolutionOps } from './convolution.js'
import { fillingOps } from './filling.js'
import { indexingOps } from './indexing.js'
import { linearOps } from './linear.js'
import { listOps } from './lists.js'
import { normalizationOps } from './normalization.js'
import { orderOps } from './order.js'
import { poolingOps } from './pooling.js'
import { quantizationOps } from './quantization.js'
import { randomOps } from './random.js'
import { recurrentOps } from './recurrent.js'
import { reductionOps } from './reduction.js'
import { resizingOps } from './resizing.js'
import { stateOps } from './states.js'
import { suppressionOps } from './suppression.js'
import { transformationOps } from './transformation.js'
import { unaryOps } from './unary.js'

export const milOps: readonly Op[] = [
  ...activationOps,
  ...binaryOps,
  ...castOps,
  ...classifyOps,
  ...compressionOps,
  ...controlOps,
  ...convolutionOps,
  ...fillingOps,
  ...indexingOps,
  ...linearOps,
  ...listOps,
  ...normalizationOps,
  ...orderOps,
  ...poolingOps,
  ...quantizationOps,
  ...randomOps,
  ...recurrentOps,
  ...reductionOps,
  ...resizingOps,
  ...stateOps,
  ...suppressionOps,
  ...transformationOps,
  ...unaryOps,
]
