/** Pairs of outputs and what is different about them: what `pairOutputs` is asked and what it answers. */
import type { DType, Tensor } from '../../kernels/tensor.js'
import type { OutputFeature } from '../graph/model.js'
import type { Alignment } from './align.js'
import type { Layout } from './layout.js'

/** A run of indices along one axis; `end` is exclusive. */
export interface Slice {
  axis: number
  start: number
  end: number
}

/** A fact about a pair. `samples`: indices of the samples on which it shows. */
export type OutputDifference = { samples: number[] } & (
  | { kind: 'shape'; source: number[]; target: number[] }
  /** The same numbers in another order of axes: axis i of the target is axis order[i] of the source, dimensions of one aside. */
  | { kind: 'axes'; order: number[]; source: number[]; target: number[] }
  /** Lengths along an axis whose length is open, on the first of the samples. */
  | { kind: 'rows'; axis: number; source: number; target: number }
  | { kind: 'dtype'; source: DType; target: DType }
  /** The pair's target shows the numbers of the source's output `with.source`, the target's output `with.target` those of the pair's source. */
  | { kind: 'swapped'; with: { source: string; target: string } }
  /** One side has one output where the other has several, here in the order in which they make it up along `axis` of the whole. */
  | { kind: 'parts'; whole: 'source' | 'target'; of: string[]; axis: number }
  /** The target's value `at` stands for the source's output, and the target goes on with so many ops to its own; their types once each. */
  | { kind: 'longer'; at: string; ops: number; types: string[] }
)

export interface OutputPair {
  source: OutputFeature
  target: OutputFeature
  /** The value of the target that is compared: what its output shows, or the inner value that stands for the source's output. */
  value: string
  /** How the elements are compared, those of the slice where there is one. */
  layout: Layout
  by: 'map' | 'name' | 'order' | 'value'
  /** The part of one side's value that is compared with the other's whole. */
  slice?: Slice & { of: 'source' | 'target' }
  differences: OutputDifference[]
}

export interface OutputPairing {
  /** In the order of the source's outputs. An output is in several where it stands for parts, and a target's where it goes on from several. */
  pairs: OutputPair[]
  unpairedSource: OutputFeature[]
  unpairedTarget: OutputFeature[]
}

/** Of one sample: the values that the outputs show, by value name, in real units. */
export interface OutputSample {
  source: ReadonlyMap<string, Tensor>
  target: ReadonlyMap<string, Tensor>
}

export interface PairOutputsOptions {
  /** Labels of a classifier are left aside on both sides: they are judged by its probabilities. */
  source: readonly OutputFeature[]
  target: readonly OutputFeature[]
  /** At least one. */
  samples: readonly OutputSample[]
  alignment: Alignment
  /** Source output to target output, as the user says. */
  map: ReadonlyMap<string, string>
  /** Largest difference, relative to a value's largest magnitude, at which numbers count as the same. */
  tolerance: number
}

export const valueNameOf = (feature: OutputFeature): string => feature.value ?? feature.name
