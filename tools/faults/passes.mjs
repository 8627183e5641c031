/** Faults of the compiler's passes. */
/** @import { Fault } from "../lib/faults.mjs" */

const src = "packages/surprisal/src/compile";
/** @param {string} name */
const passes = (name) => `packages/surprisal/test/compile/passes/${name}.test.ts`;
/** @param {string} name */
const wasm = (name) => `packages/surprisal/test/backends/wasm/${name}.test.ts`;

/** @type {readonly Fault[]} */
export const faults = [
  {
    name: "views: axes that are not contiguous are joined by a reshape",
    file: `${src}/passes/views.ts`,
    find: "if (next.stride !== inner.dim * inner.stride) return undefined;",
    replace: "if (next.stride === 0 && inner.stride !== 0) return undefined;",
    tests: [passes("views")],
  },
  {
    name: "views: the stride of a split axis does not grow",
    file: `${src}/passes/views.ts`,
    find: "stride *= shape[j] as number;",
    replace: "stride *= 1;",
    tests: [passes("views")],
  },
  {
    name: "views: a slice of a slice forgets where the first began",
    file: `${src}/passes/views.ts`,
    find: "        inner.offset,\n",
    replace: "        0,\n",
    tests: [passes("views")],
  },
  {
    name: "coalesce: axes with a gap between them are merged",
    file: `${src}/passes/coalesce.ts`,
    find: "(strides[d] as number) * (space[d] as number)",
    replace: "(strides[d] as number) * (space[before] as number)",
    tests: [passes("coalesce")],
  },
  {
    name: "simplify: 0 − x becomes x",
    file: `${src}/passes/simplify.ts`,
    find: "isZero(node.inputs[1]) ? node.inputs[0] : undefined",
    replace: "isZero(node.inputs[0]) ? node.inputs[1] : undefined",
    tests: [passes("simplify")],
  },
  {
    name: "simplify: x + (−y) becomes y − x",
    file: `${src}/passes/simplify.ts`,
    find: "b.sub(x, y.inputs[0] as Node)",
    replace: "b.sub(y.inputs[0] as Node, x)",
    tests: [passes("simplify")],
  },
  {
    name: "simplify: a selection by a constant takes the other side",
    file: `${src}/passes/simplify.ts`,
    find: "value !== 0 ? x : y",
    replace: "value === 0 ? x : y",
    tests: [passes("simplify")],
  },
  {
    name: "decompose: the summed axes are moved to the front",
    file: `${src}/passes/decompose.ts`,
    find: "build.transpose(x, [...kept, ...axes])",
    replace: "build.transpose(x, [...axes, ...kept])",
    tests: [passes("decompose")],
  },
  {
    name: "fuse: a column sum is read before it is complete",
    file: `${src}/passes/fuse.ts`,
    find: "(source !== unit && !dependsOn(source, unit))",
    replace: "(source === unit || !dependsOn(source, unit))",
    tests: [passes("fuse")],
  },
  {
    name: "fuse: a node joins a unit that must run before something it reads",
    file: `${src}/passes/fuse.ts`,
    find: "(source !== unit && !dependsOn(source, unit))",
    replace: "source !== unit",
    tests: [passes("fuse")],
  },
  {
    name: "bodies: an element that a later pass needs is not stored",
    file: `${src}/passes/bodies.ts`,
    find: "else if (keeper !== undefined) stores.push({ access: keeper, value: read(node) });",
    replace:
      "else if (keeper === undefined) stores.push({ access: storeOf(node, unit, placement), value: read(node) });",
    tests: [passes("bodies")],
  },
  {
    name: "bodies: a broadcast axis is walked",
    file: `${src}/passes/bodies.ts`,
    find: "strides.map((stride, d) => (operand.shape[d] === 1 ? 0 : stride));\n  const read",
    replace: "strides.map((stride) => Math.max(1, stride));\n  const read",
    tests: [wasm("blocks")],
  },
  {
    name: "schedule: state is overwritten before others have read it",
    file: `${src}/passes/schedule.ts`,
    find: "for (const reader of others) after.get(writer)?.add(reader);",
    replace: "",
    tests: [passes("schedule")],
  },
  {
    name: "schedule: state is overwritten though a reader needs the new value too",
    file: `${src}/passes/schedule.ts`,
    find: "others.every((reader) => !dependsOn(reader, writer)) &&",
    replace: "",
    tests: [passes("schedule")],
  },
  {
    name: "schedule: a result replaces what it reads in another order",
    file: `${src}/passes/schedule.ts`,
    find: "if (!inStep) return false;",
    replace: "if (!inStep && base === node) return false;",
    tests: [passes("schedule")],
  },
  {
    name: "schedule: a result replaces what its own reduction still reads",
    file: `${src}/passes/schedule.ts`,
    find: 'if (user.op.kind === "reduction") return false;',
    replace: "",
    tests: [wasm("outputs")],
  },
  {
    name: "plan: lifetimes that meet in one kernel share memory",
    file: `${src}/passes/plan.ts`,
    find: "(p.from <= to && from <= p.to)",
    replace: "(p.from < to && from < p.to)",
    tests: [passes("plan")],
  },
  {
    name: "plan: a lifetime ends at its first use",
    file: `${src}/passes/plan.ts`,
    find: "{ from: lives.get(buffer)?.from ?? at, to: at }",
    replace: "{ from: lives.get(buffer)?.from ?? at, to: lives.get(buffer)?.to ?? at }",
    tests: [wasm("reuse")],
  },
  {
    name: "plan: a buffer that is no multiple of the alignment is rounded down",
    file: `${src}/passes/plan.ts`,
    find: "Math.ceil(bytes / alignment) * alignment",
    replace: "Math.floor(bytes / alignment) * alignment",
    tests: [passes("plan")],
  },
  {
    name: "assemble: every part of a concatenation is written to the first place",
    file: `${src}/passes/assemble.ts`,
    find: "start += part.shape[node.attrs.axis] as number;",
    replace: "start += 0;",
    tests: [passes("assemble")],
  },
  {
    name: "lower: a transposed output is written as what it transposes",
    file: `${src}/lower.ts`,
    find: "while (own.op === ops.reshape) own",
    replace: "while (own.op === ops.reshape || own.op === ops.transpose) own",
    tests: [wasm("outputs")],
  },
  {
    name: "expressions: a NaN in the second operand of maximum is lost",
    file: `${src}/expressions.ts`,
    find: 'apply("select", x.dtype, apply("equal", "bool", y, y), picked, y)',
    replace: "picked",
    tests: [wasm("notNumbers")],
  },
  {
    name: "expressions: a rotation of Threefry is wrong",
    file: `${src}/expressions.ts`,
    find: "[13, 15, 26, 6, 17, 29, 16, 24]",
    replace: "[13, 15, 26, 6, 17, 29, 16, 23]",
    tests: [wasm("threefry")],
  },
  {
    name: "expressions: random streams of one seed are the same",
    file: `${src}/expressions.ts`,
    find: 'literal(node.attrs.stream, "int32")',
    replace: 'literal(0, "int32")',
    tests: [wasm("threefry")],
  },
  {
    name: "elementary: the sigmoid of a negative number is that of its magnitude",
    file: `${src}/elementary/logistic.ts`,
    find: "s.select(s.less(x, s.constant(0)), e, one)",
    replace: "s.select(s.less(x, s.constant(0)), one, one)",
    tests: ["packages/surprisal/test/compile/elementary/edges.test.ts"],
  },
  {
    name: "elementary: a coefficient of float32 exp is wrong in its sixth digit",
    file: `${src}/elementary/exponential.ts`,
    find: "0.16666517,",
    replace: "0.16666617,",
    tests: ["packages/surprisal/test/compile/elementary/float32.test.ts"],
  },
];
