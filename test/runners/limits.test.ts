/** What a run may take: work and memory are counted before they are spent, in both engines. */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openModel } from '../../src/formats/index.js'
import type { Graph } from '../../src/graph/graph.js'
import { createCoremlSession } from '../../src/runners/coreml/session.js'
import { checkMemory, Meter, memoryLimitOf } from '../../src/runners/limits.js'
import type { SessionOptions } from '../../src/runners/session.js'
import { array, encodeModel, type Fields, layer, networkModel, scratch, weights } from '../support/coreml.js'
import { float32 } from '../support/graphs.js'
import { sessionOf } from './tfjs/run.js'

const folder = scratch()
afterAll(() => folder.remove())

const GIGA = 1e9
const graph = (name: string): Graph => ({ name, inputs: [], outputs: [], values: new Map(), nodes: [] })
const where = () => 'op x'

describe('a meter', () => {
  it('counts a body as a loop from its second run on, and what it runs with it', () => {
    const meter = new Meter({})
    const [loop, inner] = [graph('loop'), graph('inner')]
    meter.add(11 * GIGA, where)
    meter.body(loop, () => meter.add(11 * GIGA, where))
    expect(() => meter.body(graph('another'), () => meter.add(11 * GIGA, where))).not.toThrow()
    expect(() => meter.body(loop, () => meter.body(inner, () => meter.add(11 * GIGA, where)))).toThrow(
      "after 3 ops the run's loops would pass the limit of 10 billion products and elements",
    )
    meter.add(11 * GIGA, where)
  })

  it('refuses work of a whole run before it is done', () => {
    const meter = new Meter({})
    meter.check(999 * GIGA, where)
    meter.add(999 * GIGA, where)
    expect(() => meter.check(2 * GIGA, where)).toThrow('after 1 ops the run would pass the limit of 1000 billion')
    meter.check(GIGA, where)
  })

  it('keeps to the limit that is given, in loops and elsewhere', () => {
    const loop = graph('loop')
    const meter = new Meter({ workLimit: 100 })
    for (let i = 0; i < 4; i++) meter.body(loop, () => meter.add(24 * GIGA, where))
    expect(() => meter.body(loop, () => meter.add(24 * GIGA, where))).toThrow('the run would pass the limit of 100 billion')
  })
})

describe('progress', () => {
  it('is told once a second, with the op and the work so far', () => {
    let time = 0
    const heard: string[] = []
    const meter = new Meter({ onProgress: (line) => heard.push(line) }, () => time)
    for (let i = 0; i < 100; i++) {
      time += 100
      meter.add(0.1 * GIGA, where)
    }
    expect(heard).toHaveLength(10)
    expect(heard[0]).toBe('op x: 10 ops so far, 1.0 billion products and elements')
  })
  it('is not told of a short run', () => {
    const heard: string[] = []
    const meter = new Meter({ onProgress: (line) => heard.push(line) }, () => 0)
    for (let i = 0; i < 100; i++) meter.add(0.1 * GIGA, where)
    expect(heard).toEqual([])
  })
})

describe('memory', () => {
  it('is half of what there is, or what is given', () => {
    expect(memoryLimitOf({ memoryLimit: 3 })).toBe(3e6)
    expect(memoryLimitOf({})).toBeGreaterThan(1e8)
    expect(memoryLimitOf({})).toBeLessThan(Infinity)
  })
  it('is refused beyond the limit alone', () => {
    checkMemory(100, 100, 'x')
    expect(() => checkMemory(2.5e6, 1e6, 'x')).toThrow("the run's values would take 2.5 MB at once, more than the limit of 1 MB (x)")
  })
})

let files = 0
async function network(layers: readonly Fields[], input: readonly Fields[], output: string, options: SessionOptions) {
  const model = networkModel({ layers, input, output: [array(output, [])] })
  return createCoremlSession(await openModel(folder.write(`${files++}.mlmodel`, encodeModel(model))), options)
}

/** loop while 1: state = W state, for a state of `size` numbers; `most` 0: without end. */
const recurrence = (size: number, most: number): Fields[] => [
  layer('start', 'copy', ['x'], ['state']),
  layer('one', 'loadConstantND', [], ['go'], { shape: [1], data: weights([1]) }),
  layer('loop', 'loop', [], [], {
    maxLoopIterations: most,
    conditionVar: 'go',
    conditionNetwork: { layers: [layer('keep', 'copy', ['go'], ['go'])] },
    bodyNetwork: {
      layers: [
        layer('product', 'innerProduct', ['state'], ['next'], {
          inputChannels: size,
          outputChannels: size,
          weights: weights(new Array(size * size).fill(0)),
        }),
        layer('again', 'copy', ['next'], ['state']),
      ],
    },
  }),
  layer('end', 'copy', ['state'], ['y']),
]

describe('Core ML', () => {
  it.each([4, 256])('a loop that never ends is ended by its work, whatever its body holds (%i numbers)', async (size) => {
    const session = await network(recurrence(size, 0), [array('x', [size])], 'y', { workLimit: 0.5 })
    await expect(session.run({ x: float32([size], new Array(size).fill(1)) })).rejects.toMatchObject({
      code: 'UNSUPPORTED_WORK_LIMIT',
      where: expect.stringContaining('layer'),
      remedy: expect.stringContaining('--work-limit'),
    })
  })

  it('a loop that ends within the limit runs', async () => {
    const session = await network(recurrence(256, 100), [array('x', [256])], 'y', { workLimit: 3 })
    expect((await session.run({ x: float32([256], new Array(256).fill(1)) })).get('y')!.data).toHaveLength(256)
  })

  /** state = state + state, side by side, `most` times. */
  const doubling = (most: number): Fields[] => [
    layer('start', 'copy', ['x'], ['state']),
    layer('loop', 'loop', [], [], {
      maxLoopIterations: most,
      bodyNetwork: {
        layers: [layer('twice', 'concatND', ['state', 'state'], ['next'], { axis: 0 }), layer('again', 'copy', ['next'], ['state'])],
      },
    }),
    layer('end', 'copy', ['state'], ['y']),
  ]

  it('a value that grows with every turn of a loop is refused before it is made', async () => {
    const before = process.memoryUsage().arrayBuffers
    const session = await network(doubling(100), [array('x', [1])], 'y', { memoryLimit: 64 })
    await expect(session.run({ x: float32([1], [1]) })).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEMORY_LIMIT',
      what: expect.stringMatching(/^the run's values would take [\d.]+ MB at once, more than the limit of 64 MB$/),
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6)
    const small = await network(doubling(10), [array('x', [1])], 'y', { memoryLimit: 64 })
    expect((await small.run({ x: float32([1], [1]) })).get('y')!.shape).toEqual([1024])
  })

  it('one value beyond the limit is refused before it is made, a smaller one is not', async () => {
    const filled = (side: number) =>
      network([layer('fill', 'fillStatic', [], ['y'], { value: 1, targetShape: [side, side] })], [array('x', [1])], 'y', {
        memoryLimit: 64,
      })
    const before = process.memoryUsage().arrayBuffers
    await expect((await filled(20000)).run({ x: float32([1], [1]) })).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEMORY_LIMIT',
      what: "the run's values would take 1600 MB at once, more than the limit of 64 MB",
      where: expect.stringContaining("op 'fill' of type fillStatic"),
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6)
    expect((await (await filled(2000)).run({ x: float32([1], [1]) })).get('y')!.shape).toEqual([2000, 2000])
  })

  it('inputs beyond the limit are refused before they are converted', async () => {
    const session = await network([layer('c', 'copy', ['x'], ['y'])], [array('x', [1000])], 'y', { memoryLimit: 3e-3 })
    const x = { dtype: 'uint8', shape: [1000], data: new Uint8Array(1000) } as const
    await expect(session.run({ x: { ...x, shape: [1000] } })).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEMORY_LIMIT',
      where: "input 'x'",
    })
  })

  it('Ctrl-C ends a loop that never ends', async () => {
    const model = folder.write(
      'endless.mlmodel',
      encodeModel(networkModel({ layers: recurrence(64, 0), input: [array('x', [64])], output: [array('y', [64])] })),
    )
    const main = join(import.meta.dirname, '../../dist/src/cli/main.js')
    const output = join(folder.path, 'y.npz')
    const child = spawn(process.execPath, [main, 'run', model, '--random', '1', '--output', output, '--work-limit', '1000000'])
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(child.exitCode).toBeNull()
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))
    child.kill('SIGINT')
    expect(await ended).toBe('SIGINT')
    expect(readdirSync(folder.path).filter((name) => name.startsWith('y.npz'))).toEqual([])
  })
})

describe('TensorFlow Lite', () => {
  const scalar = (name: string, type = 'FLOAT32') => ({ name, type, shape: [] })
  /** while (true) x = body(x) */
  const endless = (body: object) => [
    {
      tensors: [
        { name: 'x', shape: [1], signature: [-1] },
        { name: 'y', shape: [1], signature: [-1] },
      ],
      inputs: [0],
      outputs: [1],
      operators: [
        { type: 'WHILE', inputs: [0], outputs: [1], options: ['WhileOptions', { cond_subgraph_index: 1, body_subgraph_index: 2 }] },
      ],
    },
    {
      tensors: [
        { name: 'a', shape: [1] },
        { ...scalar('go', 'BOOL'), data: Uint8Array.of(1) },
      ],
      inputs: [0],
      outputs: [1],
      operators: [],
    },
    {
      tensors: [
        { name: 'a', shape: [1] },
        { name: 'b', shape: [1] },
      ],
      inputs: [0],
      outputs: [1],
      operators: [body],
    },
  ]
  const x = { x: float32([1], [1]) }

  it('a loop that never ends is ended by its work', async () => {
    const session = await sessionOf(endless({ type: 'NEG', inputs: [0], outputs: [1] }) as never, { workLimit: 1 })
    await expect(session.run(x)).rejects.toMatchObject({ code: 'UNSUPPORTED_WORK_LIMIT', what: expect.stringContaining('of 1 billion') })
  })

  it('a value that grows with every turn of a loop is refused', async () => {
    const concat = { type: 'CONCATENATION', inputs: [0, 0], outputs: [1], options: ['ConcatenationOptions', { axis: 0 }] }
    const session = await sessionOf(endless(concat) as never, { memoryLimit: 64 })
    await expect(session.run(x)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEMORY_LIMIT' })
  })

  it('one value beyond the limit is refused before it is made, a smaller one is not', async () => {
    const filled = (side: number) =>
      sessionOf(
        [
          {
            tensors: [
              { name: 'dims', type: 'INT32', shape: [2], data: Int32Array.of(side, side) },
              scalar('value'),
              { name: 'y', shape: [1, 1], signature: [-1, -1] },
            ],
            inputs: [1],
            outputs: [2],
            operators: [{ type: 'FILL', inputs: [0, 1], outputs: [2] }],
          },
        ],
        { memoryLimit: 64 },
      )
    const before = process.memoryUsage().arrayBuffers
    await expect((await filled(20000)).run({ value: float32([], [1]) })).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEMORY_LIMIT',
      where: 'op y (FILL), subgraph 0, operator 0',
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6)
    expect((await (await filled(2000)).run({ value: float32([], [1]) })).get('y')!.shape).toEqual([2000, 2000])
  })
})
