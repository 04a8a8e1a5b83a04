/**
 * What one run may take: memory for its live values, and work. A file of a few bytes can ask for any amount of both, so that both are
 * counted before they are spent. Work is counted, not timed: a model ends the same way on a slow machine as on a fast one.
 *
 * A unit of work is a product, an addend or an element, one to five nanoseconds of the kernels in TypeScript; each op counts for some
 * thousands at least, which is what calling it costs.
 */
import { totalmem } from 'node:os'
import { allocate, type DType, sizeOf } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { Graph } from '../graph/graph.js'

/** Part of the machine's memory that the live values of a run may take where the caller says nothing: the rest is for weights and samples. */
const SHARE = 0.5
const BYTES_PER_MB = 1e6
const UNITS_PER_GIGA = 1e9

/** A quarter of an hour and more: a network without loops ends by itself, and may be as large as it likes up to there. */
const MOST_WORK = 1000
/** A minute at most: a loop over a long sequence takes seconds, one whose condition never fails takes all that it gets. */
const MOST_LOOP_WORK = 10

/** Milliseconds between two signs of life. */
const EVERY = 1000
/** Units of work between two looks at the clock. */
const LOOK = 1e7

export interface LimitOptions {
  /** MB. @default half of the memory that the process may use */
  memoryLimit?: number | undefined
  /** Billions of products and elements of one run. @default 1000, of which loops may take 10 */
  workLimit?: number | undefined
  /** Told now and then, while a long run goes on, how far it is. */
  onProgress?: ((message: string) => void) | undefined
}

/** Bytes that the live values of a run may take. */
export function memoryLimitOf({ memoryLimit }: LimitOptions): number {
  if (memoryLimit !== undefined) return memoryLimit * BYTES_PER_MB
  const constrained = process.constrainedMemory()
  return SHARE * (constrained > 0 ? Math.min(constrained, totalmem()) : totalmem())
}

/** Bytes of a value; text counts as its references. */
export function bytesOfShape(dtype: DType, shape: readonly number[]): number {
  const empty = allocate(dtype, 0)
  return sizeOf(shape) * (Array.isArray(empty) ? 8 : empty.BYTES_PER_ELEMENT) * (dtype === 'complex64' ? 2 : 1)
}

/** What memory for a result is estimated by, before its dtype is known. */
export const BYTES_PER_ELEMENT = 4

const megabytes = (bytes: number): string => `${Number((bytes / BYTES_PER_MB).toPrecision(3))} MB`

/** Refuses `bytes`, those of the values that live already included, where they pass the limit. @throws ParityError UNSUPPORTED_MEMORY_LIMIT */
export function checkMemory(bytes: number, limit: number, where: string): void {
  if (bytes <= limit) return
  throw new ParityError('UNSUPPORTED_MEMORY_LIMIT', {
    what: `the run's values would take ${megabytes(bytes)} at once, more than the limit of ${megabytes(limit)}`,
    where,
    remedy: 'Raise --memory-limit, fetch fewer values, or check that the model is what it should be',
  })
}

/** The work of one run. */
export class Meter {
  private total = 0
  private inLoops = 0
  private repeats = false
  private readonly ran = new Set<Graph>()
  private ops = 0
  private looked = 0
  private told: number

  /** @param now milliseconds on a clock that never goes back */
  constructor(
    private readonly options: Pick<LimitOptions, 'workLimit' | 'onProgress'>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.told = now()
  }

  /** Runs a body of a node; from its second time in a run on, what it does is a loop's work. */
  body<T>(graph: Graph, run: () => T): T {
    const repeats = this.repeats
    this.repeats ||= this.ran.has(graph)
    this.ran.add(graph)
    try {
      return run()
    } finally {
      this.repeats = repeats
    }
  }

  /** Refuses work that would pass a limit, before it is done. @throws ParityError UNSUPPORTED_WORK_LIMIT */
  check(units: number, where: () => string): void {
    const { workLimit } = this.options
    if (this.repeats) this.refuse(this.inLoops + units, workLimit ?? MOST_LOOP_WORK, "the run's loops", where)
    this.refuse(this.total + units, workLimit ?? MOST_WORK, 'the run', where)
  }

  /** Counts what an op has done. @throws ParityError UNSUPPORTED_WORK_LIMIT */
  add(units: number, where: () => string): void {
    this.check(units, where)
    this.total += units
    if (this.repeats) this.inLoops += units
    this.ops++
    if (this.total - this.looked >= LOOK) this.tell(where)
  }

  private refuse(units: number, limit: number, subject: string, where: () => string): void {
    if (units <= limit * UNITS_PER_GIGA) return
    throw new ParityError('UNSUPPORTED_WORK_LIMIT', {
      what: `after ${this.ops} ops ${subject} would pass the limit of ${limit} billion products and elements`,
      where: where(),
      remedy: 'Check that loops end on these inputs, or raise --work-limit',
    })
  }

  private tell(where: () => string): void {
    this.looked = this.total
    const now = this.now()
    if (now - this.told < EVERY) return
    this.told = now
    this.options.onProgress?.(
      `${where()}: ${this.ops} ops so far, ${(this.total / UNITS_PER_GIGA).toFixed(1)} billion products and elements`,
    )
  }
}
