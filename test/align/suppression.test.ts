/** Detectors whose target goes on with a suppression: its outputs are a choice among the source's boxes and scores. */
import { describe, expect, it } from 'vitest'
import { chosenFrom } from '../../src/align/output-tail.js'
import type { Dialect } from '../../src/graph/graph.js'
import type { Model } from '../../src/graph/model.js'
import { relationsOf } from '../../src/graph/relations.js'
import { float32, MIL, sketchModel } from '../support/graphs.js'
import { noisy, pairSketch, summary, wave } from './pairing.js'

const NETWORK: Dialect = { name: 'neuralnetwork', version: '4' }
const COREML: Dialect = { name: 'coreml', version: '4' }

/** Boxes and scores, moved about, a suppression, and its two results moved about again. */
function detector(type: string, parameters: readonly [boxes: string, scores: string], dialect: Dialect): Model {
  const step = (kind: string, from: string, output: string) => ({
    type: kind,
    inputs: { ...(kind === 'squeeze' && { axes: float32([1], [0]) }), x: from },
    output,
  })
  const model = sketchModel(
    { x: { dtype: 'float32', shape: [4] } },
    [
      step('linear', 'x', 'raw_boxes'),
      step('linear', 'x', 'raw_scores'),
      step('squeeze', 'raw_boxes', 'flat_boxes'),
      step('squeeze', 'raw_scores', 'flat_scores'),
      step(type, 'flat_boxes', 'kept_boxes'),
      step('squeeze', 'kept_boxes', 'boxes'),
      step('squeeze', 'kept_scores', 'scores'),
    ],
    ['scores', 'boxes'],
    dialect,
  )
  const inputs = [
    { parameter: parameters[0], value: 'flat_boxes' },
    { parameter: parameters[1], value: 'flat_scores' },
  ]
  const outputs = ['kept_boxes', 'kept_scores']
  model.graph.nodes[4] = { ...model.graph.nodes[4]!, inputs: dialect === MIL ? inputs.reverse() : inputs, outputs }
  model.graph.values.set('kept_scores', { name: 'kept_scores', dtype: 'float32', shape: null })
  return model
}

const DETECTORS: [string, Model][] = [
  ['a model of its own', detector('nonMaximumSuppression', ['coordinates', 'confidence'], COREML)],
  ['a layer', detector('NonMaximumSuppression', ['input', 'input'], NETWORK)],
  ['an op', detector('non_maximum_suppression', ['boxes', 'scores'], MIL)],
]

const ident = (...dims: number[]) => ({ dims, order: dims.map((_, axis) => axis) })
const [boxes, scores] = [wave([1, 6, 4], 1), wave([1, 6, 4], 2)]
const pairs = (equal: boolean) => [
  { source: 'out_0', target: 'raw_boxes', layout: ident(6, 4), equal },
  { source: 'out_1', target: 'raw_scores', layout: ident(6, 4), equal },
]

describe.each(DETECTORS)('a suppression that is %s', (_, target) => {
  it('gives rows of the boxes, and rows of the scores', () => {
    const relations = relationsOf(target.graph)
    expect([...chosenFrom(relations, 'boxes')]).toEqual(['flat_boxes', 'raw_boxes'])
    expect([...chosenFrom(relations, 'scores')]).toEqual(['flat_scores', 'raw_scores'])
    expect([...chosenFrom(relations, 'flat_boxes')]).toEqual([])
  })

  it.each([6, 2])('is compared before it, whether or not it leaves fewer boxes: %i of 6', (rows) => {
    const kept = { scores: wave([rows, 4], 5), boxes: wave([rows, 4], 6) }
    const found = pairSketch({ source: [{ out_0: boxes, out_1: scores }], target: [kept], models: { target }, pairs: pairs(true) })
    expect(summary(found)).toEqual(['out_0=boxes value longer', 'out_1=scores value longer'])
    expect(found.pairs.map(({ value }) => value)).toEqual(['raw_boxes', 'raw_scores'])
    expect(found.pairs[0]!.differences).toMatchObject([{ at: 'raw_boxes', ops: 1, types: [target.graph.nodes[4]!.type] }])
    expect(found.unpairedTarget).toEqual([])
  })

  it('is compared before it where the boxes differ, and where outputs have the same names', () => {
    const kept = { scores: noisy(scores, 0.1), boxes: noisy(boxes, 0.1) }
    const sketch = { target: [kept], models: { target } }
    const found = pairSketch({ ...sketch, source: [{ out_0: boxes, out_1: scores }], pairs: pairs(false) })
    expect(found.pairs.map(({ value }) => value)).toEqual(['raw_boxes', 'raw_scores'])
    const named = [
      { ...pairs(true)[0]!, source: 'boxes' },
      { ...pairs(true)[1]!, source: 'scores' },
    ]
    expect(summary(pairSketch({ ...sketch, source: [{ boxes, scores }], pairs: named }))).toEqual([
      'boxes=boxes name longer',
      'scores=scores name longer',
    ])
  })

  it('is compared behind it where the source suppresses too', () => {
    const kept = { scores: wave([2, 4], 5), boxes: wave([2, 4], 6) }
    const both = [
      { source: 'out_0', target: 'boxes', layout: ident(2, 4), equal: true },
      { source: 'out_1', target: 'kept_scores', layout: ident(2, 4), equal: true },
    ]
    const source = [{ out_0: kept.boxes, out_1: kept.scores }]
    expect(summary(pairSketch({ source, target: [kept], models: { target }, pairs: both }))).toEqual([
      'out_0=boxes value',
      'out_1=scores value',
    ])
  })
})
