/** Every wrong call, sample and model ends in one message with the documented exit code, and leaves no file behind. */
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeNpz } from '../../src/inputs/decoders/npz.js'
import {
  array,
  constant,
  encodeModel,
  immediate,
  named,
  operation,
  programFunction,
  programModel,
  scratch,
  tensorType,
  writePackage,
} from '../support/coreml.js'
import { float32 } from '../support/graphs.js'
import { golden, parity } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

const SOURCE = golden('digits/digits.tflite')
const TARGET = golden('digits/digits.mlmodel')
const PACKAGE = golden('digits/digits.mlpackage')
const ARRAYS = golden('digits/samples.npz')
const INPUT = 'serving_default_image:0'

const inside = (name: string): string => join(folder.path, name)

/** A copy of a model, cut to a share of its length. */
function cut(from: string, name: string, share: number): string {
  copyFileSync(from, inside(name))
  truncateSync(inside(name), Math.floor(readFileSync(from).length * share))
  return inside(name)
}

function packageWithout(part: string, name: string): string {
  cpSync(PACKAGE, inside(name), { recursive: true })
  rmSync(join(inside(name), part), { recursive: true })
  return inside(name)
}

function packageWithShortWeights(): string {
  cpSync(PACKAGE, inside('short.mlpackage'), { recursive: true })
  truncateSync(join(inside('short.mlpackage'), 'Data/com.apple.CoreML/weights/weight.bin'), 200)
  return inside('short.mlpackage')
}

function arrays(name: string, values: Record<string, number[]>): string {
  const size = (shape: number[]): number => shape.reduce((product, n) => product * n, 1)
  writeNpz(
    inside(name),
    Object.entries(values).map(([key, shape]) => [key, float32(shape, new Array<number>(size(shape)).fill(0))]),
  )
  return inside(name)
}

function unknownOp(): string {
  const shape = tensorType('FLOAT32', [4])
  const model = programModel({
    functions: {
      main: programFunction({
        inputs: [named('x', shape)],
        outputs: ['y'],
        operations: [constant('c', immediate('FLOAT32', [4], [1, 2, 3, 4])), operation('reluu', { x: 'x' }, [named('y', shape)])],
      }),
    },
    description: { input: [array('x', [4])], output: [array('y', [4])] },
  })
  return writePackage(folder, 'unknown.mlpackage', { model: encodeModel(model) })
}

mkdirSync(inside('empty'))

/** What is called, the exit code, and what the message must say. */
type Case = [title: string, args: string[], code: 2 | 3, ...says: (string | RegExp)[]]

const check = (source: string, target: string, ...more: string[]): string[] => ['check', source, target, ...more]

const CALLS: Case[] = [
  ['no command', [], 2, 'no command is given', 'parity --help'],
  ['an unknown command', ['compare', SOURCE, TARGET], 2, 'compare'],
  ['an unknown flag', check(SOURCE, TARGET, '--inputs', ARRAYS, '--nonsense', '1'), 2, 'nonsense'],
  ['a flag without its value', check(SOURCE, TARGET, '--inputs'), 2, 'inputs'],
  ['one model', check(SOURCE, '--inputs', ARRAYS).filter((argument) => argument !== ARRAYS), 2, 'check'],
  ['models after --inputs', ['check', '--inputs', ARRAYS, SOURCE, TARGET], 2, 'Models come first'],
  ['a value that is no choice', check(SOURCE, TARGET, '--random', '1', '--precision', 'fp17'), 2, 'fp17', 'fp16-accumulate'],
  ['a count that is none', check(SOURCE, TARGET, '--random', 'many'), 2, "--random is 'many'", 'expected a number'],
  ['a count below one', check(SOURCE, TARGET, '--random', '0'), 2, 'a whole number from 1'],
  ['more random samples than there can be', check(SOURCE, TARGET, '--random', '9007199254740991'), 2, '9007199254740991'],
  ['a seed without random samples', check(SOURCE, TARGET, '--inputs', ARRAYS, '--seed', '1'), 2, '--seed is given without --random'],
  ['a flag twice', check(SOURCE, TARGET, '--random', '1', '--scale', '1', '--scale', '2'), 2, '--scale is given more than once'],
  ['a tolerance that is none', check(SOURCE, TARGET, '--random', '1', '--tolerance', 'small'), 2, "'small' is not understood", 'atol=1e-3'],
  ['a negative tolerance', check(SOURCE, TARGET, '--random', '1', '--tolerance', 'atol=-1'), 2, 'not understood'],
  ['an empty tolerance', check(SOURCE, TARGET, '--random', '1', '--tolerance', 'atol='), 2, 'not understood'],
  ['a tolerance of no output', check(SOURCE, TARGET, '--random', '1', '--tolerance', 'x:atol=1'), 2, "'x'", 'Identity'],
  ['an unknown cause', check(SOURCE, TARGET, '--random', '1', '--fail-on', 'range-risks'), 2, "--fail-on is 'range-risks'", 'range-risk'],
  ['a number of warnings that is none', check(SOURCE, TARGET, '--random', '1', '--max-warnings', '-1'), 2, 'max-warnings'],
  ['a signal that is no number', check(SOURCE, TARGET, '--random', '1', '--min-snr', 'high'), 2, "--min-snr is 'high'"],
  ['a quiet and verbose call', check(SOURCE, TARGET, '--random', '1', '--quiet', '--verbose'), 2, '--quiet and --verbose'],
  ['a map of no names', check(SOURCE, TARGET, '--random', '1', '--map', 'a=b'), 2, "--map 'a=b'", INPUT, 'Identity'],
  ['a custom layer that is none', check(SOURCE, TARGET, '--random', '1', '--custom-layer', 'Swish'), 2, 'CLASS=MODULE.js'],
  ['a custom layer without its module', check(SOURCE, TARGET, '--random', '1', '--custom-layer', 'Swish=nothing.js'), 2, 'nothing.js'],
  ['no samples', check(SOURCE, TARGET), 2, 'no sample was given', '--random N'],
  ['both kinds of samples', check(SOURCE, TARGET, '--inputs', ARRAYS, '--random', '1'), 2, 'Give --inputs or --random'],
  ['labels that are not there', check(SOURCE, TARGET, '--inputs', ARRAYS, '--labels', inside('nothing.txt')), 2, 'nothing.txt'],
  [
    'labels that are a Git LFS pointer',
    check(
      SOURCE,
      golden('digits/digits_image.mlmodel'),
      '--inputs',
      golden('digits/samples'),
      '--labels',
      folder.write('p.txt', 'version https://git-lfs.github.com/spec/v1\n'),
    ),
    2,
    'p.txt',
    'git lfs pull',
  ],
  ['a report of no kind', check(SOURCE, TARGET, '--inputs', ARRAYS, '--report', inside('a.foo')), 2, 'a.foo', '.json'],
  ['a report below a file', check(SOURCE, TARGET, '--inputs', ARRAYS, '--report', join(ARRAYS, 'a.json')), 2, 'cannot be written'],
  [
    'a report that is a folder',
    check(SOURCE, TARGET, '--inputs', ARRAYS, '--report', `${folder.write('folder.json/x', '')}/..`),
    2,
    'folder.json',
  ],
  ['the models in the wrong order', check(TARGET, SOURCE, '--inputs', ARRAYS), 2, `parity check ${SOURCE} ${TARGET}`],
  ['a run without an output', ['run', TARGET, '--random', '1'], 2, 'output'],
  ['an output that is a folder', ['run', TARGET, '--random', '1', '--output', `${folder.write('folder.npz/x', '')}/..`], 2, 'folder.npz'],
  ['a folder that is a file', ['run', TARGET, '--random', '1', '--output', folder.write('file', '')], 2, 'it is a file'],
]

const SAMPLES: Case[] = [
  ['a path that is not there', check(SOURCE, TARGET, '--inputs', inside('nothing')), 2, 'nothing', 'does not exist'],
  ['an empty folder', check(SOURCE, TARGET, '--inputs', inside('empty')), 2, 'holds no sample'],
  ['a truncated archive', check(SOURCE, TARGET, '--inputs', cut(ARRAYS, 'cut.npz', 0.5)), 2, 'cut.npz'],
  [
    'a truncated picture',
    check(SOURCE, TARGET, '--scale', '1', '--inputs', cut(golden('digits/samples/0.png'), 'cut.png', 0.5)),
    2,
    'cut.png',
  ],
  ['another shape', check(SOURCE, TARGET, '--inputs', arrays('shape.npz', { [INPUT]: [1, 8, 8, 1] })), 2, /16, ?16, ?1/, /8, ?8, ?1/],
  ['another name', check(SOURCE, TARGET, '--inputs', arrays('name.npz', { a: [3], b: [4] })), 2, INPUT, /\ba\b/],
]

const MODELS: Case[] = [
  ['a path that is not there', check(inside('nothing.tflite'), TARGET, '--inputs', ARRAYS), 2, 'nothing.tflite', 'there is no such file'],
  ['an empty file', check(folder.write('empty.tflite', ''), TARGET, '--inputs', ARRAYS), 3, 'empty.tflite', 'empty'],
  ['a picture', check(golden('digits/samples/0.png'), TARGET, '--inputs', ARRAYS), 3, '0.png', 'a PNG picture, not a model'],
  [
    'a picture by the name of a model',
    check(SOURCE, folder.write('a.mlmodel', readFileSync(golden('digits/samples/0.png'))), '--inputs', ARRAYS),
    3,
    'a.mlmodel',
  ],
  ['a folder that is no model', check(golden('digits/samples'), TARGET, '--inputs', ARRAYS), 3, '0.png'],
  ['half a .tflite', check(cut(SOURCE, 'half.tflite', 0.5), TARGET, '--inputs', ARRAYS), 3, 'half.tflite'],
  ['the head of a .tflite', check(cut(SOURCE, 'head.tflite', 0.002), TARGET, '--inputs', ARRAYS), 3, 'head.tflite'],
  ['half a .mlmodel', check(SOURCE, cut(TARGET, 'half.mlmodel', 0.5), '--inputs', ARRAYS), 3, 'half.mlmodel'],
  [
    'a package without its weights',
    check(SOURCE, packageWithout('Data/com.apple.CoreML/weights', 'weightless.mlpackage'), '--inputs', ARRAYS),
    3,
    'weight.bin',
  ],
  [
    'a package without its model',
    check(SOURCE, packageWithout('Data/com.apple.CoreML/model.mlmodel', 'modelless.mlpackage'), '--inputs', ARRAYS),
    3,
    'model.mlmodel',
  ],
  [
    'a package without its manifest',
    check(SOURCE, packageWithout('Manifest.json', 'manifestless.mlpackage'), '--inputs', ARRAYS),
    3,
    'Manifest.json',
  ],
  ['a package whose weights are cut off', check(SOURCE, packageWithShortWeights(), '--inputs', ARRAYS), 3, 'weight.bin'],
  ['a target that is no Core ML model', check(SOURCE, SOURCE, '--inputs', ARRAYS), 3, 'only Core ML models are targets'],
  ['an unknown op', ['run', unknownOp(), '--random', '1', '--output', inside('u.npz')], 3, "op type 'reluu'", 'relu'],
]

folder.write('broken.mjs', '}{')
const before = readdirSync(folder.path)

describe.concurrent.each([
  ['calls', CALLS],
  ['samples', SAMPLES],
  ['models', MODELS],
])('wrong %s', (_, cases) => {
  it.each(cases)('%s', async (_, args, code, ...says) => {
    const ended = await parity(args)
    expect(ended.stdout).toBe('')
    for (const text of says) expect(ended.stderr).toMatch(text)
    expect(ended.stderr).toMatch(code === 2 ? /code: {3}(USAGE|INPUT)_/ : /code: {3}(MODEL|UNSUPPORTED)_/)
    expect(ended.stderr.slice(ended.stderr.indexOf('parity: ')).split('\n').length).toBeLessThanOrEqual(5)
    expect(ended.stderr).not.toContain('    at ')
    expect(ended.code).toBe(code)
  })
})

it('nothing is left behind', () => {
  expect(readdirSync(folder.path)).toEqual(before)
})

it('--debug adds the chain of causes', async () => {
  const { code, stderr } = await parity(
    check(SOURCE, TARGET, '--random', '1', '--custom-layer', `Swish=${inside('broken.mjs')}`, '--debug'),
  )
  expect(code).toBe(2)
  expect(stderr).toContain('    at ')
  expect(stderr).toContain('SyntaxError')
})

it.each([[[]], [['check']], [['run']], [['inspect']]])('--help of %j fits 100 columns', async (command) => {
  const { code, stdout } = await parity([...command, '--help'])
  expect(code).toBe(0)
  expect(stdout).toContain(['parity', ...command].join(' '))
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
})

it('--version', async () => {
  expect((await parity(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})
