/** A folder for a test's files, and models that exist only as far as feeding them goes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll } from 'vitest'
import { type DType, type Tensor, tensor } from '../../kernels/tensor.js'
import { ParityError } from '../../src/graph/errors.js'
import type { Dimension, Graph, Node } from '../../src/graph/graph.js'
import type { ColorLayout, Format, ImagePreprocessing, InputFeature } from '../../src/graph/model.js'
import { encodeNpy } from '../../src/inputs/decoders/npy.js'
import { writeNpz } from '../../src/inputs/decoders/npz.js'
import type { FedModel } from '../../src/inputs/feeds.js'

export function useFolder() {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'parity-inputs-'))
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const path = (name: string): string => join(root, name)
  const write = (name: string, bytes: Uint8Array | string): string => {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), bytes)
    return path(name)
  }
  return {
    path,
    write,
    npy: (name: string, value: Tensor): string => write(name, encodeNpy(value)),
    npz: (name: string, values: Record<string, Tensor>): string => {
      writeNpz(path(name), Object.entries(values))
      return path(name)
    },
    png: (name: string, pixels: Tensor<'uint8'>): string => {
      const [height = 0, width = 0, channels = 1] = pixels.shape
      return write(name, encode({ width, height, channels, depth: 8, data: pixels.data }))
    },
  }
}

/** float32 0, 1, 2 … */
export const ramp = (shape: number[], from = 0): Tensor<'float32'> => {
  const value = tensor('float32', shape)
  value.data.forEach((_, i) => {
    value.data[i] = from + i
  })
  return value
}

/** A picture whose pixels all differ. */
export const pixels = (height: number, width: number, channels = 3): Tensor<'uint8'> => {
  const value = tensor('uint8', channels === 1 ? [height, width] : [height, width, channels])
  value.data.forEach((_, i) => {
    value.data[i] = (i * 37 + 11) % 256
  })
  return value
}

export const array = (name: string, dtype: DType, shape: Dimension[], more: Partial<InputFeature> = {}): InputFeature => ({
  name,
  dtype,
  shape,
  kind: 'multiarray',
  ...more,
})

export const image = (
  name: string,
  color: ColorLayout,
  height: number,
  width: number,
  preprocessing?: ImagePreprocessing,
): InputFeature => ({
  name,
  dtype: color === 'GRAY_FLOAT16' ? 'float16' : 'uint8',
  shape: color.startsWith('GRAY') ? [height, width] : [height, width, 3],
  kind: 'image',
  image: { color, height, width, ...(preprocessing && { preprocessing }) },
})

export const model = (format: Format, inputs: InputFeature[], graph: Partial<Graph> = {}): FedModel => ({
  path: `model.${format}`,
  format,
  inputs,
  graph: { name: 'main', inputs: inputs.map(({ name }) => name), outputs: [], values: new Map(), nodes: [], ...graph },
})

/** A graph that is a chain of ops with one constant each. */
export function chain(input: string, ops: readonly { type: string; constant?: Tensor; constantFirst?: boolean }[]): Partial<Graph> {
  const values: Graph['values'] = new Map()
  const nodes = ops.map(({ type, constant, constantFirst }, i): Node => {
    const [from, fixed] = [i === 0 ? input : `v${i - 1}`, `c${i}`]
    if (constant)
      values.set(fixed, {
        name: fixed,
        dtype: constant.dtype,
        shape: constant.shape,
        constant: { ...constant, byteLength: 0, read: () => constant },
      })
    const operands = constant ? (constantFirst ? [fixed, from] : [from, fixed]) : [from]
    return {
      name: `op${i}`,
      type,
      dialect: { name: 'mil', version: 'CoreML5' },
      inputs: operands.map((value, at) => ({ parameter: 'xy'[at]!, value })),
      outputs: [`v${i}`],
      attributes: {},
      bodies: [],
      where: `op ${i}`,
    }
  })
  return { values, nodes, outputs: [`v${ops.length - 1}`] }
}

/** The error that `body` throws; anything but a ParityError fails the test. */
export function refusal(body: () => unknown): ParityError {
  try {
    body()
  } catch (error) {
    if (error instanceof ParityError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** An Exif block that asks for a quarter turn. */
export const EXIF_ROTATED = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0])
