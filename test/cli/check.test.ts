/** `parity check` on real files. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, describe, expect, it } from 'vitest'
import type { RunRecord } from '../../src/record/record.js'
import { scratch } from '../support/coreml.js'
import { type Ended, golden, parity, ROOT } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

const SOURCE = golden('digits/digits.tflite')
const IMAGE = golden('digits/digits_image.mlmodel')
const ARRAY = golden('digits/digits.mlmodel')
const PICTURES = golden('digits/samples')
const ARRAYS = golden('digits/samples.npz')
const OUTPUT = 'StatefulPartitionedCall:0'

let calls = 0

/** Runs a check and reads the record that it writes. */
async function recordOf(...args: string[]): Promise<Ended & { record: RunRecord; path: string }> {
  const path = join(folder.path, `${calls++}.json`)
  const ended = await parity(['check', ...args, '--report', path])
  if (ended.code !== 0 && ended.code !== 1) throw new Error(ended.stderr)
  return { ...ended, record: JSON.parse(readFileSync(path, 'utf8')) as RunRecord, path }
}

describe.concurrent('parity check', () => {
  it('exits with 0 where parity holds', async () => {
    const { code, stdout, stderr, record } = await recordOf(SOURCE, IMAGE, '--inputs', PICTURES)
    expect([code, record.verdict]).toEqual([0, 'pass'])
    expect(stderr).not.toContain('parity:')
    expect(stdout).toContain('PASS')
    expect(stdout).toContain(OUTPUT)
    expect(stdout).toContain('8 samples')
  })

  it('warns of a preprocessing that was taken from the target, and not of one that is given or not needed', async () => {
    const [taken, given, own] = await Promise.all([
      recordOf(SOURCE, IMAGE, '--inputs', PICTURES),
      recordOf(SOURCE, IMAGE, '--inputs', PICTURES, '--scale', '0.00392156862745098', '--bias', '0'),
      recordOf(SOURCE, ARRAY, '--inputs', ARRAYS),
    ])
    const severities = ({ record }: typeof taken) =>
      record.findings.filter(({ cause }) => cause === 'preprocessing-inferred').map(({ severity, value }) => [severity, value])
    expect([taken.code, given.code, own.code]).toEqual([0, 0, 0])
    expect(severities(taken)).toEqual([['warning', 'image']])
    expect(taken.stdout).toMatch(/warning preprocessing-inferred at image \(input\)/)
    expect([...severities(given), ...severities(own), ...(given.record.notes ?? [])]).toEqual([])
  })

  it('says what the rest of a preprocessing is taken to be where it is given in part', async () => {
    const { record, stdout } = await recordOf(SOURCE, IMAGE, '--inputs', PICTURES, '--scale', '0.00392156862745098')
    expect(record.notes).toEqual(["for 'serving_default_image:0' --scale is given, and the rest is taken to be bias 0"])
    expect(stdout).toContain('the rest is taken to be bias 0')
  })

  it('exits with 1 where it does not, and says where', async () => {
    const net = golden('nets/style')
    const { code, stdout, record } = await recordOf(
      `${net}/source.tflite`,
      `${net}/wrong_epsilon.mlmodel`,
      '--inputs',
      `${net}/samples.npz`,
    )
    expect([code, record.verdict]).toEqual([1, 'fail'])
    expect(stdout).toContain('FAIL')
    expect(stdout).toContain('First divergence')
  })

  it('writes a record that its schema accepts, and names the call in it', async () => {
    const { record, path } = await recordOf(SOURCE, ARRAY, '--inputs', ARRAYS)
    const schema = JSON.parse(readFileSync(join(ROOT, 'reports/run-record.schema.json'), 'utf8'))
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { 'date-time': true } }).compile(schema)
    validate(record)
    expect(validate.errors).toBeNull()
    expect(record.command).toBe(`parity check ${SOURCE} ${ARRAY} --inputs ${ARRAYS} --report ${path}`)
  })

  it('gives the same bytes twice with --reproducible', async () => {
    const path = join(folder.path, 'same.json')
    const run = async () => {
      await parity(['check', SOURCE, IMAGE, '--inputs', PICTURES, '--reproducible', '--quiet', '--report', path])
      return readFileSync(path, 'utf8')
    }
    const first = await run()
    expect(first).not.toContain('"created"')
    expect(await run()).toBe(first)
  })

  it('keeps no place of this machine with --reproducible, and paths as they are given without', async () => {
    const samples = golden('digits/samples')
    const { record } = await recordOf(SOURCE, IMAGE, '--inputs', samples, '--reproducible')
    expect([record.source.path, record.target.path]).toEqual(['golden/digits/digits.tflite', 'golden/digits/digits_image.mlmodel'])
    expect(record.inputs.names[0]).toBe('golden/digits/samples/0.png')
    expect(JSON.stringify({ ...record, command: record.command.replace(/--report.*/, '') })).not.toContain(ROOT)
    expect((await recordOf(SOURCE, IMAGE, '--inputs', samples)).record.source.path).toBe(SOURCE)
  })

  it('writes several reports, and none on the terminal with --quiet', async () => {
    const paths = [join(folder.path, 'deep/a.json'), join(folder.path, 'b.json')]
    const { stdout, stderr } = await parity([
      'check',
      SOURCE,
      ARRAY,
      '--inputs',
      ARRAYS,
      '--quiet',
      ...paths.flatMap((path) => ['--report', path]),
    ])
    expect(stdout + stderr).toBe('')
    expect(readFileSync(paths[0]!, 'utf8')).toBe(readFileSync(paths[1]!, 'utf8'))
  })

  it('says why it fails with --quiet, without tables', async () => {
    const net = golden('nets/style')
    const { code, stdout, stderr } = await parity([
      'check',
      `${net}/source.tflite`,
      `${net}/wrong_epsilon.mlmodel`,
      '--inputs',
      `${net}/samples.npz`,
      '--quiet',
    ])
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/^FAIL {2}/)
    expect(stdout).toContain('Findings')
    expect(stdout).not.toMatch(/Outputs|Layers/)
  })

  it('shows the layers with --verbose', async () => {
    const { stdout } = await parity(['check', SOURCE, ARRAY, '--inputs', ARRAYS, '--verbose'])
    expect(stdout).toMatch(/Layers that are ok, the largest[\s\S]*Without a partner[\s\S]*passes/)
  })

  it('fails on more warnings or less signal than allowed, and on a cause', async () => {
    const call = (...flags: string[]) => parity(['check', SOURCE, IMAGE, '--inputs', PICTURES, ...flags])
    const codes = await Promise.all([
      call('--fail-on', 'preprocessing-inferred').then(({ code }) => code),
      call('--fail-on', 'preprocessing-inferred', '--scale', '0.00392156862745098', '--bias', '0').then(({ code }) => code),
      call('--fail-on', 'range-risk').then(({ code }) => code),
      call('--min-snr', '300').then(({ code }) => code),
      call('--max-warnings', '100').then(({ code }) => code),
    ])
    expect(codes).toEqual([1, 0, 0, 1, 0])
  })

  it('takes a flag before the models that has one value each time', async () => {
    const { code } = await parity(['check', '--quiet', '--report', join(folder.path, 'c.json'), SOURCE, ARRAY, '--inputs', ARRAYS])
    expect(code).toBe(0)
  })

  it('runs random samples that depend on the seed alone', async () => {
    const arrays = await Promise.all(['1', '1', '2'].map((seed) => recordOf(SOURCE, ARRAY, '--random', '2', '--seed', seed)))
    const [first, again, other] = arrays.map(({ record }) => record.outputs[0]!.metrics)
    expect(arrays[0]!.record.inputs.samples).toBe(2)
    expect(arrays[0]!.record.inputs.names).toHaveLength(2)
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it.each([
    [`atol=1e-30`, 1, { atol: 1e-30, rtol: 0 }],
    [`${OUTPUT}:atol=0.5,rtol=0.25`, 0, { atol: 0.5, rtol: 0.25 }],
    ['Identity:rtol=1', 0, { atol: 0, rtol: 1 }],
  ])('takes --tolerance %s', async (tolerance, code, expected) => {
    const ended = await recordOf(SOURCE, ARRAY, '--inputs', ARRAYS, '--tolerance', tolerance)
    expect([ended.code, ended.record.outputs[0]!.tolerance]).toEqual([code, expected])
  })

  it('prefers the tolerance of an output to that of all', async () => {
    const { record } = await recordOf(SOURCE, ARRAY, '--inputs', ARRAYS, '--tolerance', 'atol=1e-30', '--tolerance', `${OUTPUT}:atol=0.5`)
    expect(record.outputs[0]!.tolerance).toEqual({ atol: 0.5, rtol: 0 })
  })

  it('takes --map with names that hold colons', async () => {
    const { record } = await recordOf(
      SOURCE,
      ARRAY,
      '--inputs',
      ARRAYS,
      '--map',
      'serving_default_image:0=image',
      '--map',
      `${OUTPUT}=Identity`,
    )
    expect(record.inputs.mapping).toEqual([{ source: 'serving_default_image:0', target: 'image', by: 'map' }])
  })

  it('compares the labels of a classifier with --labels', async () => {
    const right = await recordOf(SOURCE, IMAGE, '--inputs', PICTURES, '--labels', golden('digits/labels.txt'))
    const wrong = await recordOf(SOURCE, IMAGE, '--inputs', PICTURES, '--labels', folder.write('labels.txt', 'nine\neight\n'))
    expect([right.code, wrong.code]).toEqual([0, 1])
    expect(wrong.record.findings.map(({ cause }) => cause)).toContain('label-order')
  })

  it('takes the preprocessing of the source, negative numbers too', async () => {
    const { record } = await recordOf(SOURCE, ARRAY, '--inputs', PICTURES, '--scale', '0.00784313725490196', '--bias', '-1')
    expect(record.inputs.preprocessing).toMatchObject({ scale: 0.00784313725490196, bias: [-1], inferred: false })
  })

  it('runs the target in another precision', async () => {
    const { record } = await recordOf(SOURCE, ARRAY, '--inputs', ARRAYS, '--precision', 'fp16', '--tolerance', 'atol=1')
    expect(record.target.precision).toBe('fp16')
    expect(record.outputs[0]!.metrics.maxAbs).toBeGreaterThan(1e-5)
  })

  it('compares two Core ML models', async () => {
    const { record } = await recordOf(ARRAY, golden('digits/digits.mlpackage'), '--inputs', ARRAYS)
    expect(record.outputs[0]!.pass).toBe(true)
    expect(record.source.runtime).toContain('coreml-parity')
  })

  it('notes a wrong extension, and goes by the bytes', async () => {
    const { code, stdout, record } = await recordOf(folder.write('net.h5', readFileSync(SOURCE)), ARRAY, '--inputs', ARRAYS)
    const note = 'net.h5 is a TensorFlow Lite model, although its ending is that of a Keras HDF5 file'
    expect([code, record.notes]).toEqual([0, [note]])
    expect(stdout).toContain(note)
  })

  it('notes what it did to pictures', async () => {
    const net = golden('nets/residual')
    const { record } = await recordOf(`${net}/source.tflite`, `${net}/image.mlmodel`, '--inputs', golden('digits/samples/0.png'))
    expect(record.notes).toContainEqual(expect.stringContaining('resized from 16 x 16 to 32 x 32'))
  })

  it('leaves nothing beside its reports', async () => {
    const own = scratch()
    const path = join(own.path, 'a.json')
    writeFileSync(path, 'old')
    const { code } = await parity(['check', SOURCE, ARRAY, '--inputs', join(own.path, 'nothing.npz'), '--report', path])
    expect([code, readFileSync(path, 'utf8')]).toEqual([2, 'old'])
    own.remove()
  })
})
