import { describe, expect, it } from 'vitest'
import { namesOf, shortNames } from '../../reports/names.js'
import { failing, layer, passing } from './sample-record.js'

const short = (...names: string[]): string[] => names.map(shortNames(names))

describe('short names', () => {
  it.each([
    ['the last component', ['net/block/Relu', 'net/block/Conv'], ['Relu', 'Conv']],
    ['of the first of several paths', ['net/a/Relu;net/b/BatchNorm;net/c/Conv'], ['Relu']],
    ['longer where two share it', ['net/a/Relu', 'net/b/Relu', 'net/Conv'], ['a/Relu', 'b/Relu', 'Conv']],
    ['longer still where they share that too', ['x/a/b/Relu', 'y/a/b/Relu'], ['x/a/b/Relu', 'y/a/b/Relu']],
    ['whole where only later paths tell them apart', ['a/b;a/c', 'a/b;a/d', 'a/b'], ['a/b;a/c', 'a/b;a/d', 'a/b']],
    ['never that of another name', ['Relu', 'a/Relu', 'b/a/Relu'], ['Relu', 'a/Relu', 'b/a/Relu']],
    ['never empty', ['a/', '', ';x'], ['a/', '', ';x']],
    ['without a path as it is', ['StatefulPartitionedCall:0'], ['StatefulPartitionedCall:0']],
  ])('%s', (_, names, expected) => {
    expect(short(...names)).toEqual(expected)
  })

  it('tell all names apart', () => {
    const parts = ['a', 'b', 'c']
    const names = parts.flatMap((x) => parts.flatMap((y) => [`${x}/${y}`, `${x}/${y};c`, `${y}/${x}/a`, x]))
    const distinct = [...new Set(names)]
    expect(new Set(short(...distinct)).size).toBe(distinct.length)
  })

  it('leave a name whole that they do not know', () => {
    expect(shortNames(['a/b'])('c/d')).toBe('c/d')
  })
})

describe('names of a pair', () => {
  const pair = (source: string, target: string): string =>
    namesOf({ ...passing, layers: [layer(0, 0, 'ok', { source, target }), layer(1, 0, 'ok', { source: 'other/Relu' })] }).pair(
      source,
      target,
    )

  it.each([
    ['a converter wrote it with other characters', 'net/conv/Conv2D;net/bias', 'net_conv_Conv2D', 'Conv2D'],
    ['it is the same path', 'net/conv/Conv2D', 'net/conv/Conv2D', 'Conv2D'],
    ['the last component is the same', 'net/half/add', 'net_1/half/add', 'add'],
    ['a converter put something before a digit', '3/x', '_3_x', 'x'],
  ])('one where %s', (_, source, target, expected) => {
    expect(pair(source, target)).toBe(expected)
  })

  it('both where the target has another', () => {
    expect(pair('net/a/Relu', 'var_12')).toBe('a/Relu → var_12')
    expect(pair('東', '京')).toBe('東 → 京')
  })

  it('come from the sides apart', () => {
    const names = namesOf(failing)
    expect(names.source('model/pad/MirrorPad')).toBe('MirrorPad')
    expect(names.either('model/pad/MirrorPad')).toBe('MirrorPad')
    expect(names.target('model/pad/MirrorPad')).toBe('model/pad/MirrorPad')
  })
})
