/** What in a source model a conversion to Core ML is known to change or refuse. */
import type { DType } from '../../kernels/tensor.js'
import { compilerOf, spellCompiled, uncompiled } from '../graph/compiled.js'
import type { Graph, Node, Value } from '../graph/graph.js'
import type { Model } from '../graph/model.js'
import { spellShape } from '../graph/shapes.js'

export interface Risk {
  risk: 'narrowing' | 'compiled' | 'custom-op' | 'no-counterpart' | 'dynamic-shape' | 'quantized'
  /** Op or value. */
  where: string
  detail: string
}

/** Ops of TFLite for which neither an ML Program op nor a composition in coremltools' converters exists. */
const WITHOUT_COUNTERPART = new Set([
  'RFFT2D',
  'COMPLEX_ABS',
  'REAL',
  'IMAG',
  'BITCAST',
  'BITWISE_XOR',
  'RIGHT_SHIFT',
  'UNIQUE',
  'SEGMENT_SUM',
  'UNSORTED_SEGMENT_MAX',
  'UNSORTED_SEGMENT_MIN',
  'UNSORTED_SEGMENT_PROD',
  'UNSORTED_SEGMENT_SUM',
  'HASHTABLE',
  'HASHTABLE_FIND',
  'HASHTABLE_IMPORT',
  'HASHTABLE_SIZE',
  'HASHTABLE_LOOKUP',
  'EMBEDDING_LOOKUP_SPARSE',
  'LSH_PROJECTION',
  'SKIP_GRAM',
  'SVDF',
  'CALL_ONCE',
  'VAR_HANDLE',
  'READ_VARIABLE',
  'ASSIGN_VARIABLE',
  'FAKE_QUANT',
  'DILATE',
  'STABLEHLO_SCATTER',
  'STABLEHLO_REDUCE_WINDOW',
])

const NARROWED: { readonly [dtype in DType]?: string } = {
  float64: 'becomes float32, or float16 in an ML Program of that precision',
  int64: 'becomes int32',
  uint64: 'becomes int32',
  complex64: 'has no counterpart; converters split it into real and imaginary parts',
}

type Check = (graph: Graph) => Risk[]

const narrowing: Check = (graph) => {
  const risks: Risk[] = []
  const seen = new Map<DType, Value[]>()
  for (const value of graph.values.values())
    if (value.dtype && NARROWED[value.dtype]) seen.set(value.dtype, [...(seen.get(value.dtype) ?? []), value])
  for (const [dtype, values] of seen) {
    const names = values.slice(0, 3).map(({ name }) => `'${name}'`)
    risks.push({
      risk: 'narrowing',
      where: values[0]!.name,
      detail: `${values.length} ${dtype} values (${names.join(', ')}${values.length > 3 ? ', …' : ''}): ${dtype} ${NARROWED[dtype]}`,
    })
  }
  return risks
}

const onNodes =
  (test: (node: Node) => Risk | undefined): Check =>
  (graph) =>
    graph.nodes.map(test).filter((risk) => risk !== undefined)

const compiled = onNodes(({ name, type }) => {
  const compiler = compilerOf(type)
  return compiler && { risk: 'compiled', where: name, detail: `op '${type}' is ${spellCompiled(compiler)}: ${uncompiled(compiler)}` }
})

const customOps = onNodes((node) =>
  compilerOf(node.type)
    ? undefined
    : /^(CUSTOM|Flex)/i.test(node.type) || 'custom_options' in node.attributes
      ? {
          risk: 'custom-op',
          where: node.name,
          detail: `op '${node.type}' is custom: converters refuse it or need an implementation of yours`,
        }
      : undefined,
)

const noCounterpart = onNodes((node) =>
  WITHOUT_COUNTERPART.has(node.type)
    ? { risk: 'no-counterpart', where: node.name, detail: `op ${node.type} has no Core ML counterpart` }
    : undefined,
)

const dynamicShapes: Check = (graph) =>
  graph.inputs.flatMap((name) => {
    const shape = graph.values.get(name)?.shape
    if (shape && !shape.includes(null)) return []
    return [
      {
        risk: 'dynamic-shape' as const,
        where: name,
        detail: `input '${name}' has ${shape ? `shape ${spellShape(shape)}` : 'any shape'}: give the converter a range, or fix it`,
      },
    ]
  })

const quantized: Check = (graph) => {
  const values = [...graph.values.values()].filter(({ quantization, constant }) => quantization && !constant)
  if (values.length === 0) return []
  return [
    {
      risk: 'quantized',
      where: values[0]!.name,
      detail: `${values.length} activations are quantized: converted to floats they lose the steps that the source computes in`,
    },
  ]
}

const CHECKS: readonly Check[] = [narrowing, compiled, customOps, noCounterpart, dynamicShapes, quantized]

/** Risks of a source model's main graph, kind by kind. */
export const conversionRisks = (model: Model): Risk[] => CHECKS.flatMap((check) => check(model.graph))
