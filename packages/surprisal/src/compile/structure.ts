/**
 * The structure of a program: everything that decides which kernels it becomes, and nothing of where its buffers lie. Two
 * programs of equal structure have the same code but for addresses, so a second model of one architecture is not lowered again.
 */
import { type Node, ops, textOfAttributes, topological } from "../graph/index.ts";
import type { DeviceBuffer, Program } from "./device.ts";

export interface Structure {
  /** Equal for programs of equal structure, and for no others. */
  readonly key: string;
  /** Every buffer that the program is tied to, once, in the order in which the key counts them. */
  readonly buffers: readonly DeviceBuffer[];
}

/**
 * The structure of a program. Nodes are told apart by op, type, attributes (the values of constants are such) and operands; inputs by
 * the buffer that they are bound to, so that two inputs in one buffer, and state that is overwritten, are part of the key.
 */
export function structureOf({ outputs, bindings }: Program): Structure {
  const buffers = new Map<DeviceBuffer, number>();
  let key = "";
  const numberOf = (buffer: DeviceBuffer): string => {
    const known = buffers.get(buffer);
    if (known !== undefined) return `@${known}`;
    buffers.set(buffer, buffers.size);
    return `@${buffers.size - 1}:${buffer.dtype}[${buffer.shape.join()}]`;
  };
  const positions = new Map<Node, number>();
  for (const node of topological(outputs.map((output) => output.node))) {
    positions.set(node, positions.size);
    key += `${node.op.name} ${node.dtype}[${node.shape.join()}]`;
    if (node.op === ops.input) {
      const buffer = bindings.get(node);
      key += buffer === undefined ? "unbound" : numberOf(buffer);
    } else key += textOfAttributes(node);
    for (const input of node.inputs) key += ` ${positions.get(input)}`;
    key += "\n";
  }
  for (const { node, into } of outputs) key += `> ${positions.get(node)} ${numberOf(into)}\n`;
  return { key, buffers: [...buffers.keys()] };
}
