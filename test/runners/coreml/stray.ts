/**
 * What a row of an op table declares about rounding, as a number for each element: how far the results of many draws lie from the undisturbed
 * one (root mean square), when operands, results and what is rounded between them move by as many units of 2^-24 as the row says.
 */
import { PLAIN } from '../../../kernels/arithmetic.js'
import { reference } from '../../../kernels/index.js'
import type { Tensor } from '../../../kernels/tensor.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { milOps } from '../../../src/runners/coreml/mil/index.js'
import { layerOps } from '../../../src/runners/coreml/nn/index.js'
import { type Context, OPSETS, type Op, type Rounding } from '../../../src/runners/coreml/op.js'
import { generator } from '../../../src/runners/coreml/random.js'

export const UNIT = 2 ** -24
const DRAWS = 32
/** Where a decision fell, as many as the judge makes. */
export const DECISION_DRAWS = 160

export interface Call {
  /** A layer's type begins with `nn:`; of an ML Program op the newest row is meant. */
  op: string
  operands: { readonly [parameter: string]: Tensor | readonly Tensor[] }
  attributes?: { readonly [name: string]: Attribute }
}

export function rowOf(type: string): Op {
  const [rows, name] = type.startsWith('nn:') ? [layerOps, type.slice(3)] : [milOps, type]
  const found = rows.filter((row) => row.type === name).sort((a, b) => OPSETS.indexOf(b.since) - OPSETS.indexOf(a.since))[0]
  if (!found) throw new Error(`no row ${type}`)
  return found
}

const UNITS: { readonly [rounding in Rounding]: number } = { exact: 0, rounded: 1, transcendental: 4, accumulating: 1 }

type Wobble = (units: number) => number

function contextOf(wobble: Wobble | undefined): Context {
  const refuse = (what: string): never => {
    throw new Error(what)
  }
  return {
    kernels: reference,
    arithmetic: PLAIN,
    declared: () => ({ dtype: null, shape: null }),
    wobble,
    reserve: () => undefined,
    fail: refuse,
    unsupported: refuse,
  } as unknown as Context
}

function readAll(row: Op, operands: ReadonlyMap<string, readonly Tensor[]>, attributes: Call['attributes'] = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row.parameters).map(([name, parameter]) => [
      name,
      parameter.read({ operands: [...(operands.get(name) ?? [])], attribute: attributes[name], attributes }, (what) => {
        throw new Error(`${name} ${what}`)
      }),
    ]),
  )
}

/** A copy whose elements move by up to `units` of themselves and a unit of `magnitudes`; whole numbers throughout stay. */
function moved(value: Tensor, units: number, magnitudes: number | Float32Array, wobble: Wobble): Tensor {
  if (!(value.data instanceof Float32Array) || value.data.every(Number.isInteger)) return value
  const data = Float64Array.from(
    value.data,
    (x, i) => x + wobble(units * Math.abs(x)) + wobble(typeof magnitudes === 'number' ? magnitudes : magnitudes[i]!),
  )
  // a draw is kept in double: rounding it to float32 would add what is not declared
  return { ...value, data: data as unknown as Float32Array<ArrayBuffer> } as Tensor
}

const numbersOf = ({ data }: Tensor): Float64Array => Float64Array.from(data as Float32Array)

/** The first result of the row's function, undisturbed, and how far each of its elements strays. */
export function declared({ op, operands, attributes }: Call, draws = DRAWS): { result: Float64Array; stray: Float64Array } {
  const row = rowOf(op)
  const given = new Map(Object.entries(operands).map(([name, value]) => [name, [value].flat() as Tensor[]]))
  const values = readAll(row, given, attributes)
  const rounding = row.roundingOf(values)
  const sums = rounding === 'accumulating' ? Math.sqrt(row.terms(values)) / 4 : 0
  const result = numbersOf(row.run(values, contextOf(undefined))[0]!)
  const squares = new Float64Array(result.length)
  for (let draw = 0; draw < draws; draw++) {
    const next = generator()(draw + 1)
    const wobble: Wobble = (units) => (2 * next() - 1) * units * UNIT
    const context = contextOf(wobble)
    const operandUnits = rounding === 'accumulating' ? 1 + sums : 0
    const noisy = new Map(
      [...given].map(([name, list]) => [
        name,
        row.parameters[name]!.moves && operandUnits > 0 ? list.map((value) => rounded(moved(value, operandUnits, 0, wobble))) : list,
      ]),
    )
    const noisyValues = readAll(row, noisy, attributes)
    const results = row.run(noisyValues, context)
    const magnitudes = row.intermediates(noisyValues, results, context)
    const drawn = numbersOf(moved(results[0]!, UNITS[rounding] + sums, magnitudes, wobble))
    for (let i = 0; i < result.length; i++) squares[i]! += (drawn[i]! - result[i]!) ** 2
  }
  return { result, stray: squares.map((sum) => Math.sqrt(sum / draws)) }
}

/** Operands are float32 again. */
const rounded = (value: Tensor): Tensor => ({ ...value, data: Float32Array.from(value.data as Float32Array) }) as Tensor
