/** The language: nodes, builders, differentiation, stabilisation, evaluation. */
export * from "./build.ts";
export { type Bindings, evaluate, evaluateFloat64, type Observer } from "./evaluate.ts";
export { gradient } from "./gradient.ts";
export { type Node, type Operand, type OpRecord, textOfAttributes, topological, type Walk } from "./node.ts";
export { type OpName, ops } from "./ops/index.ts";
export { print } from "./print.ts";
export { rewrite, substitute } from "./rewrite.ts";
export { countNodes, type StabiliseRule, stabilise, stabiliseRules } from "./stabilise/index.ts";
export { verify } from "./verify.ts";
