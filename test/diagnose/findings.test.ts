import { expect, it } from 'vitest'
import { shortApart } from '../../src/diagnose/findings.js'

it.each<[number, number, [string, string]]>([
  [1.6234, 1.6241, ['1.623', '1.624']],
  [1.5, 2.5, ['1.5', '2.5']],
  [1.62, 1.62, ['1.62', '1.62']],
  [2, 2 + 2 ** -51, ['2', '2.0000000000000004']],
  [1.2e-7, 1.2000001e-7, ['1.2e-7', '1.2000001e-7']],
  [Infinity, 3, ['Infinity', '3']],
])('%s and %s are told apart where they differ', (a, b, texts) => {
  expect(shortApart(a, b)).toEqual(texts)
})
