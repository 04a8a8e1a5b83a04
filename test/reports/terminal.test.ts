import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { terminal, terminalOptions } from '../../reports/terminal.js'
import { failing, finding, layer, passing, profiled } from './sample-record.js'

const lines = (text: string) => text.split('\n')
const widest = (text: string) => Math.max(...lines(stripVTControlCharacters(text)).map((line) => [...line].length))

describe('the terminal report', () => {
  it('of a failing run', () => {
    expect(terminal(failing)).toMatchInlineSnapshot(`
      "coreml-parity 0.1.0
        source  net.tflite
                tflite, 9 ops, run by tfjs wasm 4.22.0
        target  net.mlmodel
                mlmodel, 12 ops, authored precision, fma kernels
        inputs  2 samples
                serving_default_image:0 → image (by shape)
                pixel × 0.00392 + [0, -0.5, 1] BGR NHWC (taken from the target's image input)
        notes   net.mlmodel: the extension is .mlmodel, the bytes are an ML Program

      FAIL  1 of 2 outputs differs beyond its tolerance.

      Outputs
        source → target            max error         allowed  rounding      SNR  same top
        StatefulPartitionedCall:0       0.25  1e-6 + 1e-5|s|      4e-7  21.6 dB       50%  fail
        → Identity
        StatefulPartitionedCall:1          0            4e-7      4e-7      inf            pass
        → Identity_1
        StatefulPartitionedCall:0: worst in sample 1 at [0, 3, 5, 7]: source 1.25, target 1.5

      Findings, most upstream first
        1. error epsilon-changed in the target
           at relu_3 (instance_norm)
           epsilon is 0.5 here and 0.001 in the source
           proof  error 0.125, and 3e-7 once this is put right (rounding explains 5e-7); confidence 98%
           also   relu_4
           do     convert again with epsilon 0.001, or set it in the layer
        2. note range-risk in the target
           at Identity (softmax), value prob
           epsilon is 0.5 here and 0.001 in the source
           proof  error inf, rounding explains 0
           do     convert again with epsilon 0.001, or set it in the layer

      Layers: 3 of 6 aligned layers within rounding, 1 not checked; furthest beyond it:
        #  source              target  whole run  alone  rounding
        5  model/block_5/Relu  relu_5      0.001    NaN      1e-4  precision
           CONV_2D             relu
        3  model/block_3/Relu  relu_3      0.125  0.125      2e-7  differs
           CONV_2D             relu

      First divergence (sample 1), with the layers around it
          #  source              target  whole run  alone  rounding
          1  model/block_1/Relu  relu_1       1e-7   1e-7      2e-7  ok
             CONV_2D             relu
          2  model/block_2/Relu  relu_2       1e-7   1e-7      2e-7  ok
             CONV_2D             relu
        → 3  model/block_3/Relu  relu_3      0.125  0.125      2e-7  differs
             CONV_2D             relu
          4  model/block_4/Relu  relu_4       0.25                   unchecked
             CONV_2D             relu
          5  model/block_5/Relu  relu_5      0.001    NaN      1e-4  precision
             CONV_2D             relu

        whole run: error with each model on its own inputs; alone: error of this step, fed with the
        source's values; rounding: what floating-point arithmetic by itself may cause here.

      Without a partner: 1 source value, 2 target values
        source  1 × folded into a layer of the target (model/pad/MirrorPad)
        target  2 × copy of … (transpose_0, …)

      2 source, 4 target and 3 diagnosis passes, 7.12 million multiply-accumulates, 0.4 s
      "
    `)
  })

  it('of a passing run', () => {
    expect(terminal(passing)).toMatchInlineSnapshot(`
      "coreml-parity 0.1.0
        source  net.tflite
                tflite, 9 ops, run by tfjs wasm 4.22.0
        target  net.mlmodel
                mlmodel, 12 ops, authored precision, fma kernels
        inputs  2 samples
                serving_default_image:0 → image (by shape)

      PASS  Every output agrees within its tolerance.

      Outputs
        source → target            max error  allowed  rounding       SNR  same top
        StatefulPartitionedCall:1       2e-7     4e-7      4e-7  143.5 dB      100%  pass
        → Identity_1

      Layers: 3 of 3 aligned layers within rounding; nearest to its limit:
        #  source              target  whole run  alone  rounding
        1  model/block_1/Relu  relu_1       1e-7   1e-7      2e-7  ok
           CONV_2D             relu
        2  model/block_2/Relu  relu_2       1e-7   1e-7      2e-7  ok
           CONV_2D             relu

        whole run: error with each model on its own inputs; alone: error of this step, fed with the
        source's values; rounding: what floating-point arithmetic by itself may cause here.

      2 source, 4 target and 3 diagnosis passes, 7.12 million multiply-accumulates, 0.4 s
      "
    `)
  })

  it('is the same text with and without colours', () => {
    const colored = terminal(failing, { color: true })
    expect(colored).toContain('\u001b[31m')
    expect(
      stripVTControlCharacters(colored)
        .split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual(lines(terminal(failing)))
  })

  it('fits 100 columns whatever the names and texts', () => {
    const long = 'StatefulPartitionedCall/model_with_a_long_name/block_12/depthwise/BatchNormV3'.repeat(3)
    const wide = {
      ...failing,
      source: { ...failing.source, path: long },
      outputs: failing.outputs.map((output) => ({
        ...output,
        source: long,
        target: long,
        floor: 1.2345e-38,
        tolerance: { atol: 1.2345e-38, rtol: 1.234e-38 },
      })),
      layers: failing.layers.map((_, i) =>
        layer(i, 1.234e-38, 'precision', { source: long, target: long, targetOp: { name: long, type: long } }),
      ),
      unaligned: { source: [{ value: long, reason: long }], target: [] },
      findings: [finding({ op: { name: long, type: long }, value: `${long}!`, detail: long, remedy: long, also: [long, long, long] })],
      reasons: [long],
    }
    expect(widest(terminal(wide))).toBeLessThanOrEqual(100)
  })

  it('shows no control character of a name', () => {
    const hostile = { ...failing, layers: failing.layers.map((one) => ({ ...one, target: 'a\u001b]0;title\u0007' })) }
    expect(terminal(hostile)).not.toContain('\u001b')
  })

  it('puts an error that is no number first among the layers', () => {
    const rows = lines(terminal(failing))
    const start = rows.findIndex((line) => line.startsWith('Layers'))
    expect(rows[start + 2]).toMatch(/^ +5 +model\/block_5.* NaN /)
  })

  it('gives an output of several profiles as a band, and says that it is none of a device', () => {
    const text = terminal(profiled)
    expect(text).toContain('precision as assumed of gpu, subnormals flushed to zero')
    expect(text).toMatch(/1e-7 to inf +cpu 1e-7, gpu 0.002, ane inf/)
    expect(text).toMatch(/0.5 +cpu 0.5, gpu 0.5/)
    expect(text).toContain('A band of assumptions about compute units, not a device')
    expect(terminal(passing)).not.toContain('Band')
  })
  it('says how many layers could not be checked', () => {
    expect(terminal(failing)).toContain('3 of 6 aligned layers within rounding, 1 not checked')
  })

  it('has no empty section', () => {
    const bare = { ...passing, outputs: [], layers: [], inputs: { ...passing.inputs, mapping: [] } }
    expect(terminal(bare)).not.toMatch(/Outputs|First divergence|Findings|Without a partner|\n\n\n/)
  })
})

it.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{}, {}, false],
])('colours for %o with %o: %s', (stream, environment, color) => {
  expect(terminalOptions(stream, environment)).toEqual({ color })
})
