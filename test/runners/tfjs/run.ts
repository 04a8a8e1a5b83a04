/** Runs single operators, and small TFLite models, on the tfjs runner. */
import type { DType, Tensor } from '../../../kernels/tensor.js'
import { allocate, sizeOf } from '../../../kernels/tensor.js'
import { readTflite } from '../../../src/formats/tflite/index.js'
import type { Session, SessionOptions } from '../../../src/runners/session.js'
import { createTfjsSession } from '../../../src/runners/tfjs/index.js'
import type { Plain, SubgraphSketch, TensorSketch } from '../../formats/tflite/write.js'
import { tflite, typeOf } from '../../formats/tflite/write.js'

/** An operand: a tensor that is fed, with its quantization, or null for one that is left out. */
export type Operand = (Tensor & { scale?: number[]; zeroPoint?: number[]; axis?: number; isVariable?: boolean }) | null

export const sessionOf = (subgraphs: SubgraphSketch[], options: SessionOptions = {}, more: Plain = {}): Promise<Session> =>
  createTfjsSession(readTflite('test.tflite', tflite(subgraphs, more)), options)

/** What one operator makes of its operands. */
export async function compute(
  type: string,
  operands: readonly Operand[],
  outputs: readonly TensorSketch[],
  options?: [string, Plain],
  { backend = 'wasm', intermediates = [] }: { backend?: 'wasm' | 'cpu'; intermediates?: TensorSketch[] } = {},
): Promise<Tensor[]> {
  const given = operands.flatMap((operand, i) => (operand ? [{ operand, name: `in${i}` }] : []))
  const tensors: TensorSketch[] = [
    ...given.map(({ operand, name }) => ({
      name,
      type: typeOf(operand.dtype),
      shape: operand.shape,
      ...quantization(operand),
      isVariable: operand.isVariable ?? false,
    })),
    ...outputs.map((output, i) => ({ name: `out${i}`, shape: [], ...output })),
    ...intermediates,
  ]
  let next = 0
  const inputs = operands.map((operand) => (operand ? next++ : -1))
  const made = outputs.map((_, i) => given.length + i)
  const session = await sessionOf(
    [
      {
        tensors,
        inputs: inputs.filter((index) => index >= 0 && !given[index]!.operand.isVariable),
        outputs: made,
        operators: [
          {
            type,
            inputs,
            outputs: made,
            ...(options && { options }),
            ...(intermediates.length && { intermediates: intermediates.map((_, i) => given.length + outputs.length + i) }),
          },
        ],
      },
    ],
    { backend },
  )
  const feeds = Object.fromEntries(given.filter(({ operand }) => !operand.isVariable).map(({ operand, name }) => [name, operand]))
  const results = await session.run(feeds)
  await session.close()
  return outputs.map((_, i) => results.get(`out${i}`)!)
}

function quantization(operand: NonNullable<Operand>): TensorSketch {
  const { scale, zeroPoint, axis } = operand
  return { ...(scale && { scale }), ...(zeroPoint && { zeroPoint }), ...(axis !== undefined && { axis }) }
}

export const float32 = (shape: number[], data: ArrayLike<number>): Tensor<'float32'> => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
})
export const int32 = (shape: number[], data: ArrayLike<number>): Tensor<'int32'> => ({ dtype: 'int32', shape, data: Int32Array.from(data) })
export const bool = (shape: number[], data: ArrayLike<number>): Tensor<'bool'> => ({ dtype: 'bool', shape, data: Uint8Array.from(data) })

export function int8(shape: number[], data: ArrayLike<number>, scale: number[], zeroPoint: number[] = scale.map(() => 0), axis = 0) {
  return { dtype: 'int8', shape, data: Int8Array.from(data), scale, zeroPoint, axis } as const
}

/** A generator of numbers in [0, 1), the same every time. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export function randomTensor(shape: number[], seed: number): Tensor<'float32'> {
  const random = randomFrom(seed)
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
  )
}

export const zeros = (dtype: DType, shape: number[]): Tensor => ({ dtype, shape, data: allocate(dtype, sizeOf(shape)) }) as Tensor

/** Largest difference relative to the largest magnitude of `want`. */
export function error(got: Tensor, want: ArrayLike<number>): number {
  let [most, worst] = [0, 0]
  for (let i = 0; i < want.length; i++) {
    most = Math.max(most, Math.abs(want[i]!))
    worst = Math.max(worst, Math.abs(want[i]! - Number(got.data[i])))
  }
  return got.data.length === want.length ? worst / (most || 1) : Infinity
}
