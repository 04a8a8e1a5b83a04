/** Draws from distributions by a source of uniform numbers in [0, 1). Each element takes its numbers in row-major order. */

export type Uniform = () => number

/** Uniform in [low, high); `low` where both are equal. */
export function drawUniform(count: number, low: number, high: number, uniform: Uniform): Float32Array {
  const out = new Float32Array(count)
  for (let i = 0; i < count; i++) out[i] = low + (high - low) * uniform()
  return out
}

/** Normal, by Box and Muller's transform of pairs. */
export function drawNormal(count: number, mean: number, deviation: number, uniform: Uniform): Float32Array {
  const out = new Float32Array(count)
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    out[i] = mean + deviation * radius * Math.cos(angle)
    if (i + 1 < count) out[i + 1] = mean + deviation * radius * Math.sin(angle)
  }
  return out
}

/** 1 with the given probability, else 0. */
export function drawBernoulli(count: number, probability: number, uniform: Uniform): Float32Array {
  const out = new Float32Array(count)
  for (let i = 0; i < count; i++) out[i] = uniform() < probability ? 1 : 0
  return out
}

/**
 * Indices drawn with replacement, [rows, samples], from rows of `logits` [rows, classes]: the share of a class is the softmax of its row.
 * NaN and -Infinity have no share; a row without any share draws its last class.
 */
export function drawCategorical(logits: Float32Array, classes: number, samples: number, uniform: Uniform): Float32Array {
  const rows = classes === 0 ? 0 : logits.length / classes
  const out = new Float32Array(rows * samples)
  const cumulative = new Float64Array(classes)
  for (let row = 0; row < rows; row++) {
    const from = row * classes
    let largest = -Infinity
    for (let k = 0; k < classes; k++) largest = logits[from + k]! > largest ? logits[from + k]! : largest
    let total = 0
    for (let k = 0; k < classes; k++) {
      const logit = logits[from + k]!
      total += logit === largest ? 1 : Math.exp(logit - largest) || 0
      cumulative[k] = total
    }
    for (let sample = 0; sample < samples; sample++) {
      const mark = uniform() * total
      let index = 0
      while (index < classes - 1 && cumulative[index]! <= mark) index++
      out[row * samples + sample] = index
    }
  }
  return out
}
