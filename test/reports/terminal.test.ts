import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { terminal, terminalOptions } from '../../reports/terminal.js'
import type { RunRecord } from '../../src/record/record.js'
import { failing, finding, layer, metrics, outputSample, passing, profiled, rounding } from './sample-record.js'

const lines = (text: string) => text.split('\n')
const widest = (text: string) => Math.max(...lines(stripVTControlCharacters(text)).map((line) => [...line].length))
const LAYER_TABLES = /Layers that are|Without a partner|passes/

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
        source → target            max error          rounding      SNR  same top
        StatefulPartitionedCall:0       0.25  ≤ 1e-6 + 1e-5|s|  21.6 dB       50%  fail
        → Identity
        StatefulPartitionedCall:1          0     2 of 16 units      inf            pass
        → Identity_1
        StatefulPartitionedCall:0
          the target's axes are the source's axes 0, 3, 1, 2
          sample 1 'digits/b.png': max error 0.25, SNR 21.6 dB, 3 non-finite elements, another top element
          worst at [0, 3, 5, 7] of sample 1 'digits/b.png': source 1.25, target 1.5

      Findings, most upstream first
        1. error epsilon-changed
           at relu_3 (instance_norm) in the target
           epsilon is 0.5 here and 0.001 in the source
           proof     error 0.125, and 3e-7 once this is put right (rounding explains 5e-7); confidence 98%
           shows on  sample 1 'digits/b.png'
           also      relu_4
           remedy    convert again with epsilon 0.001, or set it in the layer
           source                                        target
           INSTANCE_NORM #3 (input block_2/Relu, gamma   1. transpose transpose_2 (x relu_2)
             gamma)
                                                         2. instance_norm relu_3 (x transpose_2,
                                                           gamma gamma_0)
             epsilon = 0.001                           ≠   2. epsilon = 0.5
                                                           1. perm = [0, 3, 1, 2]
                                                           2. opset = iOS15
             axis = 3                                      2. axis = 3
        note range-risk at Identity (softmax) in the target, value prob: values reach 61000, and float16
        ends at 65504

      First divergence: #3 block_3/Relu → relu_3 (CONV_2D → relu), sample 1 'digits/b.png'

      First non-finite: #5 block_5/Relu → relu_5 (CONV_2D → relu), 7 of 2,048 elements by itself, as
        authored

      Layers: 3 of 6 aligned layers within rounding, 1 not checked
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

      PASS  Every output agrees within rounding.

      Outputs
        source → target            max error       rounding       SNR  same top
        StatefulPartitionedCall:1       2e-7  2 of 16 units  143.5 dB      100%  pass
        → Identity_1

      Layers: 3 of 3 aligned layers within rounding
      "
    `)
  })

  it('of a failing run, verbose, on a narrow terminal', () => {
    expect(terminal(failing, { verbose: true, width: 60 })).toMatchInlineSnapshot(`
      "coreml-parity 0.1.0
        source  net.tflite
                tflite, 9 ops, run by tfjs wasm 4.22.0
        target  net.mlmodel
                mlmodel, 12 ops, authored precision, fma kernels
        inputs  2 samples
                serving_default_image:0 → image (by shape)
                pixel × 0.00392 + [0, -0.5, 1] BGR NHWC (taken
                from the target's image input)
        notes   net.mlmodel: the extension is .mlmodel, the bytes
                are an ML Program

      FAIL  1 of 2 outputs differs beyond its tolerance.

      Outputs
        source → target         max error  rounding      SNR
        Statefu…titionedCall:0       0.25         ≤  21.6 dB  fail
        → Identity                             1e-6
                                            1e-5|s|
        Statefu…titionedCall:1          0   2 of 16      inf  pass
        → Identity_1                          units
        StatefulPartitionedCall:0
          paired by value, float32
          the target's axes are the source's axes 0, 3, 1, 2
          sample 1 'digits/b.png': max error 0.25, SNR 21.6 dB, 3
          non-finite elements, another top element
          worst at [0, 3, 5, 7] of sample 1 'digits/b.png': source
          1.25, target 1.5
        StatefulPartitionedCall:1
          paired by name, float32

      Findings, most upstream first
        1. error epsilon-changed
           at relu_3 (instance_norm) in the target
           epsilon is 0.5 here and 0.001 in the source
           proof     error 0.125, and 3e-7 once this is put right
                     (rounding explains 5e-7); confidence 98%
           shows on  sample 1 'digits/b.png'
           also      relu_4
           remedy    convert again with epsilon 0.001, or set it
                     in the layer
           source                    target
           INSTANCE_NORM #3 (input   1. transpose transpose_2
             block_2/Relu, gamma       (x relu_2)
             gamma)
                                     2. instance_norm relu_3
                                       (x transpose_2, gamma
                                       gamma_0)
             epsilon = 0.001       ≠   2. epsilon = 0.5
                                       1. perm = [0, 3, 1, 2]
                                       2. opset = iOS15
             axis = 3                  2. axis = 3
        2. note range-risk
           at Identity (softmax) in the target, value prob
           values reach 61000, and float16 ends at 65504
           proof     error inf, rounding explains 0
           shows on  all 2 samples

      First divergence: #3 block_3/Relu → relu_3 (CONV_2D →
        relu), sample 1 'digits/b.png'

      First non-finite: #5 block_5/Relu → relu_5 (CONV_2D →
        relu), 7 of 2,048 elements by itself, as authored

      Layers: 3 of 6 aligned layers within rounding, 1 not checked

      Layers that are not ok
          #  layer                  semantic  precision
          5  block_5/Relu → relu_5         0        NaN  precision
             CONV_2D → relu
        → 3  block_3/Relu → relu_3    2.5e+6             differs
             CONV_2D → relu
          4  block_4/Relu → relu_4                       unchecked
             CONV_2D → relu

      Layers that are ok, the largest
        #  layer                  semantic
        1  block_1/Relu → relu_1         2  ok
           CONV_2D → relu
        2  block_2/Relu → relu_2         2  ok
           CONV_2D → relu
        0  block_0/Relu → relu_0         0  ok
           CONV_2D → relu

        semantic: largest error of this step alone, fed with the
        source's values, in float32; precision: what the step adds
        as authored; both in units of what rounding does to one
        element there.

      Without a partner: 1 source value, 2 target values
        source  1 × folded into a layer of the target (MirrorPad)
        target  2 × copy of … (transpose_0, …)

      2 source, 4 target and 3 diagnosis passes, 7.12 million
      multiply-accumulates, load 0.012 s, run 0.341 s
      "
    `)
  })

  it('of a failing run, quiet', () => {
    expect(terminal(failing, { quiet: true })).toMatchInlineSnapshot(`
      "FAIL  1 of 2 outputs differs beyond its tolerance.

      Findings, most upstream first
        1. error epsilon-changed
           at relu_3 (instance_norm) in the target
           epsilon is 0.5 here and 0.001 in the source
           proof     error 0.125, and 3e-7 once this is put right (rounding explains 5e-7); confidence 98%
           shows on  sample 1 'digits/b.png'
           also      relu_4
           remedy    convert again with epsilon 0.001, or set it in the layer
        note range-risk at Identity (softmax) in the target, value prob: values reach 61000, and float16
        ends at 65504
      "
    `)
  })

  it('is nothing where parity holds and quiet was asked for', () => {
    expect(terminal(passing, { quiet: true })).toBe('')
  })

  it('has tables of layers, the unaligned and the work only where it is verbose', () => {
    for (const record of [failing, passing]) {
      expect(terminal(record)).not.toMatch(LAYER_TABLES)
      expect(terminal(record, { verbose: true })).toMatch(LAYER_TABLES)
    }
  })

  it('is the same text with and without colours', () => {
    for (const verbose of [false, true]) {
      const colored = terminal(failing, { color: true, verbose })
      expect(colored).toContain('\u001b[31m')
      expect(
        stripVTControlCharacters(colored)
          .split('\n')
          .map((line) => line.trimEnd()),
      ).toEqual(lines(terminal(failing, { verbose })))
    }
  })

  it.each([
    [20, 60],
    [60, 60],
    [80, 80],
    [100, 100],
    [200, 200],
    [500, 200],
  ])('on a terminal of %d columns is no wider than %d, whatever the names and texts', (width, most) => {
    const long = 'StatefulPartitionedCall/model_with_a_long_name/block_12/depthwise/BatchNormV3'.repeat(3)
    const op = { op: { name: long, type: long }, attributes: { [long]: long, b: long }, operands: { [long]: long } }
    const wide: RunRecord = {
      ...profiled,
      source: { ...failing.source, path: long },
      inputs: { ...failing.inputs, names: [long, long], mapping: [{ source: long, target: long, by: 'map' }] },
      outputs: profiled.outputs.map((output) => ({
        ...output,
        source: long,
        target: `${long}!`,
        pass: false,
        metrics: metrics(1.2345000001e-38, { argmax: 0.5 }),
        floor: 1.2345e-38,
        tolerance: { atol: 1.2345e-38, rtol: 1.234e-38 },
        samples: [outputSample(1.2345e-38, false), outputSample(1.2345e-38, false)],
      })),
      layers: failing.layers.map((_, i) =>
        layer(i, 1.234e-38, 'precision', { source: `${long}${i}`, target: long, targetOp: { name: long, type: long } }),
      ),
      unaligned: { source: [{ value: long, reason: long }], target: [] },
      findings: [
        finding({
          op: { name: long, type: long },
          value: `${long}!`,
          detail: long,
          remedy: `${long}.`,
          also: [long, long, long],
          compared: { source: [op], target: [op, op] },
        }),
        finding({ severity: 'note', op: { name: long, type: long }, detail: long }),
      ],
      reasons: [long],
      notes: [long],
    }
    for (const options of [{}, { verbose: true }, { quiet: true }]) {
      expect(widest(terminal(wide, { width, ...options }))).toBeLessThanOrEqual(most)
    }
    expect(widest(terminal({ ...wide, verdict: 'pass' }, { width }))).toBeLessThanOrEqual(most)
    expect(widest(terminal(wide, { width }))).toBeGreaterThan(most - 12)
  })

  it('shows no control character of a name', () => {
    const evil = 'a\u001b]0;title\u0007'
    const op = { op: { name: evil, type: evil }, attributes: { [evil]: evil }, operands: { [evil]: evil } }
    const hostile: RunRecord = {
      ...failing,
      inputs: { ...failing.inputs, names: [evil, evil] },
      outputs: failing.outputs.map((one) => ({ ...one, source: evil, target: evil, dtype: evil })),
      layers: failing.layers.map((one) => ({ ...one, target: evil, targetOp: { name: evil, type: evil } })),
      unaligned: { source: [{ value: evil, reason: evil }], target: [] },
      findings: [finding({ op: op.op, value: evil, also: [evil], compared: { source: [op], target: [op] } })],
      notes: [evil],
      reasons: [evil],
      timings: { [evil]: 1 },
    }
    expect(terminal(hostile, { verbose: true })).not.toContain('\u001b')
    expect(terminal({ ...hostile, verdict: 'pass' })).not.toContain('\u001b')
  })

  it('says how many layers could not be checked', () => {
    expect(terminal(failing)).toContain('3 of 6 aligned layers within rounding, 1 not checked')
  })

  it('has no empty section', () => {
    const bare = { ...passing, outputs: [], layers: [], inputs: { ...passing.inputs, mapping: [] } }
    for (const verbose of [false, true])
      expect(terminal(bare, { verbose })).not.toMatch(/Outputs|Layers|First|Findings|Warnings|Without a partner|\n\n\n/)
  })

  it('folds long lists of notes', () => {
    const notes = ['one', 'two', 'three', 'four', 'five']
    expect(terminal({ ...passing, notes })).toMatch(/three\n +2 more in the JSON report/)
    expect(terminal({ ...passing, notes }, { verbose: true })).toMatch(/four\n +five\n/)
  })
})

describe('outputs', () => {
  const output = failing.outputs[1]!
  const of = (change: Partial<typeof output>) => terminal({ ...failing, outputs: [{ ...output, ...change }] })

  it('show the tolerance that decided, or how many units of rounding', () => {
    expect(of({ tolerance: null })).toMatch(/ 0 +2 of 16 units +inf +pass/)
    expect(of({ tolerance: null, rounding: { ...rounding(20), by: 'energy' } })).toMatch(/ 0 +5 of 8 units +inf +pass/)
    expect(of({ tolerance: { atol: 0.5, rtol: 0 } })).toMatch(/ 0 +≤ 0.5 +inf +pass/)
    expect(of({ tolerance: { atol: 0, rtol: 0.25 } })).toMatch(/ 0 +≤ 0.25\|s\| +inf +pass/)
    expect(of({ tolerance: { atol: 0, rtol: 0 } })).toMatch(/ 0 +≤ 0 +inf +pass/)
    expect(of({ tolerance: { atol: 1, rtol: 0 } })).not.toContain('units')
  })

  it('show different numbers with as many digits as it takes', () => {
    expect(of({ pass: false, metrics: metrics(1, { worst: { sample: 0, index: [2], source: 0.50001, target: 0.50002 } }) })).toContain(
      'source 0.50001, target 0.50002',
    )
  })

  it('that fail name their three worst samples, one that is no number first, and the worst element', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const samples = [0.1, 0.3, Number.NaN, 0.2, 9].map((error, i) => outputSample(error, i === 4))
    const text = terminal({ ...failing, inputs: { ...failing.inputs, names }, outputs: [{ ...output, pass: false, samples }] })
    const shown = lines(text).filter((line) => /^ {4}sample/.test(line))
    expect(shown.map((line) => line.slice(4, 16))).toEqual(["sample 2 'c'", "sample 1 'b'", "sample 3 'd'"])
    expect(text).toContain("worst at [0, 3, 5, 7] of sample 1 'b'")
  })

  it('that pass name none', () => {
    expect(terminal(passing)).not.toMatch(/sample \d|worst/)
  })

  it('state their layout where it is another, and how they were paired where it is verbose', () => {
    expect(terminal(failing)).toContain("the target's axes are the source's axes 0, 3, 1, 2")
    expect(terminal(failing)).not.toContain('paired by')
    expect(terminal(failing, { verbose: true })).toContain('paired by value, float32')
    expect(terminal(passing)).not.toContain('axes')
  })

  it('of several profiles are a band, which says that it is none of a device', () => {
    const text = terminal(profiled)
    expect(text).toContain('precision as assumed of gpu, subnormals flushed to zero')
    expect(text).toMatch(/1e-7 to inf +cpu 1e-7, gpu 0.002, ane inf/)
    expect(text).toMatch(/0.5 +cpu 0.5, gpu 0.5/)
    expect(text).toContain('A band of assumptions about compute units, not a device')
    expect(terminal(profiled, { width: 60 })).toMatch(/1e-7 to inf +cpu 1e-7\n.*gpu 0.002\n.*ane inf/)
    expect(terminal(passing)).not.toContain('Band')
  })
})

describe('findings', () => {
  const having = (...findings: RunRecord['findings']): RunRecord => ({ ...failing, findings })

  it('beyond the fifth are counted, errors before warnings before notes', () => {
    const note = finding({ cause: 'preprocessing-inferred', severity: 'note' })
    const warning = finding({ cause: 'range-risk', severity: 'warning' })
    const many = having(note, warning, ...Array.from({ length: 5 }, () => finding()))
    const text = terminal(many)
    expect(text).toContain('  5. error epsilon-changed')
    expect(text).toContain('\n  2 more in the JSON report\n')
    expect(text).not.toMatch(/range-risk|preprocessing-inferred/)
    expect(terminal(many, { verbose: true })).toMatch(/6\. warning range-risk[\s\S]*7\. note preprocessing-inferred/)
    expect(terminal(having(...many.findings.slice(0, 5)))).not.toContain('more in the JSON report')
  })

  it('are one sentence each where parity holds', () => {
    const record: RunRecord = { ...passing, findings: [finding({ severity: 'warning' })] }
    const text = terminal(record)
    expect(text).toContain('Warnings and notes\n  warning epsilon-changed at relu_3 (instance_norm) in the target: epsilon is 0.5 here')
    expect(text).not.toMatch(/proof|remedy/)
  })

  it('have a remedy only where there is one that says more than the detail', () => {
    expect(terminal(having(finding()))).toContain('remedy ')
    expect(terminal(having(finding({ remedy: '' })))).not.toContain('remedy ')
    expect(terminal(having(finding({ remedy: 'epsilon is 0.5' })))).not.toContain('remedy ')
  })

  it('tell their error before and after apart', () => {
    const text = terminal(having(finding({ evidence: { error: 1.6201, afterFix: 1.6202, floor: 3e-7 } })))
    expect(text).toContain('error 1.6201, and 1.6202 once this is put right (rounding explains 3e-7)')
    expect(terminal(having(finding({ evidence: { error: 0, afterFix: null, floor: 0 } })))).not.toContain('proof')
  })

  it('name the samples on which they show', () => {
    expect(terminal(failing)).toContain("shows on  sample 1 'digits/b.png'")
    expect(terminal(having(finding()))).toContain('shows on  all 2 samples')
  })

  describe('set both sides next to each other', () => {
    const op = (type: string, attributes: Record<string, string>, operands: Record<string, string> = {}) => ({
      op: { name: type, type },
      attributes,
      operands,
    })
    const listing = (source: ReturnType<typeof op>[], target: ReturnType<typeof op>[], verbose = false) => {
      const all = lines(terminal(having(finding({ remedy: '', also: [], compared: { source, target } })), { verbose }))
      const start = all.findIndex((line) => /^ +source +target$/.test(line))
      return all.slice(start + 1, all.indexOf('', start)).map((line) => line.trim().replace(/ {2,}/g, '  '))
    }

    it('attributes of one name that differ first, then those of one side, then the equal ones', () => {
      expect(
        listing(
          [op('CONV_2D', { padding: 'SAME', strides: '[1, 1]', dilations: '[1,1]', activation: 'RELU' })],
          [op('convolution', { Dilations: '1, 1.0', strides: '[2, 2]', groups: '1' })],
        ),
      ).toEqual([
        'CONV_2D CONV_2D  convolution convolution',
        'strides = [1, 1]  ≠  strides = [2, 2]',
        'padding = SAME  groups = 1',
        'activation = RELU',
        'dilations = [1,1]  Dilations = 1, 1.0',
      ])
    })

    it('several ops of a side are numbered, with their operands', () => {
      expect(listing([op('LOGISTIC', {})], [op('neg', { x: '1' }, { x: 'a' }), op('exp', { x: '2' }, { x: 'b', y: 'c' })])).toEqual([
        'LOGISTIC LOGISTIC  1. neg neg (x a)',
        '2. exp exp (x b, y c)',
        '1. x = 1',
        '2. x = 2',
      ])
    })

    it('numbers are the same where float32 holds them alike', () => {
      const rows = listing(
        [op('a', { epsilon: '0.001', bound: '6', axis: '', size: '2' })],
        [op('b', { epsilon: '0.0010000000474974513', bound: '6.5', axis: '0', size: '2,2' })],
      )
      expect(rows.filter((row) => row.includes('≠')).map((row) => row.split(' ')[0])).toEqual(['bound', 'axis', 'size'])
    })

    it('no more than ten attributes unless verbose', () => {
      const attributes = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`a${i}`, `${i}`]))
      expect(listing([op('a', attributes)], [op('b', attributes)]).slice(-2)).toEqual(['a9 = 9  a9 = 9', '2 more with --verbose'])
      expect(listing([op('a', attributes)], [op('b', attributes)], true)).toHaveLength(13)
    })

    it('and no listing where it is quiet', () => {
      expect(terminal(failing)).toContain('epsilon = 0.001')
      expect(terminal(failing, { quiet: true })).not.toContain('epsilon = 0.001')
    })
  })
})

describe('layers', () => {
  const indicesIn = (record: RunRecord, title: string): string[] => {
    const rows = lines(terminal(record, { verbose: true }))
    const start = rows.indexOf(title)
    return rows.slice(start + 2, rows.indexOf('', start)).flatMap((line) => /^ *(?:→ )?(\d+) /.exec(line)?.[1] ?? [])
  }

  it('that are not ok stand by their size in units of rounding, one that is no number first, an unchecked one last', () => {
    expect(indicesIn(failing, 'Layers that are not ok')).toEqual(['5', '3', '4'])
  })

  it('that are ok are the five largest', () => {
    const sizes = [1, 3, 2, 0, 0.5, 5, 4]
    const layers = sizes.map((size, i) => {
      const one = layer(i, 1e-9, 'ok')
      return { ...one, isolated: { ...one.isolated!, rounding: { semantic: rounding(size) } } }
    })
    expect(indicesIn({ ...passing, layers }, 'Layers that are ok, the largest')).toEqual(['5', '6', '1', '2', '0'])
  })

  it('name the first that is not finite on one side', () => {
    expect(terminal(failing)).toContain('First non-finite: #5 block_5/Relu → relu_5 (CONV_2D → relu), 7 of 2,048 elements by itself')
    const earlier = failing.layers.map((one, i) => (i === 2 ? { ...one, cumulative: metrics(1, { nonFinite: 1 }) } : one))
    expect(terminal({ ...failing, layers: earlier })).toMatch(/First non-finite: #2 .* 1 of 2,048 elements in the\s+whole run/)
    expect(terminal({ ...failing, layers: failing.layers.slice(0, 5) })).not.toContain('First non-finite')
  })

  it('name the first divergence with its sample', () => {
    expect(terminal(failing)).toContain("First divergence: #3 block_3/Relu → relu_3 (CONV_2D → relu), sample 1 'digits/b.png'")
    expect(terminal({ ...failing, divergence: null })).not.toContain('First divergence')
  })
})

it.each([
  [{ isTTY: true, columns: 132 }, {}, { color: true, width: 132 }],
  [{ isTTY: true }, { NO_COLOR: '' }, { color: true, width: 100 }],
  [{ isTTY: true, columns: 0 }, { NO_COLOR: '1' }, { color: false, width: 100 }],
  [{ isTTY: true, columns: 80 }, { TERM: 'dumb' }, { color: false, width: 80 }],
  [{ columns: 80 }, {}, { color: false, width: 100 }],
])('options for %o with %o: %o', (stream, environment, expected) => {
  expect(terminalOptions(stream, environment)).toEqual(expected)
})
