/** Fetching intermediate values must not change a result. */
import type { Tensor } from '../../kernels/tensor.js'
import { sameElements } from '../compare/order.js'
import { finding } from '../diagnose/findings.js'
import type { Finding } from '../record/record.js'

/** A finding for each output that is not the same, bit by bit, in a run that fetches outputs alone and in one that sees every value. */
export function fetchingFindings(
  side: 'source' | 'target',
  plain: ReadonlyMap<string, Tensor>,
  observed: ReadonlyMap<string, Tensor>,
): Finding[] {
  return [...plain]
    .filter(([name, value]) => observed.has(name) && !sameElements(value, observed.get(name)!))
    .map(([name]) =>
      finding({
        cause: 'fetching-changes-result',
        side,
        op: { name, type: 'output' },
        value: name,
        detail: `output '${name}' of the ${side} is not the same when intermediate values are fetched`,
        remedy: 'Report this: the comparison of layers does not show what the model computes by itself',
      }),
    )
}
