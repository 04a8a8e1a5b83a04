/** Every row of the neuralnetwork layer table, family by family. */
import type { Op } from '../op.js'
import { activationLayers } from './activation.js'
import { binaryLayers } from './binary.js'
import { controlLayers } from './control.js'
import { convolutionLayers } from './convolution.js'
import { customLayers } from './custom.js'
import { fillingLayers } from './filling.js'
import { indexingLayers } from './indexing.js'
import { linearLayers } from './linear.js'
import { normalizationLayers } from './normalization.js'
import { orderLayers } from './order.js'
import { poolingLayers } from './pooling.js'
import { randomLayers } from './random.js'
import { recurrentLayers } from './recurrent.js'
import { reductionLayers } from './reduction.js'
import { resizingLayers } from './resizing.js'
import { suppressionLayers } from './suppression.js'
import { transformationLayers } from './transformation.js'
import { unaryLayers } from './unary.js'

export const layerOps: readonly Op[] = [
  ...activationLayers,
  ...binaryLayers,
  ...controlLayers,
  ...convolutionLayers,
  ...customLayers,
  ...fillingLayers,
  ...indexingLayers,
  ...linearLayers,
  ...normalizationLayers,
  ...orderLayers,
  ...poolingLayers,
  ...randomLayers,
  ...recurrentLayers,
  ...reductionLayers,
  ...resizingLayers,
  ...suppressionLayers,
  ...transformationLayers,
  ...unaryLayers,
]
