/**
 * MIL ops that gather and scatter: coremltools ops/defs/iOS15, iOS16 and iOS17 scatter_gather. iOS16 adds batch_dims; iOS17 adds
 * validate_indices and no longer counts negative indices from the end.
 */
import { SCATTER_MODES, type ScatterMode } from '../../../../kernels/indexing.js'
import { boolean, integer, tensor, text } from '../../parameters.js'
import { type Op, op } from '../op.js'
import * as indexing from '../semantics/indexing.js'

const axis = integer({ default: 0 })
const batch_dims = integer({ default: 0 })
const validate_indices = boolean({ default: false })
const gathered = { x: tensor(), indices: tensor({ types: 'integer' }) }
const scattered = {
  data: tensor({ types: 'numeric' }),
  indices: tensor({ types: 'integer' }),
  updates: tensor({ types: 'numeric' }),
  mode: text(SCATTER_MODES, { default: 'add' }),
}

const scattering = {
  rounding: 'accumulating',
  roundingOf: ({ mode }: { mode: ScatterMode }) => indexing.scatterRounding(mode),
  terms: () => indexing.SCATTER_TERMS,
} as const

const ruleOf = (validate: boolean): indexing.IndexRule => (validate ? 'strict' : 'free')

export const indexingOps: readonly Op[] = [
  op({
    type: 'gather',
    specification: 'iOS15 scatter_gather',
    parameters: { ...gathered, axis },
    rounding: 'exact',
    run: ({ x, indices, axis }, context) => indexing.gather(x, indices, axis, 0, 'wrap', context),
  }),
  op({
    type: 'gather',
    specification: 'iOS16 scatter_gather',
    since: 'iOS16',
    parameters: { ...gathered, axis, batch_dims },
    rounding: 'exact',
    run: ({ x, indices, axis, batch_dims }, context) => indexing.gather(x, indices, axis, batch_dims, 'wrap', context),
  }),
  op({
    type: 'gather',
    specification: 'iOS17 scatter_gather',
    since: 'iOS17',
    parameters: { ...gathered, axis, batch_dims, validate_indices },
    rounding: 'exact',
    run: ({ x, indices, axis, batch_dims, validate_indices }, context) =>
      indexing.gather(x, indices, axis, batch_dims, ruleOf(validate_indices), context),
  }),
  op({
    type: 'gather_along_axis',
    specification: 'iOS15 scatter_gather',
    parameters: { ...gathered, axis },
    rounding: 'exact',
    run: ({ x, indices, axis }, context) => indexing.gatherAlongAxis(x, indices, axis, 'wrap', context),
  }),
  op({
    type: 'gather_along_axis',
    specification: 'iOS17 scatter_gather',
    since: 'iOS17',
    parameters: { ...gathered, axis, validate_indices },
    rounding: 'exact',
    run: ({ x, indices, axis, validate_indices }, context) => indexing.gatherAlongAxis(x, indices, axis, ruleOf(validate_indices), context),
  }),
  op({
    type: 'gather_nd',
    specification: 'iOS15 scatter_gather',
    parameters: gathered,
    rounding: 'exact',
    run: ({ x, indices }, context) => indexing.gatherNd(x, indices, 0, 'wrap', context),
  }),
  op({
    type: 'gather_nd',
    specification: 'iOS16 scatter_gather',
    since: 'iOS16',
    parameters: { ...gathered, batch_dims },
    rounding: 'exact',
    run: ({ x, indices, batch_dims }, context) => indexing.gatherNd(x, indices, batch_dims, 'wrap', context),
  }),
  op({
    type: 'gather_nd',
    specification: 'iOS17 scatter_gather',
    since: 'iOS17',
    parameters: { ...gathered, batch_dims, validate_indices },
    rounding: 'exact',
    run: ({ x, indices, batch_dims, validate_indices }, context) =>
      indexing.gatherNd(x, indices, batch_dims, ruleOf(validate_indices), context),
  }),
  op({
    type: 'scatter',
    specification: 'iOS15 scatter_gather',
    parameters: { ...scattered, axis },
    ...scattering,
    run: ({ axis, ...operands }, context) => indexing.scatter(operands, axis, 'wrap', context),
  }),
  op({
    type: 'scatter',
    specification: 'iOS17 scatter_gather',
    since: 'iOS17',
    parameters: { ...scattered, axis, validate_indices },
    ...scattering,
    run: ({ axis, validate_indices, ...operands }, context) => indexing.scatter(operands, axis, ruleOf(validate_indices), context),
  }),
  op({
    type: 'scatter_along_axis',
    specification: 'iOS15 scatter_gather',
    parameters: { ...scattered, axis },
    ...scattering,
    run: ({ axis, ...operands }, context) => indexing.scatterAlongAxis(operands, axis, 'wrap', context),
  }),
  op({
    type: 'scatter_along_axis',
    specification: 'iOS17 scatter_gather',
    since: 'iOS17',
    parameters: { ...scattered, axis, validate_indices },
    ...scattering,
    run: ({ axis, validate_indices, ...operands }, context) => indexing.scatterAlongAxis(operands, axis, ruleOf(validate_indices), context),
  }),
  op({
    type: 'scatter_nd',
    specification: 'iOS15 scatter_gather',
    parameters: scattered,
    ...scattering,
    run: (operands, context) => indexing.scatterNd(operands, 'wrap', context),
  }),
  op({
    type: 'scatter_nd',
    specification: 'iOS17 scatter_gather',
    since: 'iOS17',
    parameters: { ...scattered, validate_indices },
    ...scattering,
    run: ({ validate_indices, ...operands }, context) => indexing.scatterNd(operands, ruleOf(validate_indices), context),
  }),
]
