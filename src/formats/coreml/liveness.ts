/**
 * Which values cross the border of a control flow layer. Networks inside `loop` and `branch` read and write the values of the network
 * around them by name; a name that they write counts as a result of the layer only where somebody reads it later.
 */
import type { NeuralNetwork, NeuralNetworkLayer } from '../../../proto/coreml/reader.js'

type Names = ReadonlySet<string>

/** A function of a network that is computed once for each. */
function memoized(compute: (network: NeuralNetwork) => Names): (network: NeuralNetwork) => Names {
  const results = new WeakMap<NeuralNetwork, Names>()
  return (network) => {
    let names = results.get(network)
    if (!names) results.set(network, (names = compute(network)))
    return names
  }
}

function networksOf({ loop, branch }: NeuralNetworkLayer): NeuralNetwork[] {
  const networks = loop ? [loop.conditionNetwork, loop.bodyNetwork] : [branch?.ifBranch, branch?.elseBranch]
  return networks.filter((network) => network != null)
}

/** Names that a network writes, those of the networks within it included. */
const written = memoized(({ layers }) => new Set(layers.flatMap((layer) => [...layer.output, ...writtenInside(layer)])))

const writtenInside = (layer: NeuralNetworkLayer): string[] => networksOf(layer).flatMap((network) => [...written(network)])

/** Names that a network reads before it writes them. */
const readFirst: (network: NeuralNetwork) => Names = memoized(({ layers }) =>
  layers.reduceRight<Names>((live, layer) => liveBefore(layer, live), new Set()),
)

const readInside = (layer: NeuralNetworkLayer): string[] => networksOf(layer).flatMap((network) => [...readFirst(network)])

/** A loop or branch may run none of its networks, so what is live after it is live before. */
function liveBefore(layer: NeuralNetworkLayer, after: Names): Names {
  const before = new Set(after)
  for (const name of layer.output) before.delete(name)
  for (const name of [...layer.input, ...readInside(layer)]) before.add(name)
  return before
}

/** Whether a layer may leave the loop around it. */
const leavesLoop = (layer: NeuralNetworkLayer): boolean =>
  layer.layer === 'loopBreak' ||
  layer.layer === 'loopContinue' ||
  (layer.layer === 'branch' && networksOf(layer).some(({ layers }) => layers.some(leavesLoop)))

/**
 * Names that the layers behind each layer read before they write them. `wanted` are read at the end, `loop`, the variables of the loop
 * around, wherever it may be left.
 */
export function liveAfter(layers: readonly NeuralNetworkLayer[], wanted: Names, loop: readonly string[]): Names[] {
  const result = new Array<Names>(layers.length)
  let live = wanted
  for (let i = layers.length - 1; i >= 0; i--) {
    result[i] = live
    live = liveBefore(layers[i]!, live)
    if (loop.length > 0 && leavesLoop(layers[i]!)) live = new Set([...live, ...loop])
  }
  return result
}

/** Names that a loop or branch writes and somebody reads later: after the layer, or in the loop's next network or iteration. */
export function variablesOf(layer: NeuralNetworkLayer, after: Names): string[] {
  const live = new Set(after)
  if (layer.loop) for (const name of [layer.loop.conditionVar, ...readInside(layer)]) live.add(name)
  return [...new Set(writtenInside(layer))].filter((name) => live.has(name))
}
