/** The one field of an Exif block that concerns us: which way the picture is to be turned (Exif 2.3, tag 0x0112). */

const ORIENTATION = 0x0112

/** 1 (upright) to 8; 1 too where the block does not say. `block` begins with its TIFF header. */
export function exifOrientation(block: Uint8Array): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  if (view.byteLength < 8) return 1
  const littleEndian = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, littleEndian)
  if (directory + 2 > view.byteLength) return 1
  const entries = view.getUint16(directory, littleEndian)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i
    if (entry + 12 > view.byteLength) return 1
    if (view.getUint16(entry, littleEndian) !== ORIENTATION) continue
    const value = view.getUint16(entry + 8, littleEndian)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}
