/** NeuralNetwork.proto `pooling`, `pooling3d` and `globalPooling3d`, over the last two and three dimensions. */
import type { Pooling } from '../../../../kernels/pooling.js'
import { sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import { boolean, integers, message, tensor, text } from '../../parameters.js'
import { type Context, type Op, op, type Rounding } from '../op.js'
import { borderOf, type PaddingMessage } from '../semantics/borders.js'
import { poolWindows } from '../semantics/pooling.js'
import type { PadType, WindowAttributes } from '../semantics/windows.js'
import { PAD_TYPES_3D, volumeWindow } from './volumes.js'

type Single = Tensor<'float32' | 'float16'>

const single = ['float32', 'float16'] as const
const KINDS = ['MAX', 'AVERAGE', 'L2'] as const
const KINDS_3D = ['MAX', 'AVERAGE'] as const

function poolingOf(kind: (typeof KINDS)[number], excludePadding: boolean): Pooling {
  if (kind === 'AVERAGE') return { kind: 'average', countPadding: !excludePadding }
  return { kind: kind === 'MAX' ? 'max' : 'l2' }
}

/** A maximum is one of its operands. */
const roundingOf = ({ type }: { type: string }): Rounding => (type === 'MAX' ? 'exact' : 'accumulating')

/** A list that the file leaves out is empty. */
const kernelOf = (kernelSize: readonly number[]): readonly number[] => (kernelSize.length === 0 ? [3, 3] : kernelSize)

interface PoolingPadding extends PaddingMessage {
  includeLastPixel?: { paddingAmounts?: number[] }
}

function paddingOf(layer: PoolingPadding, context: Context): { padType: PadType; pad?: number[]; ceilMode?: boolean } {
  if (!layer.includeLastPixel) return borderOf(layer, context)
  const amounts = layer.includeLastPixel.paddingAmounts ?? []
  return { padType: 'custom', ceilMode: true, pad: (amounts.length === 0 ? [0, 0] : amounts).flatMap((amount) => [amount, amount]) }
}

/** One window over all of the last `count` dimensions. */
const global = ({ shape }: Single, count: number): WindowAttributes => ({ kernel: shape.slice(-count), padType: 'valid' })

const pooling = op({
  type: 'pooling',
  specification: 'NeuralNetwork.proto PoolingLayerParams',
  parameters: {
    input: tensor<Single>({ types: single, rank: [3, 5] }),
    type: text(KINDS, { default: 'MAX' }),
    kernelSize: integers({ default: [] }),
    stride: integers({ default: [] }),
    layer: message<PoolingPadding>(),
    avgPoolExcludePadding: boolean({ default: false }),
    globalPooling: boolean({ default: false }),
  },
  rounding: 'accumulating',
  roundingOf,
  terms: ({ input, kernelSize, globalPooling }) => sizeOf(globalPooling ? input.shape.slice(-2) : kernelOf(kernelSize)),
  run({ input, type, kernelSize, stride, layer, avgPoolExcludePadding, globalPooling }, context) {
    const method = poolingOf(type, avgPoolExcludePadding)
    if (globalPooling) return poolWindows(input, method, global(input, 2), context)
    const kernel = kernelOf(kernelSize)
    if (kernel.length !== 2) context.fail(`has kernelSize [${kernel}], expected 2 numbers`)
    const strides = stride.length === 0 ? undefined : stride
    return poolWindows(input, method, { kernel, strides, ...paddingOf(layer, context) }, context)
  },
})

const pooling3d = op({
  type: 'pooling3d',
  specification: 'NeuralNetwork.proto Pooling3DLayerParams',
  parameters: {
    input: tensor<Single>({ types: single, rank: 5 }),
    type: text(KINDS_3D, { default: 'MAX' }),
    ...volumeWindow,
    countExcludePadding: boolean({ default: false }),
  },
  rounding: 'accumulating',
  roundingOf,
  terms: ({ kernelDepth, kernelHeight, kernelWidth }) => kernelDepth * kernelHeight * kernelWidth,
  run({ input, type, paddingType, countExcludePadding, ...values }, context) {
    const attributes = {
      kernel: [values.kernelDepth, values.kernelHeight, values.kernelWidth],
      strides: [values.strideDepth, values.strideHeight, values.strideWidth],
      padType: PAD_TYPES_3D[paddingType],
      pad: [
        values.customPaddingFront,
        values.customPaddingBack,
        values.customPaddingTop,
        values.customPaddingBottom,
        values.customPaddingLeft,
        values.customPaddingRight,
      ],
    }
    return poolWindows(input, poolingOf(type, countExcludePadding), attributes, context)
  },
})

const globalPooling3d = op({
  type: 'globalPooling3d',
  specification: 'NeuralNetwork.proto GlobalPooling3DLayerParams',
  parameters: { input: tensor<Single>({ types: single, rank: 5 }), type: text(KINDS_3D, { default: 'MAX' }) },
  rounding: 'accumulating',
  roundingOf,
  terms: ({ input }) => sizeOf(input.shape.slice(-3)),
  run: ({ input, type }, context) => poolWindows(input, poolingOf(type, false), global(input, 3), context),
})

export const poolingLayers: readonly Op[] = [pooling, pooling3d, globalPooling3d]
