import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { repeated } from '../../src/inputs/batch.js'
import { prepareFeeds } from '../../src/inputs/feeds.js'
import { array, image, model, refusal, useFolder } from './files.js'

const folder = useFolder()
const ramp = (shape: number[]) => ({
  dtype: 'float32' as const,
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
})
const float = (name: string, ...shape: (number | null)[]) => array(name, 'float32', shape)
const feedsOf = (source: ReturnType<typeof float>[], target: ReturnType<typeof float>[], path: string) => {
  const prepared = prepareFeeds({ source: model('tflite', source), target: model('mlpackage', target), inputs: [path] })
  return { all: [...prepared.samples], batch: prepared.batch, notes: prepared.notes, mapping: prepared.mapping }
}

describe('a batch of another size', () => {
  it('repeats each sample for the side that takes more, and says so', () => {
    const { all, batch, notes } = feedsOf([float('x', 4, 2, 3)], [float('x', 1, 2, 3)], folder.npy('one.npy', ramp([1, 2, 3])))
    expect(batch).toEqual({ side: 'source', times: 4, size: 1, inputs: new Set(['x']) })
    expect(all).toHaveLength(1)
    expect(all[0]!.source['x']).toMatchObject({ shape: [4, 2, 3] })
    expect(Array.from(all[0]!.source['x']!.data as Float32Array)).toEqual([0, 1, 2, 3].flatMap(() => [0, 1, 2, 3, 4, 5]))
    expect(all[0]!.target['x']).toEqual(ramp([1, 2, 3]))
    expect(notes).toEqual([
      "'x' of the source takes 4 samples a run, 4 times as many as the other side: it is fed each sample 4 times, and the first of its results is compared",
    ])
  })
  it('cuts an array of several samples as the smaller batch has them', () => {
    const { all } = feedsOf([float('x', 1, 2, 3)], [float('x', 3, 2, 3)], folder.npy('three.npy', ramp([3, 2, 3])))
    expect(all.map(({ source }) => source['x']!.data[0])).toEqual([0, 6, 12])
    expect(all.map(({ target }) => target['x']!.shape)).toEqual([1, 2, 3].map(() => [3, 2, 3]))
  })
  it('is found beside a picture, and for channels in another place', () => {
    const picture = feedsOf(
      [float('x', 2, 4, 5, 3)],
      [image('x', 'RGB', 4, 5, { scale: 1, bias: [0, 0, 0] })],
      folder.npy('p.npy', ramp([1, 4, 5, 3])),
    )
    expect(picture.batch).toMatchObject({ side: 'source', times: 2 })
    expect(feedsOf([float('a', 1, 4, 5, 3)], [float('b', 2, 3, 4, 5)], folder.npy('c.npy', ramp([1, 4, 5, 3]))).batch).toMatchObject({
      side: 'target',
      times: 2,
    })
  })
  it('is none where the shapes fit, or part in more', () => {
    expect(feedsOf([float('x', 4, 2, 3)], [float('x', 4, 2, 3)], folder.npy('four.npy', ramp([4, 2, 3]))).batch).toBeUndefined()
    expect(feedsOf([float('x', null, 2, 3)], [float('x', 4, 2, 3)], folder.npy('open.npy', ramp([4, 2, 3]))).batch).toBeUndefined()
    expect(refusal(() => feedsOf([float('x', 4, 2, 3)], [float('x', 3, 2, 3)], folder.path('four.npy')))).toMatchObject({
      code: 'INPUT_SHAPE',
    })
    expect(refusal(() => feedsOf([float('x', 8)], [float('x', 1)], folder.npy('flat.npy', ramp([8]))))).toMatchObject({
      code: 'INPUT_SHAPE',
    })
  })
})

describe('repeated', () => {
  it('repeats along any axis, and a scalar as an array', () => {
    expect(repeated(tensor('int32', [2, 2], Int32Array.of(1, 2, 3, 4)), 2, 1)).toEqual(
      tensor('int32', [2, 4], Int32Array.of(1, 2, 1, 2, 3, 4, 3, 4)),
    )
    expect(repeated(tensor('string', [], ['a']), 3, 0)).toEqual(tensor('string', [3], ['a', 'a', 'a']))
  })
  it('keeps both parts of a complex number together', () => {
    expect(repeated(tensor('complex64', [1], Float32Array.of(1, 2)), 2, 0)).toEqual(tensor('complex64', [2], Float32Array.of(1, 2, 1, 2)))
  })
})
