import { expect, test } from 'vitest'
import { milOps } from '../../../src/runners/coreml/mil/index.js'
import { layerOps } from '../../../src/runners/coreml/nn/index.js'
import { layerFields, programGaps, programParameters, usesByRow } from './coverage.js'

const uses = await usesByRow()
test('x', () => {
  let n = 0,
    g = 0
  for (const row of milOps) {
    const u = uses.get(row) ?? []
    const gaps = programGaps(row, u)
    n += programParameters(row).length
    g += gaps.length
    if (!u.length || gaps.length) console.log('MIL', row.type, row.since, u.length, gaps.join(' ; '))
  }
  console.log(milOps.length, n, g)
  n = 0
  g = 0
  for (const row of layerOps) {
    const u = uses.get(row) ?? []
    const f = layerFields(row, u)
    const gaps = f.filter((x) => !x.covered).map((x) => x.path)
    n += f.length
    g += gaps.length
    if (!u.length || gaps.length) console.log('NN', row.type, u.length, gaps.join(' ; '))
  }
  console.log(layerOps.length, n, g)
})
