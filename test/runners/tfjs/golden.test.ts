/** The golden cases of golden/tflite. */
import { describe, it } from 'vitest'
import { expectTensor } from '../coreml/golden.js'
import { runCase, tfliteCases } from './golden.js'

describe('golden cases', () => {
  it.each(tfliteCases().map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const results = await runCase(one)
    one.expected.forEach((golden, i) => {
      expectTensor(results[i]!, golden, one.tolerance)
    })
  })
})
