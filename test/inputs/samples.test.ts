import { mkdirSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { encodeNpy } from '../../src/inputs/decoders/npy.js'
import { Notes } from '../../src/inputs/notes.js'
import { collectSamples } from '../../src/inputs/samples.js'
import { pixels, ramp, refusal, useFolder } from './files.js'

const folder = useFolder()

function collect(...paths: string[]) {
  const notes = new Notes()
  const samples = collectSamples(paths, notes).map(({ name, items }) => ({
    name: relative(folder.path(''), name),
    items: items.map((item) => ({ name: item.name, kind: item.content.kind })),
  }))
  return { samples, notes: notes.list() }
}

describe('collectSamples', () => {
  it('orders what lies in a folder by name, numbers as numbers, and leaves out what is no sample', () => {
    for (const name of ['order/10.npy', 'order/9.npy', 'order/2.npy']) folder.npy(name, ramp([2]))
    folder.write('order/.hidden', 'x')
    folder.write('order/readme.md', '# no sample')
    folder.write('order/1.bin', Uint8Array.of(1, 2))
    mkdirSync(folder.path('order/empty'))
    const { samples, notes } = collect(folder.path('order'))
    expect(samples.map(({ name }) => name)).toEqual(['order/1.bin', 'order/2.npy', 'order/9.npy', 'order/10.npy'])
    expect(notes).toEqual([
      `a folder without samples is left out (${folder.path('order/empty')})`,
      `a file that is no sample is left out (${folder.path('order/readme.md')})`,
    ])
  })

  it('tells a Git LFS pointer from a sample, and leaves one out that is none', () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n'
    for (const name of ['lfs/a.bin', 'lfs/a.npy']) {
      const error = refusal(() => collect(folder.write(name, pointer)))
      expect([error.code, error.what, error.remedy]).toEqual([
        'INPUT_KIND',
        expect.stringMatching(/Git LFS/),
        expect.stringMatching(/git lfs pull/),
      ])
    }
    folder.npy('beside/a.npy', ramp([2]))
    folder.write('beside/weights.h5', pointer)
    expect(collect(folder.path('beside')).samples).toHaveLength(1)
  })

  it('keeps the order of paths that are given one by one', () => {
    const paths = ['given/b.npy', 'given/a.npy'].map((name) => folder.npy(name, ramp([2])))
    expect(collect(...paths).samples.map(({ name }) => name)).toEqual(['given/b.npy', 'given/a.npy'])
  })

  it('names the inputs by member, key or file', () => {
    folder.npz('kinds/1.npz', { x: ramp([2]), 'y/z': ramp([3]) })
    folder.write('kinds/2.json', '{"x": [1], "y": [2]}')
    folder.npy('kinds/3/x.npy', ramp([2]))
    folder.png('kinds/3/photo.v2.png', pixels(2, 2))
    folder.write('kinds/4.json', '[1]')
    expect(collect(folder.path('kinds')).samples.map(({ items }) => items)).toEqual([
      [
        { name: 'x', kind: 'array' },
        { name: 'y/z', kind: 'array' },
      ],
      [
        { name: 'x', kind: 'array' },
        { name: 'y', kind: 'array' },
      ],
      [
        { name: 'photo.v2', kind: 'picture' },
        { name: 'x', kind: 'array' },
      ],
      [{ name: null, kind: 'array' }],
    ])
  })

  it('lets the bytes decide, and says where the name says otherwise', () => {
    const path = folder.write('wrong.png', encodeNpy(ramp([2])))
    const { samples, notes } = collect(path)
    expect(samples[0]?.items).toEqual([{ name: null, kind: 'array' }])
    expect(notes).toEqual([`the name ends in .png, the bytes are a .npy array (${path})`])
  })

  it('takes a file of unknown bytes as raw where it is named', () => {
    expect(collect(folder.write('numbers', Uint8Array.of(1, 2, 3))).samples[0]?.items).toEqual([{ name: null, kind: 'raw' }])
  })

  it('reads rows of what an archive holds', () => {
    const [sample] = collectSamples([folder.npz('rows.npz', { x: ramp([4, 2]) })], new Notes())
    const content = sample!.items[0]!.content
    expect(content.kind === 'array' && content.shape).toEqual([4, 2])
    expect(content.kind === 'array' && content.read(2, 1)).toEqual(tensor('float32', [1, 2], Float32Array.of(4, 5)))
    expect(content.kind === 'array' && content.read()).toEqual(ramp([4, 2]))
  })

  it.each<[string, () => string, string, RegExp]>([
    ['a path that is not there', () => folder.path('absent'), 'INPUT_UNREADABLE', /absent' does not exist/],
    ['a path inside a file', () => `${folder.npy('a.npy', ramp([1]))}/b`, 'INPUT_UNREADABLE', /does not exist/],
    ['a device', () => '/dev/null', 'INPUT_UNREADABLE', /neither a file nor a folder/],
    ['an empty file', () => folder.write('empty.npy', ''), 'INPUT_EMPTY', /is empty/],
    ['a folder without samples', () => folder.write('none/readme.md', 'x').replace('/readme.md', ''), 'INPUT_EMPTY', /holds no sample/],
    [
      'bytes that are not what the name says',
      () => folder.write('fake.jpg', 'not a picture'),
      'INPUT_KIND',
      /is not a JPEG picture, as its name says/,
    ],
    [
      'a picture of another kind',
      () => folder.write('x.webp', 'RIFF\0\0\0\0WEBPVP8 '),
      'INPUT_KIND',
      /is a WebP picture, PNG and JPEG are read/,
    ],
    ['a broken header', () => folder.write('broken.npy', encodeNpy(ramp([4])).subarray(0, 20)), 'INPUT_NPY', /cut off/],
    ['a broken archive', () => folder.write('broken.npz', 'PK\x03\x04'), 'INPUT_NPZ', /cannot be unpacked/],
    ['broken JSON', () => folder.write('broken.json', '[1, '), 'INPUT_JSON', /no JSON/],
  ])('refuses %s', (_, path, code, message) => {
    const error = refusal(() => collect(path()))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })
})
