/**
 * The kit of parameter kinds that op rows are declared with. A parameter is given by operands (any tensor, constant or not) or by
 * an attribute of the node; reading one checks it and turns it into the plain value that the op's function takes.
 */
import { type DType, isFloat, type Tensor } from '../../kernels/tensor.js'
import type { Attribute } from '../graph/graph.js'

/** What a node gives for one parameter. */
export interface Given {
  operands: Tensor[]
  attribute: Attribute | undefined
  /** All of the node's attributes, for parameters that stand for the whole message. */
  attributes: { [key: string]: Attribute }
}

/** What a parameter can have wrong: it is not there, or its dtype, its shape or the value itself is another than declared. */
export type Fault = 'missing' | 'dtype' | 'shape' | 'value'

/** Throws the error that names the op, the parameter and the place. */
export type Complain = (what: string, fault: Fault) => never

export interface Parameter<T> {
  /** 'tensor<float, rank 3 to 5>', 'integers, default [1, 1]': for docs and messages. */
  readonly description: string
  readonly required: boolean
  /** Its elements are numbers to compute with, which rounding may move; else they decide where elements go: sizes, axes, a mode. */
  readonly moves: boolean
  /** Takes every operand that is left, in order. @default false */
  readonly variadic?: boolean
  read(given: Given, complain: Complain): T
}

export type Parameters = { readonly [name: string]: Parameter<unknown> }
/** The values that an op's function takes, from the declaration of its parameters. */
export type ValuesOf<P extends Parameters> = { [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

const DOMAINS = {
  any: () => true,
  float: isFloat,
  integer: (dtype: DType) => /^u?int/.test(dtype),
  numeric: (dtype: DType) => isFloat(dtype) || /^u?int/.test(dtype),
  logical: (dtype: DType) => dtype === 'bool' || isFloat(dtype) || /^u?int/.test(dtype),
  bool: (dtype: DType) => dtype === 'bool',
} satisfies Record<string, (dtype: DType) => boolean>

export type Domain = keyof typeof DOMAINS | readonly DType[]

export interface TensorOptions {
  /** @default 'logical': floats, integers and bool */
  types?: Domain
  /** An exact rank, or least and greatest. */
  rank?: number | readonly [number, number]
}

const inDomain = (dtype: DType, domain: Domain): boolean => (typeof domain === 'string' ? DOMAINS[domain](dtype) : domain.includes(dtype))

function describeTensor({ types = 'logical', rank }: TensorOptions): string {
  const ranks =
    rank === undefined
      ? ''
      : typeof rank === 'number'
        ? `, rank ${rank}`
        : `, rank ${rank[0]} ${rank[1] === Infinity ? 'or more' : `to ${rank[1]}`}`
  return `tensor<${typeof types === 'string' ? types : types.join('|')}${ranks}>`
}

function checkTensor(value: Tensor, options: TensorOptions, complain: Complain): Tensor {
  const { types = 'logical', rank } = options
  if (!inDomain(value.dtype, types)) complain(`has dtype ${value.dtype}, expected ${describeTensor(options)}`, 'dtype')
  if (rank !== undefined) {
    const [least, most] = typeof rank === 'number' ? [rank, rank] : rank
    if (value.shape.length < least || value.shape.length > most)
      complain(`has shape [${value.shape}], expected ${describeTensor(options)}`, 'shape')
  }
  return value
}

/** The only operand, or undefined. */
function operandOf({ operands }: Given, complain: Complain): Tensor | undefined {
  return operands.length > 1 ? complain(`has ${operands.length} operands, expected one`, 'value') : operands[0]
}

/** The operand, or an attribute that holds a tensor. */
function tensorOf(given: Given, complain: Complain): Tensor | undefined {
  const operand = operandOf(given, complain)
  if (operand !== undefined) return operand
  const { attribute } = given
  return isTensorAttribute(attribute) ? attribute : undefined
}

export function isTensorAttribute(attribute: Attribute | undefined): attribute is Tensor {
  return typeof attribute === 'object' && 'dtype' in attribute && 'data' in attribute
}

/** A tensor: whatever the node's operand holds when it runs. */
export function tensor<T extends Tensor = Tensor>(options: TensorOptions = {}): Parameter<T> {
  return {
    description: describeTensor(options),
    required: true,
    moves: true,
    read: (given, complain) => checkTensor(tensorOf(given, complain) ?? complain('is missing', 'missing'), options, complain) as T,
  }
}

/** A tensor that the node may leave out. */
export function optionalTensor<T extends Tensor = Tensor>(options: TensorOptions = {}): Parameter<T | undefined> {
  return {
    description: `${describeTensor(options)}, optional`,
    required: false,
    moves: true,
    read(given, complain) {
      const value = tensorOf(given, complain)
      return value && (checkTensor(value, options, complain) as T)
    },
  }
}

/** Operands of a variadic parameter, in order. */
export function tensors<T extends Tensor = Tensor>(options: TensorOptions & { least?: number; most?: number } = {}): Parameter<T[]> {
  const { least = 1, most = Infinity } = options
  const count = least === most ? `${least}` : most === Infinity ? `${least} or more` : `${least} to ${most}`
  return {
    description: `${count} of ${describeTensor(options)}`,
    required: least > 0,
    moves: true,
    variadic: true,
    read({ operands }, complain) {
      if (operands.length < least || operands.length > most) complain(`has ${operands.length} operands, expected ${count}`, 'missing')
      return operands.map((value) => checkTensor(value, options, complain) as T)
    },
  }
}

type Scalar = number | string | boolean

function scalarsOf(given: Given, complain: Complain): Scalar[] | undefined {
  const value = operandOf(given, complain)
  const { attribute } = given
  if (value !== undefined) return Array.from(value.data as ArrayLike<number | bigint | string>, (element) => asScalar(element, complain))
  if (attribute === undefined) return undefined
  if (Array.isArray(attribute)) return attribute.map((element) => asScalar(element, complain))
  if (isTensorAttribute(attribute))
    return Array.from(attribute.data as ArrayLike<number | bigint | string>, (element) => asScalar(element, complain))
  return [asScalar(attribute, complain)]
}

function asScalar(element: unknown, complain: Complain): Scalar {
  if (typeof element === 'bigint') return Number(element)
  if (typeof element === 'number' || typeof element === 'string' || typeof element === 'boolean') return element
  return complain('is not a scalar or a list of scalars', 'value')
}

function describeDefault(fallback: { default?: unknown } | undefined): string {
  if (fallback === undefined || !('default' in fallback)) return ''
  const { default: value } = fallback
  if (value === undefined) return ', optional'
  return `, default ${typeof value === 'string' ? `'${value}'` : JSON.stringify(value)}`
}

function list<T, D>(
  kind: string,
  convert: (element: Scalar, complain: Complain) => T,
  fallback: { default?: D } | undefined,
): Parameter<T[] | D> {
  const hasDefault = fallback !== undefined && 'default' in fallback
  return {
    description: `${kind}s${describeDefault(fallback)}`,
    required: !hasDefault,
    moves: kind === 'number',
    read(given, complain) {
      const scalars = scalarsOf(given, complain)
      if (scalars) return scalars.map((element) => convert(element, complain))
      return hasDefault ? (fallback.default as D) : complain('is missing', 'missing')
    },
  }
}

function single<T, D>(
  kind: string,
  convert: (element: Scalar, complain: Complain) => T,
  fallback: { default?: D } | undefined,
): Parameter<T | D> {
  const hasDefault = fallback !== undefined && 'default' in fallback
  return {
    description: `${kind}${describeDefault(fallback)}`,
    required: !hasDefault,
    moves: kind === 'number',
    read(given, complain) {
      const scalars = scalarsOf(given, complain)
      if (scalars === undefined) return hasDefault ? (fallback.default as D) : complain('is missing', 'missing')
      if (scalars.length !== 1) complain(`has ${scalars.length} elements, expected one ${kind}`, 'shape')
      return convert(scalars[0]!, complain)
    },
  }
}

const asNumber = (element: Scalar, complain: Complain): number =>
  typeof element === 'number' ? element : complain(`is ${JSON.stringify(element)}, expected a number`, 'value')
const asInteger = (element: Scalar, complain: Complain): number =>
  typeof element === 'number' && Number.isInteger(element)
    ? element
    : complain(`is ${JSON.stringify(element)}, expected an integer`, 'value')
const asBoolean = (element: Scalar, complain: Complain): boolean =>
  typeof element === 'boolean'
    ? element
    : typeof element === 'number'
      ? element !== 0
      : complain(`is ${JSON.stringify(element)}, expected true or false`, 'value')
const oneOf =
  <S extends string>(choices: readonly S[] | undefined) =>
  (element: Scalar, complain: Complain): S => {
    if (typeof element !== 'string') return complain(`is ${JSON.stringify(element)}, expected a string`, 'value')
    if (choices && !choices.includes(element as S))
      return complain(`is '${element}', expected ${choices.map((choice) => `'${choice}'`).join(', ')}`, 'value')
    return element as S
  }

/** One number; `{ default }` makes it optional (a default of undefined: absent). */
export function number(): Parameter<number>
export function number<D>(fallback: { default: D }): Parameter<number | D>
export function number<D>(fallback?: { default: D }): Parameter<number | D> {
  return single('number', asNumber, fallback)
}
export function integer(): Parameter<number>
export function integer<D>(fallback: { default: D }): Parameter<number | D>
export function integer<D>(fallback?: { default: D }): Parameter<number | D> {
  return single('integer', asInteger, fallback)
}
export function boolean(): Parameter<boolean>
export function boolean<D>(fallback: { default: D }): Parameter<boolean | D>
export function boolean<D>(fallback?: { default: D }): Parameter<boolean | D> {
  return single('boolean', asBoolean, fallback)
}
/** One of the given words, or any text where no words are given. */
export function text<S extends string>(choices?: readonly S[]): Parameter<S>
export function text<S extends string, const D extends S | undefined>(
  choices: readonly S[] | undefined,
  fallback: { default: D },
): Parameter<S | D>
export function text<S extends string, const D extends S | undefined>(choices?: readonly S[], fallback?: { default: D }): Parameter<S | D> {
  return single(choices ? choices.map((choice) => `'${choice}'`).join('|') : 'text', oneOf(choices), fallback)
}
export function integers(): Parameter<number[]>
export function integers<D>(fallback: { default: D }): Parameter<number[] | D>
export function integers<D>(fallback?: { default: D }): Parameter<number[] | D> {
  return list('integer', asInteger, fallback)
}
export function numbers(): Parameter<number[]>
export function numbers<D>(fallback: { default: D }): Parameter<number[] | D>
export function numbers<D>(fallback?: { default: D }): Parameter<number[] | D> {
  return list('number', asNumber, fallback)
}
export function booleans(): Parameter<boolean[]>
export function booleans<D>(fallback: { default: D }): Parameter<boolean[] | D>
export function booleans<D>(fallback?: { default: D }): Parameter<boolean[] | D> {
  return list('boolean', asBoolean, fallback)
}

/**
 * A layer's own message, whole, as the reader gives it: every scalar present, oneofs and submessages present only where the file has them.
 * `T` names the fields that the op reads.
 */
export function message<T>(): Parameter<T> {
  return { description: "the layer's message", required: true, moves: false, read: ({ attributes }) => attributes as T }
}

/**
 * A parameter whose numbers decide where elements come from (a factor of an upsampling, the ends of a range), or whose share in the result's
 * rounding the row states in another way: the numbers themselves are never moved.
 */
export const exactly = <T>(parameter: Parameter<T>): Parameter<T> => ({ ...parameter, moves: false })
