/** A record with every field and every kind of entry. */
import type { Finding, Layer, Metrics, OutputSample, RoundingSummary, RunRecord } from '../../src/record/record.js'

export const metrics = (maxAbs: number, changes: Partial<Metrics> = {}): Metrics => ({
  maxAbs,
  meanAbs: maxAbs / 4,
  maxRel: maxAbs / 2,
  rmse: maxAbs / 3,
  cosine: 1,
  snr: maxAbs === 0 ? Number.POSITIVE_INFINITY : -20 * Math.log10(maxAbs / 3),
  psnr: maxAbs === 0 ? Number.POSITIVE_INFINITY : -20 * Math.log10(maxAbs / 6),
  ulp: Math.round(maxAbs * 2 ** 23),
  nonFinite: 0,
  count: 2048,
  worst: { sample: 1, index: [0, 3, 5, 7], source: 1.25, target: 1.25 + maxAbs },
  ...changes,
})

/** Of a segment whose elements differ by up to `largest` times what rounding does to one. */
export const rounding = (largest: number): RoundingSummary => ({
  by: 'element',
  count: 2048,
  beyond: largest > 6 ? 12 : 0,
  largest,
  typical: largest / 4,
})

export const outputSample = (maxAbs: number, pass: boolean, changes: Partial<OutputSample> = {}): OutputSample => ({
  maxAbs,
  snr: maxAbs === 0 ? Number.POSITIVE_INFINITY : -20 * Math.log10(maxAbs / 3),
  nonFinite: 0,
  pass,
  ...changes,
})

export const layer = (index: number, error: number, status: Layer['status'], changes: Partial<Layer> = {}): Layer => ({
  source: `model/block_${index}/Relu`,
  target: `relu_${index}`,
  sourceOp: { name: `#${index}`, type: 'CONV_2D' },
  targetOp: { name: `relu_${index}`, type: 'relu' },
  by: 'value',
  layout: index % 2 ? [0, 3, 1, 2] : null,
  cumulative: metrics(error),
  isolated:
    status === 'unchecked'
      ? null
      : {
          semantic: metrics(error),
          precision: metrics(0),
          floor: 2e-7,
          rounding: { semantic: rounding(error / 5e-8) },
        },
  status,
  ...changes,
})

export const finding = (changes: Partial<Finding> = {}): Finding => ({
  cause: 'epsilon-changed',
  severity: 'error',
  side: 'target',
  op: { name: 'relu_3', type: 'instance_norm' },
  value: 'relu_3',
  also: ['relu_4'],
  detail: 'epsilon is 0.5 here and 0.001 in the source',
  evidence: { error: 0.125, afterFix: 3e-7, floor: 5e-7 },
  confidence: 0.98,
  remedy: 'convert again with epsilon 0.001, or set it in the layer',
  samples: [0, 1],
  ...changes,
})

export const failing: RunRecord = {
  schema: 2,
  tool: { name: 'coreml-parity', version: '0.1.0' },
  created: '2026-01-02T03:04:05.000Z',
  command: 'parity check net.tflite net.mlmodel --inputs samples',
  source: { path: 'net.tflite', format: 'tflite', sha256: '0'.repeat(64), runtime: 'tfjs wasm 4.22.0', ops: 9, values: 8 },
  target: { path: 'net.mlmodel', format: 'mlmodel', sha256: 'f'.repeat(64), precision: 'authored', kernels: 'fma', ops: 12, values: 12 },
  inputs: {
    samples: 2,
    names: ['digits/a.png', 'digits/b.png'],
    mapping: [{ source: 'serving_default_image:0', target: 'image', by: 'shape' }],
    preprocessing: { scale: 1 / 255, bias: [0, -0.5, 1], order: 'BGR', layout: 'NHWC', inferred: true },
  },
  outputs: [
    {
      source: 'StatefulPartitionedCall:0',
      target: 'Identity',
      by: 'value',
      layout: [0, 3, 1, 2],
      dtype: 'float32',
      metrics: metrics(0.25, { argmax: 0.5 }),
      tolerance: { atol: 1e-6, rtol: 1e-5 },
      floor: 4e-7,
      rounding: rounding(2),
      pass: false,
      samples: [outputSample(1e-6, true, { sameTop: true }), outputSample(0.25, false, { sameTop: false, nonFinite: 3 })],
    },
    {
      source: 'StatefulPartitionedCall:1',
      target: 'Identity_1',
      by: 'name',
      layout: null,
      dtype: 'float32',
      metrics: metrics(0),
      tolerance: null,
      floor: 4e-7,
      rounding: rounding(2),
      pass: true,
      samples: [outputSample(0, true), outputSample(0, true)],
    },
  ],
  layers: [
    layer(0, 0, 'ok', { by: 'name' }),
    layer(1, 1e-7, 'ok'),
    layer(2, 1e-7, 'ok', { by: 'structure' }),
    layer(3, 0.125, 'semantic'),
    layer(4, 0.25, 'unchecked'),
    layer(5, 0.001, 'precision', {
      cumulative: metrics(0.001, { argmax: 1 }),
      isolated: {
        semantic: metrics(0, { argmax: 1 }),
        precision: metrics(Number.NaN, { argmax: 0.5, nonFinite: 7, worst: null }),
        floor: 2e-7,
        precisionFloor: 1e-4,
        rounding: { semantic: rounding(0), precision: rounding(Number.NaN) },
      },
    }),
  ],
  unaligned: {
    source: [{ value: 'model/pad/MirrorPad', reason: 'folded into a layer of the target' }],
    target: [
      { value: 'transpose_0', reason: "copy of 'relu_0'" },
      { value: 'transpose_1', reason: "copy of 'relu_1'" },
    ],
  },
  divergence: { layer: 3, sample: 1 },
  findings: [
    finding({
      samples: [1],
      compared: {
        source: [
          {
            op: { name: '#3', type: 'INSTANCE_NORM' },
            attributes: { epsilon: '0.001', axis: '3' },
            operands: { input: 'model/block_2/Relu', gamma: 'model/gamma' },
          },
        ],
        target: [
          { op: { name: 'transpose_2', type: 'transpose' }, attributes: { perm: '[0, 3, 1, 2]' }, operands: { x: 'relu_2' } },
          {
            op: { name: 'relu_3', type: 'instance_norm' },
            attributes: { epsilon: '0.5', opset: 'iOS15', axis: '3' },
            operands: { x: 'transpose_2', gamma: 'gamma_0' },
          },
        ],
      },
    }),
    finding({
      cause: 'range-risk',
      severity: 'note',
      op: { name: 'Identity', type: 'softmax' },
      value: 'prob',
      also: [],
      detail: 'values reach 61000, and float16 ends at 65504',
      evidence: { error: Number.POSITIVE_INFINITY, afterFix: null, floor: 0 },
      remedy: '',
    }),
  ],
  attribution: [{ output: 'Identity', semantic: [{ layer: 3, share: 0.9 }], precision: [{ layer: 5, share: 0.1 }] }],
  verdict: 'fail',
  reasons: ['1 of 2 outputs differs beyond its tolerance.'],
  notes: ['net.mlmodel: the extension is .mlmodel, the bytes are an ML Program'],
  work: {
    forwardPasses: { source: 2, target: 4, diagnosis: 3 },
    macs: { source: null, target: 123_456, diagnosis: 7_000_000 },
    search: { places: 2, trials: 5, abandoned: ['model/mask'] },
  },
  timings: { load: 12, run: 340.5 },
}

const { attribution: _attribution, notes: _notes, ...rest } = failing
export const passing: RunRecord = {
  ...rest,
  inputs: { ...rest.inputs, preprocessing: { inferred: false } },
  outputs: [{ ...rest.outputs[1]!, metrics: metrics(2e-7, { argmax: 1 }) }],
  layers: rest.layers.slice(0, 3),
  unaligned: { source: [], target: [] },
  divergence: null,
  findings: [],
  verdict: 'pass',
  reasons: ['Every output agrees within rounding.'],
}

const band = (...errors: [number, number, number]) =>
  (['cpu', 'gpu', 'ane'] as const).map((unit, i) => ({ unit, maxAbs: errors[i]!, maxRel: errors[i]! / 2 }))

/** Of a run that asked for a compute unit. */
export const profiled: RunRecord = {
  ...failing,
  target: { ...failing.target, computeUnit: 'gpu', flushSubnormals: true },
  outputs: failing.outputs.map((output, i) => ({
    ...output,
    band: i === 0 ? band(1e-7, 0.002, Number.POSITIVE_INFINITY) : band(0.5, 0.5, 0.5),
  })),
}
