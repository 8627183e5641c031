/** Runs golden cases of layers, activations and initializers. */
import type { Node } from "../../src/graph/index.ts";
import {
  differences,
  judged,
  type Nested,
  numbersOf,
  type Outcome,
  shapeOf,
  trainingTolerance,
  unsupported,
} from "./compare.ts";
import type { RunOptions } from "./dispatch-optimizers.ts";
import { graph, model, ThreefryStream } from "./library.ts";
import { makeStepper } from "./stepper.ts";

export interface LayerCase {
  readonly id: string;
  readonly layer: { readonly type: string } & Readonly<Record<string, unknown>>;
  readonly inputs: readonly Nested[];
  readonly mask?: unknown;
  readonly attentionMask?: unknown;
  readonly call?: { readonly training?: boolean };
  readonly weights?: readonly {
    readonly name: string;
    readonly value: Nested;
    readonly gradient?: Nested;
    readonly after?: Nested;
  }[];
  readonly output: Nested;
  readonly outputs?: number;
  readonly cotangent: Nested;
  readonly inputGradients: readonly Nested[];
}

/** Where ours differs on purpose, by activation: said only where the expected rows show it. */
const deviations: Readonly<Record<string, string>> = {
  sparsemax:
    "Keras 3.15 adds up cumulative sums in sparsemax, so that its rows do not sum to 1; ours follow the definition",
};

const fold = (name: string) => name.toLowerCase();

/** The case's layer in our words; a reason where there are none. */
function specOf({ layer }: LayerCase): { type: string; config: Record<string, unknown> } | string {
  const { type, ...options } = layer;
  if (!model.layerTypes.some((known) => fold(known.type) === fold(type))) return `no layer ${type}`;
  if (typeof options.activation !== "string") return { type, config: options };
  const { activation, ...rest } = options;
  if (!model.activationRegistry.names.some((name) => fold(name) === fold(activation as string))) {
    return `no activation ${activation}`;
  }
  // An activation layer's other options are the activation's.
  return type === "activation"
    ? { type, config: { activation: { name: activation, options: rest } } }
    : { type, config: options };
}

/** Output, gradients of sum(output · cotangent) and states after one call, against the case's. */
export async function runLayerCase(golden: LayerCase, { dtype, device }: RunOptions): Promise<Outcome> {
  const spec = specOf(golden);
  if (typeof spec === "string") return unsupported(spec);
  if (golden.mask !== undefined || golden.attentionMask !== undefined) return unsupported("no masks");
  if (golden.inputs.length !== 1 || golden.outputs !== undefined) return unsupported("one input and one output only");

  const input = golden.inputs[0] as Nested;
  const [, ...inputShape] = shapeOf(input);
  const network = model.networkFromConfig([{ type: spec.type, config: { ...spec.config, inputShape } }]);
  const given = golden.weights ?? [];
  const names = network.weights.map((weight) => weight.name);
  if (names.join() !== given.map((weight) => weight.name).join()) {
    return judged([`weights: got ${names.join()}, expected ${given.map((weight) => weight.name).join()}`]);
  }

  const differentiable = golden.inputGradients.length > 0;
  const x = graph.input("x", differentiable ? dtype : "int32", shapeOf(input));
  const weights = network.weights.map((weight) => graph.input(weight.path, dtype, weight.shape));
  const { output, updates } = network.forward(x, new Map(network.weights.map((weight, i) => [weight, weights[i]!])), {
    training: golden.call?.training ?? false,
    dtype,
  });
  const cotangent = graph.input("cotangent", dtype, output.shape);

  const wanted: { what: string; node: Node; values: Nested }[] = [
    { what: "output", node: output, values: golden.output },
  ];
  const want = (what: string, node: Node | undefined, values: Nested | undefined) => {
    if (node !== undefined && values !== undefined) wanted.push({ what, node, values });
  };
  const gradients = graph.gradient(output, [...(differentiable ? [x] : []), ...weights], cotangent);
  want("input gradient", differentiable ? gradients.shift() : undefined, golden.inputGradients[0]);
  given.forEach((weight, i) => {
    want(`gradient of ${weight.name}`, gradients[i], weight.gradient);
    want(`${weight.name} after`, updates.get(network.weights[i]!) ?? weights[i], weight.after);
  });
  const told = given.reduce(
    (n, { gradient, after }) => n + Number(gradient !== undefined) + Number(after !== undefined),
    1,
  );
  if (wanted.length !== told + Number(differentiable))
    return judged(["the case holds something that was not compared"]);

  const feeds = new Map<Node, number[]>([
    [x, numbersOf(input)],
    [cotangent, numbersOf(golden.cotangent)],
    ...given.map((weight, i): [Node, number[]] => [weights[i]!, numbersOf(weight.value)]),
  ]);
  const results = wanted.map(({ what, node }) => graph.input(what, node.dtype, node.shape));
  const entries = wanted.map(({ node }, i) => ({
    node: results[i]!,
    next: node,
    initial: new Float64Array(node.shape.reduce((a, b) => a * b, 1)),
  }));
  const stepper = await makeStepper(device, entries, [...feeds.keys()]);
  await stepper.step(feeds);
  const nodes = wanted.map(({ node }) => node);
  const shifts = dtype === "float32" ? shiftsByRounding(nodes, feeds) : undefined;
  const errors: string[] = [];
  for (const [i, { what, node, values }] of wanted.entries()) {
    if (node.shape.join() !== shapeOf(values).join()) {
      errors.push(`${what}: got shape ${node.shape.join()}, expected ${shapeOf(values).join()}`);
    }
    const got = await stepper.read(results[i]!);
    const expected = numbersOf(values).map((value, j) => value + (shifts?.[i]?.[j] || 0));
    errors.push(...differences(what, got, expected, trainingTolerance[dtype]));
  }
  const reason = deviations[String(golden.layer.activation)];
  return errors.length > 0 && reason !== undefined && sums(golden.output).some((sum) => Math.abs(sum - 1) > 1e-6)
    ? unsupported(reason)
    : judged(errors);
}

/** Of the innermost rows. */
function sums(value: Nested): number[] {
  const parts = value as readonly Nested[];
  return Array.isArray(parts[0]) ? parts.flatMap(sums) : [numbersOf(value).reduce((a, b) => a + b, 0)];
}

/**
 * How far rounding the feeds to float32 moves the nodes, in float64: the part of a difference that belongs to the case
 * (logits near 300 keep only four decimals) and not to the arithmetic.
 */
function shiftsByRounding(nodes: readonly Node[], feeds: ReadonlyMap<Node, number[]>): Float64Array[] {
  const exact = graph.evaluateFloat64(nodes, feeds);
  const rounded = new Map([...feeds].map(([node, values]) => [node, values.map(Math.fround)]));
  return graph.evaluateFloat64(nodes, rounded).map((values, i) => values.map((value, j) => value - exact[i]![j]!));
}

export interface InitializerCase {
  readonly id: string;
  readonly initializer: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
  readonly distribution: "uniform" | "normal" | "truncatedNormal" | "exact" | "orthogonal";
  readonly mean?: number;
  readonly stddev?: number;
  readonly stddevBeforeTruncation?: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly values?: Nested;
  readonly matrix?: readonly [number, number];
  readonly orthonormal?: "rows" | "columns";
  readonly gramDiagonal?: number;
}

/** How many numbers the statistics are taken over. */
const draws = 60_000;

/** Values, bounds and statistics of an initializer against the case's facts. */
export async function runInitializerCase(golden: InitializerCase): Promise<Outcome> {
  const { name, ...options } = golden.initializer;
  if (!model.initializerRegistry.names.some((known) => fold(known) === fold(name)))
    return unsupported(`no initializer ${name}`);
  const initializer = model.initializerRegistry.resolve({ name, options });
  const draw = (stream: number) => initializer.generate(golden.shape, new ThreefryStream(7, stream));
  if (golden.distribution === "exact") {
    return judged(differences("value", draw(0), numbersOf(golden.values!), { r: 0, s: 0 }));
  }
  return judged(golden.distribution === "orthogonal" ? gramErrors(golden, draw(0)) : statisticErrors(golden, draw));
}

function gramErrors({ matrix, orthonormal, gramDiagonal }: InitializerCase, q: Float64Array): string[] {
  const [rows, columns] = matrix!;
  const [count, length] = orthonormal === "rows" ? [rows, columns] : [columns, rows];
  const at = (vector: number, i: number) => q[orthonormal === "rows" ? vector * columns + i : i * columns + vector]!;
  const errors: string[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let dot = 0;
      for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
      errors.push(...differences(`${a} · ${b}`, [dot], [a === b ? gramDiagonal! : 0], { r: 1e-13, s: 1e-14 }));
    }
  }
  return errors;
}

function statisticErrors(golden: InitializerCase, draw: (stream: number) => Float64Array): string[] {
  const all: number[] = [];
  for (let stream = 0; all.length < draws; stream++) all.push(...draw(stream));
  const stddev = golden.stddev!;
  const { lower = -Infinity, upper = Infinity } = golden;
  const middle = golden.mean ?? (lower + upper) / 2;
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length);
  // Five standard errors: 1/√n of the deviation for the mean, at most 1/√(2n) for the deviation.
  const error = (5 * stddev) / Math.sqrt(all.length);
  const errors = [
    ...differences("mean", [mean], [middle], { r: 0, s: error }),
    ...differences("stddev", [deviation], [stddev], { r: 0, s: error / Math.SQRT2 }),
  ];
  // Constants such as √3 may differ in the last place.
  const slack = 1e-14 * Math.max(Math.abs(lower), Math.abs(upper));
  const outside = all.filter((x) => x < lower - slack || x > upper + slack).length;
  if (outside > 0) errors.push(`${outside} values outside [${lower}, ${upper}]`);
  if (golden.distribution === "uniform") {
    const third = (upper - lower) / 3;
    errors.push(...shareErrors(all, (x) => x < lower + third, 1 / 3));
  }
  const before = golden.stddevBeforeTruncation ?? stddev;
  const within = { uniform: undefined, normal: 0.6826894921370859, truncatedNormal: 0.7152327909436945 }[
    golden.distribution as "uniform"
  ] as number | undefined;
  if (within !== undefined) errors.push(...shareErrors(all, (x) => Math.abs(x - middle) < before, within));
  return errors;
}

function shareErrors(values: readonly number[], inside: (x: number) => boolean, share: number): string[] {
  const got = values.filter(inside).length / values.length;
  const by = { r: 0, s: 5 * Math.sqrt((share * (1 - share)) / values.length) };
  return differences("share", [got], [share], by);
}
