/**
 * The kernels that carry a network's arithmetic, behind one table: ops call them through it, so that a faster twin can take a
 * reference's place by its name. Kernels that only move elements are imported where they are used.
 */
import { binary } from './binary.js'
import { convolution, transposedConvolution } from './convolution.js'
import { matmul } from './matmul.js'
import { l2NormalizeRows, normalizeChannels, normalizeLocally, normalizeRows } from './normalization.js'
import { pool } from './pooling.js'
import { gru, lstm, simpleRecurrent } from './recurrent.js'
import { reduce } from './reduce.js'
import { interpolate, samplePoints } from './resampling.js'
import { softmax } from './softmax.js'
import { softplus } from './softplus.js'
import { unary, unaryPerChannel } from './unary.js'

export const reference = {
  convolution,
  transposedConvolution,
  matmul,
  pool,
  l2NormalizeRows,
  normalizeChannels,
  normalizeLocally,
  normalizeRows,
  gru,
  lstm,
  simpleRecurrent,
  interpolate,
  samplePoints,
  binary,
  reduce,
  softmax,
  softplus,
  unary,
  unaryPerChannel,
}

export type Kernels = typeof reference
