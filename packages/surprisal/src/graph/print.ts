/** A graph as text, one line a node, inputs first. */
import { showShape } from "../base/shape.ts";
import { type Node, topological } from "./node.ts";

function showAttributes(attrs: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(attrs)
    .filter(([key, value]) => key !== "dtype" && key !== "shape" && key !== "serial" && value !== false)
    .map(([key, value]) => `${key}=${Array.isArray(value) ? showShape(value.slice(0, 8)) : String(value)}`);
  return shown.length === 0 ? "" : ` {${shown.join(", ")}}`;
}

/** `%3 = mul %1, %2 : float32 [32, 3]`, line by line; numbers count from 0 in this print. */
export function print(...outputs: readonly Node[]): string {
  const numbers = new Map<Node, number>();
  const lines = topological(outputs).map((node) => {
    numbers.set(node, numbers.size);
    const inputs = node.inputs.map((x) => `%${numbers.get(x)}`).join(", ");
    const attrs = showAttributes(node.attrs);
    return `%${numbers.get(node)} = ${node.op.name}${inputs && ` ${inputs}`}${attrs} : ${node.dtype} ${showShape(node.shape)}`;
  });
  lines.push(`return ${outputs.map((node) => `%${numbers.get(node)}`).join(", ")}`);
  return lines.join("\n");
}
