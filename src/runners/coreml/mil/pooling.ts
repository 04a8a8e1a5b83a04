/** MIL `avg_pool`, `l2_pool` and `max_pool`. */
import type { Pooling } from '../../../../kernels/pooling.js'
import { sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import { boolean, integers, tensor, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { poolWindows } from '../semantics/pooling.js'
import { PAD_TYPES, type PadType } from '../semantics/windows.js'

type Single = Tensor<'float32' | 'float16'>

const parameters = {
  x: tensor<Single>({ types: ['float32', 'float16'], rank: [3, 5] }),
  kernel_sizes: integers(),
  strides: integers({ default: undefined }),
  pad_type: text(PAD_TYPES),
  pad: integers({ default: undefined }),
  ceil_mode: boolean({ default: false }),
}

interface Values {
  x: Single
  kernel_sizes: number[]
  strides: number[] | undefined
  pad_type: PadType
  pad: number[] | undefined
  ceil_mode: boolean
}

function run(
  { x, kernel_sizes: kernel, strides, pad_type: padType, pad, ceil_mode: ceilMode }: Values,
  pooling: Pooling,
  context: Context,
): Tensor {
  if (kernel.length !== x.shape.length - 2) context.fail(`has kernel_sizes [${kernel}] for an input of shape [${x.shape}]`)
  return poolWindows(x, pooling, { kernel, strides, padType, pad, ceilMode }, context)
}

const terms = (values: { kernel_sizes: number[] }): number => sizeOf(values.kernel_sizes)

const avgPool = op({
  type: 'avg_pool',
  specification: 'iOS15 pool',
  parameters: { ...parameters, exclude_padding_from_average: boolean({ default: false }) },
  rounding: 'accumulating',
  terms,
  run: (values, context) => run(values, { kind: 'average', countPadding: !values.exclude_padding_from_average }, context),
})

const l2Pool = op({
  type: 'l2_pool',
  specification: 'iOS15 pool',
  parameters,
  rounding: 'accumulating',
  terms,
  run: (values, context) => run(values, { kind: 'l2' }, context),
})

const maxPool = op({
  type: 'max_pool',
  specification: 'iOS15 pool',
  parameters,
  rounding: 'exact',
  run: (values, context) => run(values, { kind: 'max' }, context),
})

export const poolingOps: readonly Op[] = [avgPool, l2Pool, maxPool]
