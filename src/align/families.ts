/** Families of ops that do the same work under each format's names: a hint for alignment by structure, never a proof. */

export type Family =
  | 'convolution'
  | 'dense'
  | 'normalization'
  | 'activation'
  | 'add'
  | 'multiply'
  | 'pool'
  | 'reduce'
  | 'concat'
  | 'split'
  | 'layout'
  | 'pad'
  | 'resize'
  | 'softmax'
  | 'gather'
  | 'recurrent'
  | 'loop'
  | 'elementwise'
  | 'cast'
  | 'other'

/** First match wins; tested against the type in lower case without underscores. */
const PATTERNS: readonly (readonly [Family, RegExp])[] = [
  ['softmax', /softmax/],
  ['convolution', /conv/],
  ['dense', /fullyconnected|innerproduct|matmul|^linear$|einsum|^dense$|^gemm$|^dot$/],
  ['recurrent', /lstm|gru|rnn|simplerecurrent/],
  ['loop', /^(while|loop)/],
  ['normalization', /norm|lrn|^mvn$/],
  ['pool', /pool/],
  ['reduce', /^(reduce|mean|sum|argmax|argmin)/],
  ['resize', /resize|upsample|croplike|cropresize|resample/],
  ['concat', /^(concat|pack|stack)/],
  ['split', /^(split|unpack|slice|stridedslice)/],
  ['gather', /gather|embedding/],
  ['pad', /^(pad|mirrorpad|constantpad|padding)/],
  ['cast', /^(cast|quantize|dequantize|identity)$/],
  ['layout', /^(reshape|transpose|squeeze|expanddims|flatten|permute|rankpreserving|depthtospace|spacetodepth|reorganize)/],
  ['activation', /relu|sigmoid|logistic|tanh|elu|gelu|hardswish|silu|activation|clip|softplus|softsign/],
  ['add', /^(add|sub|subtract|bias)/],
  ['multiply', /^(mul|multiply|div|divide|realdiv|scale)/],
  ['elementwise', /^(exp|log|sqrt|rsqrt|square|pow|abs|neg|maximum|minimum|max|min|unary|sin|cos|floor|ceil|round|erf|select|where)/],
]

/** Whether an op hands its operand's numbers on: it moves them about, or changes their dtype. */
export const handsOn = (type: string): boolean => ['layout', 'cast'].includes(familyOf(type))

export function familyOf(type: string): Family {
  const plain = type.toLowerCase().replace(/_/g, '')
  return PATTERNS.find(([, pattern]) => pattern.test(plain))?.[0] ?? 'other'
}
