/** Opens a model of any format. */
import { basename } from 'node:path'
import { checkGraph } from '../graph/check.js'
import { at, ParityError } from '../graph/errors.js'
import type { Format, Model } from '../graph/model.js'
import { openModelFile, openPackage } from './coreml/index.js'
import { readWhole } from './file.js'
import { formatOfEnding, recognize } from './recognize.js'

export interface OpenOptions {
  /** Reads the model as this format, whatever its bytes look like. */
  format?: Format | undefined
  /** Modules for custom layers and ops by class name, which every session of the model loads. */
  customLayers?: Record<string, string> | undefined
}

const NAMES: { [F in Format]: string } = {
  tflite: 'a TensorFlow Lite model',
  mlmodel: 'a Core ML model',
  mlpackage: 'a Core ML package',
  onnx: 'an ONNX model',
  graphdef: 'a TensorFlow GraphDef',
  savedmodel: 'a TensorFlow SavedModel',
  'tfjs-graph': 'a TensorFlow.js graph model',
  'tfjs-layers': 'a TensorFlow.js layers model',
  keras: 'a Keras archive',
  h5: 'a Keras HDF5 file',
}

/** Formats that can be read; the reader of a format is loaded when it is first needed. */
const READERS: { [F in Format]?: (path: string) => Model | Promise<Model> } = {
  mlmodel: openModelFile,
  mlpackage: openPackage,
  tflite: async (path) => {
    const { readTflite } = await import('./tflite/index.js')
    return readTflite(path, readWhole(path))
  },
}

/**
 * Opens a model file or folder.
 * @throws ParityError INPUT_UNREADABLE for a path that cannot be read, MODEL_… for broken or unknown bytes, UNSUPPORTED_… for what
 *   cannot be read.
 */
export async function openModel(path: string, { format, customLayers }: OpenOptions = {}): Promise<Model> {
  const kind = format ?? recognize(path)
  const read = READERS[kind]
  if (!read) {
    throw new ParityError('UNSUPPORTED_FORMAT', {
      what: `This is ${NAMES[kind]}, which cannot be read yet`,
      where: path,
      remedy: `Supported are ${Object.keys(READERS).join(', ')}`,
    })
  }
  const model = await read(path)
  try {
    for (const { graph, states } of model.functions.values()) {
      const given = states.map(({ name }) => name)
      at(path, () => checkGraph(graph, given))
    }
  } catch (error) {
    model.close()
    throw error
  }
  if (customLayers) model.customLayers = customLayers
  const expected = formatOfEnding(path)
  if (expected && expected !== model.format) {
    model.notes.push(`${basename(path)} is ${NAMES[model.format]}, although its ending is that of ${NAMES[expected]}`)
  }
  return model
}
