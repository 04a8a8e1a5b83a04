/** Loads the user's modules for custom layers. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ParityError } from '../../graph/errors.js'
import type { Node } from '../../graph/graph.js'
import type { CustomLayer } from './op.js'

/** The class that a node leaves its work to: of a network's custom layer, or of an ML Program's custom op; undefined where it is neither. */
export function customClassOf({ type, dialect, attributes }: Node): string | undefined {
  if (dialect.name === 'neuralnetwork' && type === 'custom') return String(attributes['className'] ?? '')
  if (dialect.name === 'mil' && type === 'custom_layer') return String(attributes['class_name'] ?? '')
  return undefined
}

/** What a custom layer is called in messages, and how it is given. */
export const spellCustom = (className: string): { code: 'UNSUPPORTED_CUSTOM_LAYER'; what: string; remedy: string } => ({
  code: 'UNSUPPORTED_CUSTOM_LAYER',
  what: `the custom layer '${className}' has no implementation`,
  remedy: `Give one with --custom-layer ${className}=MODULE.js`,
})

/** Modules by class name; each exports as default an object with `evaluate`. @throws ParityError INPUT_CUSTOM_LAYER */
export async function loadCustomLayers(modules: Record<string, string>): Promise<ReadonlyMap<string, CustomLayer>> {
  const layers = new Map<string, CustomLayer>()
  for (const [className, path] of Object.entries(modules)) {
    let loaded: { default?: unknown }
    try {
      loaded = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown }
    } catch (error) {
      throw new ParityError('INPUT_CUSTOM_LAYER', {
        what: `the module for custom layer '${className}' cannot be loaded: ${(error as Error).message}`,
        where: path,
        remedy: 'Give a JavaScript module: --custom-layer CLASS=MODULE.js',
        cause: error,
      })
    }
    const layer = loaded.default as Partial<CustomLayer> | undefined
    if (typeof layer?.evaluate !== 'function') {
      throw new ParityError('INPUT_CUSTOM_LAYER', {
        what: `the module for custom layer '${className}' has no default export with a function 'evaluate'`,
        where: path,
        remedy: 'Export { evaluate({ inputs, weights, parameters }) { return [outputTensors] } } as default',
      })
    }
    layers.set(className, layer as CustomLayer)
  }
  return layers
}
