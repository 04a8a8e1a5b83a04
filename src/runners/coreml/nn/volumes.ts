/** Parameters that `convolution3d` and `pooling3d` have in common. */
import { integer, text } from '../../parameters.js'

export const PAD_TYPES_3D = { CUSTOM: 'custom', VALID: 'valid', SAME: 'same' } as const

export const extent = integer({ default: 1 })
const padding = integer({ default: 0 })

export const volumeWindow = {
  kernelDepth: extent,
  kernelHeight: extent,
  kernelWidth: extent,
  strideDepth: extent,
  strideHeight: extent,
  strideWidth: extent,
  paddingType: text(['CUSTOM', 'VALID', 'SAME'], { default: 'CUSTOM' }),
  customPaddingFront: padding,
  customPaddingBack: padding,
  customPaddingTop: padding,
  customPaddingBottom: padding,
  customPaddingLeft: padding,
  customPaddingRight: padding,
}
