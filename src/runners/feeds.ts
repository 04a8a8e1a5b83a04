/** Which of a model's inputs a caller's tensors are for: by name, or by an alias. */
import type { Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { InputFeature } from '../graph/model.js'

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ') || 'none'

/**
 * The tensors by input, in the order of the inputs; an input that nothing is given for is not among them.
 * @throws ParityError INPUT_UNKNOWN for a tensor that no input takes
 */
export function feedsByInput(feeds: Record<string, Tensor>, inputs: readonly InputFeature[]): Map<InputFeature, Tensor> {
  const unused = new Set(Object.keys(feeds))
  const found = new Map<InputFeature, Tensor>()
  for (const input of inputs) {
    const name = [input.name, ...(input.aliases ?? [])].find((one) => feeds[one] !== undefined)
    if (name === undefined) continue
    unused.delete(name)
    found.set(input, feeds[name]!)
  }
  const [unknown] = unused
  if (unknown === undefined) return found
  throw new ParityError('INPUT_UNKNOWN', {
    what: `the model has no input '${unknown}'`,
    remedy: `It takes ${quoted(inputs.map(({ name }) => name))}`,
  })
}

export const missingInput = ({ name }: InputFeature, feeds: Record<string, Tensor>, inputs: readonly InputFeature[]): ParityError =>
  new ParityError('INPUT_MISSING', {
    what: `no tensor for the input '${name}'`,
    remedy: `The model takes ${quoted(inputs.map((one) => one.name))}; given: ${quoted(Object.keys(feeds))}`,
  })
