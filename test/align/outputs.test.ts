import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../../kernels/tensor.js'
import { comparedTensors } from '../../src/align/outputs.js'
import { float32, sketchModel } from '../support/graphs.js'
import { noisy, pairSketch, summary, wave } from './pairing.js'

const [a, b, c] = [wave([1, 8], 1), wave([1, 8], 2), wave([1, 8], 3)]
const zeros = float32([1, 8], new Array(8).fill(0))
const ident = (...dims: number[]) => ({ dims, order: dims.map((_, axis) => axis) })

describe('outputs paired by name', () => {
  it('takes equal names before places and numbers', () => {
    const found = pairSketch({ source: [{ boxes: a, scores: b }], target: [{ scores: b, boxes: a }] })
    expect(summary(found)).toEqual(['boxes=boxes name', 'scores=scores name'])
  })
  it('takes aliases', () => {
    const found = pairSketch({
      source: [{ boxes: a, scores: b }],
      target: [{ var_2: b, var_1: a }],
      features: { var_1: { aliases: ['boxes'] }, var_2: { aliases: ['scores'] } },
    })
    expect(summary(found)).toEqual(['boxes=var_1 name', 'scores=var_2 name'])
  })
  it('takes numbers of a TensorFlow function, in whatever order the files list them', () => {
    const found = pairSketch({
      source: [{ 'StatefulPartitionedCall:1': b, 'StatefulPartitionedCall:0': a }],
      target: [{ Identity: a, Identity_1: b }],
    })
    expect(summary(found)).toEqual(['StatefulPartitionedCall:1=Identity_1 name', 'StatefulPartitionedCall:0=Identity name'])
  })
  it('believes no numbers that both shapes contradict', () => {
    const [wide, narrow] = [wave([1, 9], 1), wave([1, 4], 2)]
    const found = pairSketch({
      source: [{ 'PartitionedCall:0': wide, 'PartitionedCall:1': narrow }],
      target: [{ Identity: narrow, Identity_1: wide }],
    })
    expect(summary(found)).toEqual(['PartitionedCall:0=Identity_1 order', 'PartitionedCall:1=Identity order'])
  })
  it('takes sure names, and no name that is as like another', () => {
    const sure = pairSketch({
      source: [{ 'net/left/BiasAdd': a, 'net/right/BiasAdd': b }],
      target: [{ right_BiasAdd: b, left_BiasAdd: a }],
    })
    expect(summary(sure)).toEqual(['net/left/BiasAdd=left_BiasAdd name', 'net/right/BiasAdd=right_BiasAdd name'])
    const vague = pairSketch({ source: [{ head: a, tail: b }], target: [{ head_1: a, head_2: b }] })
    expect(summary(vague)).toEqual(['head=head_1 order', 'tail=head_2 order'])
  })
  it('follows the user, and says where the shapes differ', () => {
    const other = wave([1, 6], 4)
    const found = pairSketch({ source: [{ a, b }], target: [{ a: b, b: a, c: other }], map: { a: 'c' } })
    expect(summary(found)).toEqual(['a=c map shape', 'b=b name'])
    expect(found.pairs[0]!.differences).toEqual([{ kind: 'shape', source: [1, 8], target: [1, 6], samples: [0] }])
    expect(found.unpairedTarget.map(({ name }) => name)).toEqual(['a'])
  })
  it('calls nothing swapped that the user has mapped', () => {
    expect(summary(pairSketch({ source: [{ a, b }], target: [{ a, b }], map: { a: 'b', b: 'a' } }))).toEqual(['a=b map', 'b=a map'])
  })
})

describe('swapped outputs', () => {
  const source = { 'StatefulPartitionedCall:1': b, 'StatefulPartitionedCall:0': a }

  it('are said on both pairs, whose numbering is a promise', () => {
    const found = pairSketch({ source: [source], target: [{ Identity: b, Identity_1: a }] })
    expect(summary(found)).toEqual(['StatefulPartitionedCall:1=Identity_1 name swapped', 'StatefulPartitionedCall:0=Identity name swapped'])
    expect(found.pairs[1]!.differences).toEqual([
      { kind: 'swapped', with: { source: 'StatefulPartitionedCall:1', target: 'Identity_1' }, samples: [0] },
    ])
  })
  it('are found beneath rounding, and where shapes differ too', () => {
    const found = pairSketch({ source: [source], target: [{ Identity: noisy(b, 0.03), Identity_1: noisy(a, 0.03) }] })
    expect(summary(found).every((line) => line.endsWith('swapped'))).toBe(true)
    const long = wave([1, 12], 2)
    expect(summary(pairSketch({ source: [{ a, b: long }], target: [{ a: long, b: a }] }))).toEqual(['a=a name swapped', 'b=b name swapped'])
  })
  it('may be a ring of three', () => {
    const found = pairSketch({ source: [{ a, b, c }], target: [{ a: b, b: c, c: a }] })
    expect(found.pairs.map(({ differences: [first] }) => first)).toMatchObject([
      { kind: 'swapped', with: { source: 'b', target: 'c' } },
      { kind: 'swapped', with: { source: 'c', target: 'a' } },
      { kind: 'swapped', with: { source: 'a', target: 'b' } },
    ])
  })
  it('are no question where the numbers are equal, until a sample parts them', () => {
    const equal = { source: { 'PartitionedCall:0': zeros, 'PartitionedCall:1': zeros }, target: { Identity: zeros, Identity_1: zeros } }
    expect(summary(pairSketch({ source: [equal.source], target: [equal.target] }))).toEqual([
      'PartitionedCall:0=Identity name',
      'PartitionedCall:1=Identity_1 name',
    ])
    const later = { 'PartitionedCall:0': a, 'PartitionedCall:1': b }
    const right = pairSketch({ source: [equal.source, later], target: [equal.target, { Identity: a, Identity_1: b }] })
    expect(right.pairs.flatMap(({ differences }) => differences)).toEqual([])
    const wrong = pairSketch({ source: [equal.source, later], target: [equal.target, { Identity: b, Identity_1: a }] })
    expect(wrong.pairs.map(({ differences }) => differences)).toMatchObject([
      [{ kind: 'swapped', samples: [1] }],
      [{ kind: 'swapped', samples: [1] }],
    ])
  })
  it('are not a head that is wrong, nor one that is shown twice', () => {
    expect(summary(pairSketch({ source: [{ a, b }], target: [{ a: c, b }] }))).toEqual(['a=a name', 'b=b name'])
    expect(summary(pairSketch({ source: [{ a, b }], target: [{ a: b, b }] }))).toEqual(['a=a name', 'b=b name'])
    const sizes = pairSketch({ source: [{ a, b: wave([1, 12], 2) }], target: [{ a: wave([1, 12], 5), b: c }] })
    expect(summary(sizes)).toEqual(['a=a name shape', 'b=b name shape'])
    const near = noisy(a, 1e-3)
    expect(summary(pairSketch({ source: [{ a, b: near }], target: [{ a: noisy(a, 0.02), b: noisy(a, -0.02) }] }))).toEqual([
      'a=a name',
      'b=b name',
    ])
  })
})

describe('outputs whose names say nothing', () => {
  it('are paired by place before numbers, also where a head is wrong', () => {
    expect(summary(pairSketch({ source: [{ a, b }], target: [{ v1: a, v2: b }] }))).toEqual(['a=v1 order', 'b=v2 order'])
    expect(summary(pairSketch({ source: [{ a, b }], target: [{ v1: c, v2: b }] }))).toEqual(['a=v1 order', 'b=v2 order'])
    expect(summary(pairSketch({ source: [{ a, b }], target: [{ v1: zeros, v2: zeros }] }))).toEqual(['a=v1 order', 'b=v2 order'])
  })
  it('are paired by numbers where those agree in another order, which is no difference', () => {
    expect(summary(pairSketch({ source: [{ a, b }], target: [{ v1: b, v2: a }] }))).toEqual(['a=v2 value', 'b=v1 value'])
    const half = pairSketch({ source: [{ a, b }], target: [{ v1: noisy(b, 0.02), v2: noisy(a, 0.02) }] })
    expect(summary(half)).toEqual(['a=v2 value', 'b=v1 value'])
  })
  it('keep the order of a function that the source alone numbers', () => {
    const source = { 'StatefulPartitionedCall:1': zeros, 'StatefulPartitionedCall:0': a }
    expect(summary(pairSketch({ source: [source], target: [{ v1: c, v2: zeros }] }))).toEqual([
      'StatefulPartitionedCall:1=v2 order',
      'StatefulPartitionedCall:0=v1 order',
    ])
  })
  it('are told apart by shape', () => {
    const wide = wave([1, 9], 1)
    expect(summary(pairSketch({ source: [{ a, wide }], target: [{ v1: wide, v2: a }] }))).toEqual(['a=v2 order', 'wide=v1 order'])
  })
  it('are told apart by numbers or alignment where one side has more', () => {
    const more = pairSketch({ source: [{ a, b }], target: [{ v1: c, v2: a, v3: b }] })
    expect(summary(more)).toEqual(['a=v2 value', 'b=v3 value'])
    expect(more.unpairedTarget.map(({ name }) => name)).toEqual(['v1'])
    const fewer = pairSketch({ source: [{ a, b }], target: [{ v1: b }] })
    expect(summary(fewer)).toEqual(['b=v1 value'])
    expect(fewer.unpairedSource.map(({ name }) => name)).toEqual(['a'])
    const guessed = pairSketch({
      source: [{ a, b }],
      target: [{ v1: c }],
      pairs: [{ source: 'b', target: 'v1', layout: ident(8), equal: false }],
    })
    expect(summary(guessed)).toEqual(['b=v1 value'])
  })
  it('are paired as the last of both sides, whatever their shapes', () => {
    expect(summary(pairSketch({ source: [{ a }], target: [{ v1: wave([1, 9], 1) }] }))).toEqual(['a=v1 order shape'])
  })
  it('leave labels to their probabilities', () => {
    const label: Tensor = tensor('string', [1], ['cat'])
    const found = pairSketch({
      source: [{ out: a }],
      target: [{ classLabel: label, probs: float32([8], [...a.data]) }],
      features: { classLabel: { kind: 'label' }, probs: { kind: 'probabilities' } },
    })
    expect(summary(found)).toEqual(['out=probs order'])
    expect(found.unpairedTarget).toEqual([])
  })
})

describe('outputs in parts', () => {
  const whole = wave([1, 3, 5], 7)
  const cut = (start: number, end: number) =>
    float32(
      [1, 3, end - start],
      [0, 1, 2].flatMap((row) => [...whole.data.slice(row * 5 + start, row * 5 + end)]),
    )

  it('are split heads, in any order, named or not', () => {
    for (const target of [
      { v1: cut(3, 5), v2: cut(0, 3) },
      { whole: cut(3, 5), v2: cut(0, 3) },
    ]) {
      const found = pairSketch({ source: [{ whole }], target: [target] })
      const [last, first] = Object.keys(target)
      expect(summary(found)).toEqual([`whole=${first} value parts`, `whole=${last} value parts`])
      expect(found.pairs[0]!.differences).toEqual([{ kind: 'parts', whole: 'source', of: [first, last], axis: 2, samples: [0] }])
      expect(found.pairs[1]!.slice).toEqual({ of: 'source', axis: 2, start: 3, end: 5 })
      expect([found.unpairedSource, found.unpairedTarget]).toEqual([[], []])
      const compared = comparedTensors(found.pairs[1]!, whole, cut(3, 5))
      expect(compared.source).toEqual(compared.target)
    }
  })
  it('leave who was paired with a part by name alone to another partner', () => {
    const other = wave([1, 3, 4], 8)
    const found = pairSketch({ source: [{ whole, other }], target: [{ other: cut(3, 5), v2: cut(0, 3), v3: other }] })
    expect(summary(found)).toEqual(['whole=v2 value parts', 'whole=other value parts', 'other=v3 order'])
  })
  it('are joined heads', () => {
    const found = pairSketch({ source: [{ a: cut(0, 3), b: cut(3, 5) }], target: [{ all: whole }] })
    expect(summary(found)).toEqual(['a=all value parts', 'b=all value parts'])
    expect(found.pairs[0]!.differences).toEqual([{ kind: 'parts', whole: 'target', of: ['a', 'b'], axis: 2, samples: [0] }])
    expect(found.pairs[0]!.slice).toEqual({ of: 'target', axis: 2, start: 0, end: 3 })
  })
  it('are none whose numbers or lengths do not fit', () => {
    const found = pairSketch({ source: [{ whole }], target: [{ v1: wave([1, 3, 2], 9), v2: cut(0, 3) }] })
    expect(found.pairs).toEqual([])
    expect(found.unpairedSource).toHaveLength(1)
    const gap = pairSketch({ source: [{ whole }], target: [{ v1: cut(0, 2), v2: cut(3, 5) }] })
    expect(gap.pairs).toEqual([])
  })
})

describe('a target that goes on', () => {
  const input = { x: { dtype: 'float32', shape: [4] } } as const
  const model = (ops: string[], shape: number[]) =>
    sketchModel(
      { x: { ...input.x, shape: [4] } },
      ['linear', ...ops].map((type, i) => ({ type, inputs: { x: i === 0 ? 'x' : `t${i - 1}` }, output: `t${i}`, shape })),
      [`t${ops.length}`],
    )
  const pairs = (equal: boolean) => [{ source: 'out', target: 't0', layout: ident(8), equal }]

  it('is compared at its inner value where its output has another size', () => {
    const found = pairSketch({
      source: [{ out: a, rest: b }],
      target: [{ t2: wave([1, 3], 5) }],
      models: { target: model(['softmax', 'topk'], [1, 3]) },
      pairs: pairs(true),
    })
    expect(summary(found)).toEqual(['out=t2 value longer'])
    expect(found.pairs[0]).toMatchObject({ value: 't0', differences: [{ kind: 'longer', at: 't0', ops: 2, types: ['softmax', 'topk'] }] })
    expect(found.unpairedSource.map(({ name }) => name)).toEqual(['rest'])
    expect(found.unpairedTarget).toEqual([])
  })
  it('is compared at its inner value where its output shows another one of the source', () => {
    const sketch = { source: [{ out: a, last: b }], target: [{ t1: b }], models: { target: model(['softmax'], [1, 8]) } }
    const last = { source: 'last', target: 't1', layout: ident(8), equal: true }
    const found = pairSketch({ ...sketch, pairs: [...pairs(true), last] })
    expect(summary(found)).toEqual(['out=t1 value longer', 'last=t1 value'])
    expect(found.pairs.map(({ value }) => value)).toEqual(['t0', 't1'])
    expect(summary(pairSketch({ ...sketch, pairs: [last] }))).toEqual(['last=t1 value'])
  })
  it('says so, and the shapes too, where the user names the output', () => {
    const found = pairSketch({
      source: [{ out: a }],
      target: [{ t1: wave([1, 3], 5) }],
      models: { target: model(['topk'], [1, 3]) },
      pairs: pairs(true),
      map: { out: 't1' },
    })
    expect(summary(found)).toEqual(['out=t1 map shape longer'])
    expect(found.pairs[0]!.value).toBe('t0')
  })
  it('is compared at its output where that can be, and the fact is said', () => {
    const sketch = { source: [{ out: a }], target: [{ t1: b }], models: { target: model(['softmax'], [1, 8]) } }
    const found = pairSketch({ ...sketch, pairs: pairs(true) })
    expect(summary(found)).toEqual(['out=t1 order longer'])
    expect(found.pairs[0]!.value).toBe('t1')
    expect(summary(pairSketch({ ...sketch, pairs: pairs(false) }))).toEqual(['out=t1 order'])
    const copies = { t1: { source: 'out', layout: ident(8) } }
    expect(summary(pairSketch({ ...sketch, pairs: pairs(true), copies }))).toEqual(['out=t1 order'])
  })
  it('does not where its output agrees, or only moves elements about', () => {
    const softmax = { target: model(['softmax'], [1, 8]) }
    expect(summary(pairSketch({ source: [{ out: a }], target: [{ t1: a }], models: softmax, pairs: pairs(true) }))).toEqual([
      'out=t1 order',
    ])
    const moved = { target: model(['transpose', 'cast'], [1, 8]) }
    expect(summary(pairSketch({ source: [{ out: a }], target: [{ t2: b }], models: moved, pairs: pairs(true) }))).toEqual(['out=t2 order'])
  })
})
