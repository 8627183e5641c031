/**
 * The programs of training. A step is one program: take the batch, forward, loss, penalties, gradients, optimizer, constraints,
 * moving averages, counting; weights and slots are read and written in place.
 */
import type { FloatDType } from "../base/dtype.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { Program } from "../compile/device.ts";
import { add, cast, gradient, input, type Node, randomUniform, stabilise } from "../graph/index.ts";
import type { Loss, LossGraph } from "../loss/contract.ts";
import type { Network, NetworkWeight } from "../model/contract.ts";
import type { BatchNodes, BatchSource } from "./batch.ts";
import { assign, type Cell, newWiring, use, type Wiring } from "./cells.ts";
import type { Meters } from "./meters.ts";
import type { OptimizerState } from "./optimizerState.ts";

/** A network with its values. */
export interface Weights {
  readonly network: Network;
  readonly dtype: FloatDType;
  readonly cells: ReadonlyMap<NetworkWeight, Cell>;
  /** int32: what dropout and the like draw from, together with the step. */
  readonly seed: Cell;
}

type Forward = ReturnType<Network["forward"]> & { readonly weights: ReadonlyMap<NetworkWeight, Node> };
type OnLayer = (name: string, output: Node) => void;

/** The forward pass; with `step`, as in training. */
function forward(wiring: Wiring, { network, dtype, cells, seed }: Weights, x: Node, step?: Cell, onLayer?: OnLayer) {
  const weights = new Map([...cells].map(([weight, cell]) => [weight, use(wiring, cell)]));
  const random = (stream: number, shape: Shape) =>
    randomUniform(use(wiring, seed), use(wiring, step as Cell), stream, dtype, shape);
  const mode = { training: step !== undefined, dtype, ...(step && { random }), ...(onLayer && { onLayer }) };
  return { ...network.forward(x, weights, mode), weights };
}

/** The batch's loss, and its sum with all penalties. Weights of rows apply to all entries of a row. */
function objective(
  { network }: Weights,
  loss: Loss,
  batch: BatchNodes,
  made: Forward,
): { graph: LossGraph; total: Node } {
  const { sampleWeight } = batch;
  const graph = loss.graph(batch.yTrue, made.output, sampleWeight === undefined ? {} : { sampleWeight });
  const penalties = [...made.penalties, network.weightPenalty(made.weights)].filter((p) => p !== undefined);
  return { graph, total: penalties.reduce<Node>(add, graph.value) };
}

/** What one update computes, before it is tied to cells. */
function update(
  wiring: Wiring,
  weights: Weights,
  loss: Loss,
  state: OptimizerState,
  batch: BatchNodes,
  onLayer?: OnLayer,
) {
  const { network, dtype } = weights;
  const made = forward(wiring, weights, batch.x, state.step, onLayer);
  const { graph, total: asWritten } = objective(weights, loss, batch, made);
  // Stabilised before it is differentiated: the gradient is that of the form that keeps its digits.
  const total = stabilise([asWritten])[0] as Node;
  const trainable = network.weights.filter((weight) => weight.trainable);
  const parameters = trainable.map((weight) => made.weights.get(weight) as Node);
  const gradients = gradient(total, parameters);
  const count = add(use(wiring, state.step), 1);
  return { made, graph, total, trainable, parameters, gradients, count, step: cast(count, dtype) };
}

/** One training step. Without meters nothing is counted. */
export function trainStep(
  weights: Weights,
  loss: Loss,
  state: OptimizerState,
  source: BatchSource,
  meters: Meters | undefined,
  lossInto?: Cell,
): Program {
  const wiring = newWiring();
  const batch = source(wiring);
  const computed = update(wiring, weights, loss, state, batch);
  const { made, total, trainable, parameters, gradients, count, step } = computed;
  const { optimizer } = state;
  const learningRate = use(wiring, state.learningRate);
  const globals = Object.fromEntries([...state.globals].map(([name, cell]) => [name, use(wiring, cell)]));
  const transformed = optimizer.transformGradients(gradients);
  trainable.forEach((weight, i) => {
    const cells = state.slots.get(weight) as ReadonlyMap<string, Cell>;
    const next = optimizer.update({
      parameter: parameters[i] as Node,
      gradient: transformed[i] as Node,
      slots: Object.fromEntries([...cells].map(([name, cell]) => [name, use(wiring, cell)])),
      globals,
      learningRate,
      step,
    });
    const projected = weight.constraint === undefined ? next.parameter : weight.constraint.project(next.parameter);
    assign(wiring, weights.cells.get(weight) as Cell, projected);
    for (const [name, node] of Object.entries(next.slots)) assign(wiring, cells.get(name) as Cell, node);
  });
  for (const [name, node] of Object.entries(optimizer.updateGlobals?.({ globals, step }) ?? {})) {
    assign(wiring, state.globals.get(name) as Cell, node);
  }
  for (const [weight, node] of made.updates) assign(wiring, weights.cells.get(weight) as Cell, node);
  assign(wiring, state.step, count);
  meters?.wire(wiring, { ...batch, loss: total, yPred: made.output });
  if (lossInto !== undefined) assign(wiring, lossInto, total);
  return { ...wiring, label: `train step, ${batch.rows} rows` };
}

/** Loss and metrics of one batch, with the weights as they are. */
export function evaluateStep(weights: Weights, loss: Loss, source: BatchSource, meters: Meters): Program {
  const wiring = newWiring();
  const batch = source(wiring);
  const made = forward(wiring, weights, batch.x);
  meters.wire(wiring, { ...batch, loss: objective(weights, loss, batch, made).total, yPred: made.output });
  return { ...wiring, label: `evaluate, ${batch.rows} rows` };
}

/** The network's output for the rows in `x`. */
export function predictStep(weights: Weights, x: Cell, into: Cell): Program {
  const wiring = newWiring();
  assign(wiring, into, forward(wiring, weights, use(wiring, x)).output);
  return { ...wiring, label: `predict, ${x.buffer.shape[0]} rows` };
}

/** Values that the widest layer gives for one row, input and output included. */
export function widestRow(weights: Weights, inputShape: Shape): number {
  const x = input("x", weights.dtype, [1, ...inputShape]);
  let widest = sizeOf(inputShape);
  forward(newWiring(), weights, x, undefined, (_, output) => {
    widest = Math.max(widest, sizeOf(output.shape));
  });
  return widest;
}

/** A value of a training step that an explanation looks at. */
export interface Probe {
  readonly what: string;
  readonly node: Node;
  /** Whether the first axis runs over the batch's rows. */
  readonly byRow: boolean;
}

/** Everything that a training step computes on its way, in order, for finding where a number went wrong. */
export function probes(
  weights: Weights,
  loss: Loss,
  state: OptimizerState,
  source: BatchSource,
  wiring: Wiring,
): Probe[] {
  const batch = source(wiring);
  const layers: Probe[] = [];
  const onLayer: OnLayer = (name, node) => layers.push({ what: `the output of layer ${name}`, node, byRow: true });
  const { made, graph, total, trainable, gradients } = update(wiring, weights, loss, state, batch, onLayer);
  return [
    { what: "x", node: batch.x, byRow: true },
    { what: "yTrue", node: batch.yTrue, byRow: true },
    ...trainable.map((w) => ({ what: `the weight ${w.path}`, node: made.weights.get(w) as Node, byRow: false })),
    ...layers,
    { what: "the output", node: made.output, byRow: true },
    { what: "the loss of each row", node: graph.perSample, byRow: true },
    { what: "the loss with its penalties", node: total, byRow: false },
    ...trainable.map((w, i) => ({ what: `the gradient of ${w.path}`, node: gradients[i] as Node, byRow: false })),
  ];
}
