/** Samples and expected results of golden models. */
import type { Tensor } from '../../kernels/tensor.js'
import { sliceRows } from '../../src/inputs/decoders/npy.js'
import { openNpz } from '../../src/inputs/decoders/npz.js'

/** Sample by sample, from arrays whose first dimension counts the samples. */
export function samplesOf(path: string): Record<string, Tensor>[] {
  const archive = openNpz(path)
  const arrays = archive.names.map((name) => [name, archive.read(name)] as const)
  return Array.from({ length: arrays[0]![1].shape[0]! }, (_, i) =>
    Object.fromEntries(arrays.map(([name, array]) => [name, sliceRows(array, i, 1)])),
  )
}

/** Results by `<sample>/<output>`, or activations by name. */
export function resultsOf(path: string): Map<string, Tensor> {
  const archive = openNpz(path)
  return new Map(archive.names.map((name) => [name, archive.read(name)]))
}

/** Largest |actual - expected| relative to the largest |expected|; NaN where the sizes differ. */
export function relativeError(actual: Tensor | undefined, expected: Tensor): number {
  if (actual?.data.length !== expected.data.length) return Number.NaN
  let error = 0
  let largest = 0
  for (let i = 0; i < expected.data.length; i++) {
    error = Math.max(error, Math.abs(Number(actual.data[i]) - Number(expected.data[i])))
    largest = Math.max(largest, Math.abs(Number(expected.data[i])))
  }
  return error / largest
}
