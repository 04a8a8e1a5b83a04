/** The seed of a sample's rounding noise: of what it holds, so that neither its place nor its name changes a number. */
import type { Tensor } from '../../kernels/tensor.js'

/** FNV-1a over the bytes of the tensors, by input name. */
export function seedOf(feeds: Record<string, Tensor>): number {
  let hash = 0x811c9dc5
  const mix = (byte: number): void => {
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  for (const [, { data }] of Object.entries(feeds).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bytes = Array.isArray(data)
      ? new TextEncoder().encode(data.join('\0'))
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    for (let i = 0; i < bytes.length; i++) mix(bytes[i]!)
  }
  return hash >>> 1
}
