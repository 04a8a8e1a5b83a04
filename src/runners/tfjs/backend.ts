/**
 * TensorFlow.js as a calculator for the heavy ops: loaded when the first session is made, never before, and without a network:
 * the wasm binary is read from its package. Everything a session computes between two awaits runs on one backend; `activate` chooses it.
 */
import type * as tfjs from '@tensorflow/tfjs-core'
import type { Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Backend } from '../session.js'

export type Tfjs = typeof tfjs

interface BackendRow {
  /** Name within TensorFlow.js. */
  name: string
  module: string
}

const BACKENDS: { readonly [B in Backend]: BackendRow } = {
  wasm: { name: 'wasm', module: '@tensorflow/tfjs-backend-wasm' },
  cpu: { name: 'cpu', module: '@tensorflow/tfjs-backend-cpu' },
  node: { name: 'tensorflow', module: '@tensorflow/tfjs-node' },
}

/** @throws ParityError UNSUPPORTED_BACKEND where the backend's package is not installed, USAGE_BACKEND for an unknown name */
export async function loadDevice(backend: Backend): Promise<Device> {
  const row = BACKENDS[backend]
  if (!row) {
    throw new ParityError('USAGE_BACKEND', {
      what: `Unknown backend ${backend}`,
      remedy: `Choose one of ${Object.keys(BACKENDS).join(', ')}`,
    })
  }
  const tf = await import('@tensorflow/tfjs-core')
  try {
    await import(row.module)
  } catch (cause) {
    throw new ParityError('UNSUPPORTED_BACKEND', {
      what: `The TensorFlow.js backend ${backend} cannot be loaded`,
      remedy: `Install it beside this package: npm install ${row.module}`,
      cause,
    })
  }
  tf.enableProdMode()
  const device = new Device(tf, backend, row.name)
  await device.activate()
  return device
}

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection'] as const

/** Runs `start` and takes away the listeners that it leaves on the process: the wasm module's own would change how errors end a program. */
async function withoutListeners<T>(start: () => Promise<T>): Promise<T> {
  const before = new Set<unknown>(PROCESS_EVENTS.flatMap((event) => process.listeners(event as 'uncaughtException')))
  try {
    return await start()
  } finally {
    for (const event of PROCESS_EVENTS) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before.has(listener)) process.removeListener(event, listener)
      }
    }
  }
}

export class Device {
  /** Constants that stay on the device for as long as the session, by the array that holds them and what they were made into. */
  private readonly kept = new Map<object, Map<string, tfjs.Tensor>>()

  constructor(
    readonly tf: Tfjs,
    readonly backend: Backend,
    private readonly name: string,
  ) {}

  get version(): string {
    return this.tf.version_core
  }

  /** Makes this device's backend the one that computes, until somebody else's is. */
  async activate(): Promise<void> {
    if (this.tf.getBackend() === this.name) return
    const cause = await withoutListeners(() => this.tf.setBackend(this.name)).then(
      (started) => (started ? null : new Error('setBackend said no')),
      (error: unknown) => error,
    )
    if (cause !== null) {
      throw new ParityError('UNSUPPORTED_BACKEND', {
        what: `The TensorFlow.js backend ${this.backend} does not start here`,
        remedy: `Install its package at version ${this.version}, or choose another backend`,
        cause,
      })
    }
  }

  /** From now on `weight` keeps what it makes of this tensor. */
  keep(constant: Tensor): void {
    if (!this.kept.has(constant.data)) this.kept.set(constant.data, new Map())
  }

  /** `make()`'s result, made once a session for a constant and `purpose`. Only within `compute`. */
  weight<T extends tfjs.Tensor>(constant: Tensor, purpose: string, make: () => T): T {
    const made = this.kept.get(constant.data)
    if (!made) return make()
    const known = made.get(purpose)
    if (known) return known as T
    const weight = this.tf.keep(make())
    made.set(purpose, weight)
    return weight
  }

  /**
   * Elements of what `body` computes; everything else that it makes is freed.
   * @throws ParityError MODEL_OPERATOR where TensorFlow.js refuses the shapes
   */
  compute(body: (tf: Tfjs) => tfjs.Tensor): Float32Array {
    let result: tfjs.Tensor | undefined
    try {
      result = this.tf.tidy(() => body(this.tf))
      return result.dataSync<'float32'>()
    } catch (cause) {
      if (cause instanceof ParityError) throw cause
      throw new ParityError('MODEL_OPERATOR', { what: `TensorFlow.js refuses: ${cause instanceof Error ? cause.message : cause}`, cause })
    } finally {
      result?.dispose()
    }
  }

  close(): void {
    for (const made of this.kept.values()) for (const weight of made.values()) weight.dispose()
    this.kept.clear()
  }
}
