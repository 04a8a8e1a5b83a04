/** Bytes of constants and of custom options, inside of the flatbuffer or behind it. */
import { ParityError } from '../../graph/errors.js'
import type { Table } from './flatbuffer.js'

export class Buffers {
  constructor(
    private readonly file: Uint8Array,
    private readonly buffers: Table<'Buffer'>[],
  ) {}

  /** Bytes of a tensor; empty where it has none. */
  of({ buffer, external_buffer }: Table<'Tensor'>): Uint8Array {
    if (external_buffer) {
      throw new ParityError('UNSUPPORTED_EXTERNAL_BUFFER', {
        what: 'The elements lie in another file (external_buffer)',
        remedy: 'Export the model with its weights in the .tflite file',
      })
    }
    return this.get(buffer)
  }

  get(index: number): Uint8Array {
    const buffer = this.buffers[index]
    if (!buffer) {
      if (index === 0) return new Uint8Array(0)
      throw new ParityError('MODEL_BROKEN', {
        what: `The file names buffer ${index} of ${this.buffers.length}`,
        remedy: 'Get the file again, or convert the model again',
      })
    }
    return buffer.size > 0n ? this.behind(buffer.offset, buffer.size, `buffer ${index}`) : buffer.data
  }

  customOptions({ custom_options, large_custom_options_offset: offset, large_custom_options_size: size }: Table<'Operator'>): Uint8Array {
    return size > 0n ? this.behind(offset, size, 'custom options') : custom_options
  }

  private behind(offset: bigint, size: bigint, name: string): Uint8Array {
    if (offset + size > BigInt(this.file.byteLength)) {
      throw new ParityError('MODEL_BROKEN', {
        what: `The file is cut off: it has ${this.file.byteLength} bytes, and ${name} takes ${size} from ${offset}`,
        where: `byte ${offset}`,
        remedy: 'Get the file again',
      })
    }
    return this.file.subarray(Number(offset), Number(offset + size))
  }
}
