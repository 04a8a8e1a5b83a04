import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openModel } from '../../../src/formats/index.js'
import { array, encodeModel, layer, networkModel, scratch, writePackage } from '../../support/coreml.js'

const folder = scratch()
afterAll(() => folder.remove())

const model = encodeModel(networkModel({ layers: [layer('c', 'copy', ['x'], ['y'])], input: [array('x', [1])], output: [array('y', [1])] }))
const manifest = (path: unknown): string => JSON.stringify({ itemInfoEntries: { A: { path } }, rootModelIdentifier: 'A' })

describe('a package', () => {
  it('opens by its root model, and closes', async () => {
    const opened = await openModel(writePackage(folder, 'good.mlpackage', { model }))
    expect(opened).toMatchObject({ format: 'mlpackage', notes: [], metadata: { type: 'neuralNetwork', specificationVersion: '4' } })
    opened.close()
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no root', '{"itemInfoEntries":{}}'],
    ['no items', '{"rootModelIdentifier":"A"}'],
    ['a root that is no item', '{"itemInfoEntries":{},"rootModelIdentifier":"constructor"}'],
    ['an item without a path', manifest(undefined)],
    ['a path that is no text', manifest(7)],
    ['a path that leaves the package', manifest('../../good.mlpackage/Data/com.apple.CoreML/model.mlmodel')],
    ['an absolute path', manifest('/etc/hostname')],
    ['a path that is Data itself', manifest('.')],
  ])('with %s in its manifest is refused', async (_, text) => {
    const path = writePackage(folder, 'bad.mlpackage', { model, manifest: text })
    await expect(openModel(path)).rejects.toMatchObject({ code: 'MODEL_MANIFEST_BROKEN', where: expect.stringContaining('Manifest.json') })
  })

  it.each(['com.apple.CoreML/absent.mlmodel', 'com.apple.CoreML', 'a\0b'])('whose model file is missing is refused: %j', async (item) => {
    const path = writePackage(folder, 'absent.mlpackage', { model, manifest: manifest(item) })
    await expect(openModel(path)).rejects.toMatchObject({ code: 'MODEL_ROOT_MISSING' })
  })

  it('without a manifest is refused', async () => {
    const path = writePackage(folder, 'none.mlpackage', { model })
    rmSync(join(path, 'Manifest.json'))
    await expect(openModel(path)).rejects.toMatchObject({ code: 'MODEL_MANIFEST_MISSING', where: path })
  })
})
