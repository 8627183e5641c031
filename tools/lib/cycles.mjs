/**
 * One cycle for every back edge that a depth-first walk meets: none exactly when the graph has none. Each cycle begins
 * and ends with the same node.
 * @param {ReadonlyMap<string, readonly string[]>} graph node → what it points to
 * @returns {string[][]}
 */
export function findCycles(graph) {
  /** @type {Map<string, "open" | "done">} */
  const state = new Map();
  /** @type {string[]} */
  const path = [];
  /** @type {string[][]} */
  const cycles = [];
  /** @param {string} node */
  const visit = (node) => {
    state.set(node, "open");
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      if (state.get(next) === "open") cycles.push([...path.slice(path.indexOf(next)), next]);
      else if (!state.has(next)) visit(next);
    }
    path.pop();
    state.set(node, "done");
  };
  for (const node of graph.keys()) if (!state.has(node)) visit(node);
  return cycles;
}
