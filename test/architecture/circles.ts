/** Circles in a directed graph. */

/**
 * The strongly connected components of more than one node, and the nodes that lead to themselves (Tarjan's algorithm); names sorted
 * within a circle. Edges to names that are no nodes are left out.
 */
export function circlesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (node: string): void => {
    order.set(node, order.size)
    lowest.set(node, order.get(node)!)
    open.push(node)
    const reached = (place: number) => lowest.set(node, Math.min(lowest.get(node)!, place))
    for (const next of edges.get(node)!) {
      if (!edges.has(next)) continue
      if (!order.has(next)) {
        visit(next)
        reached(lowest.get(next)!)
      } else if (open.includes(next)) reached(order.get(next)!)
    }
    if (lowest.get(node) !== order.get(node)) return
    const component = open.splice(open.indexOf(node))
    if (component.length > 1 || edges.get(node)!.includes(node)) circles.push(component.sort())
  }
  for (const node of edges.keys()) if (!order.has(node)) visit(node)
  return circles
}
