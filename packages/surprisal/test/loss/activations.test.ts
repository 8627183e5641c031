/**
 * An output layer's sigmoid, softmax or exponential meets a loss on what it puts out: stabilise must find the logits again, under every
 * option, so that the loss and its gradient are those of the loss from logits, however wrong or right the model is.
 */
import { describe, expect, test } from "vitest";
import {
  constant,
  evaluateFloat64,
  exp,
  gradient,
  input,
  type Node,
  ops,
  sigmoid,
  softmax,
  stabilise,
  topological,
  verify,
} from "../../src/graph/index.ts";
import * as losses from "../../src/losses.ts";

interface Pairing {
  readonly name: string;
  readonly activation: (z: Node) => Node;
  readonly options: Readonly<Record<string, unknown>>;
  /** The same loss from z itself. */
  readonly direct: Readonly<Record<string, unknown>>;
}

const classes = 3;
const binary = [
  {},
  { labelSmoothing: 0.1 },
  { posWeight: [2, 3, 4] },
  { classWeight: [1, 3] },
  { labelSmoothing: 0.2, posWeight: 3 },
];
const multiclass = [
  {},
  { labelSmoothing: 0.1 },
  { classWeight: [1, 2, 3] },
  { labelSmoothing: 0.1, classWeight: [1, 2, 3] },
];
const fromLogits = { fromLogits: true };

const pairings: readonly Pairing[] = [
  ...binary.map((options) => ({
    name: "binaryCrossentropy",
    activation: sigmoid,
    options,
    direct: { ...options, ...fromLogits },
  })),
  ...["categoricalCrossentropy", "sparseCategoricalCrossentropy"].flatMap((name) =>
    multiclass.flatMap((options) =>
      [{}, { normalize: true }].map((more) => ({
        name,
        activation: softmax,
        options: { ...options, ...more },
        direct: { ...options, ...fromLogits },
      })),
    ),
  ),
  {
    name: "sparseCategoricalCrossentropy",
    activation: softmax,
    options: { ignoreClass: 1, normalize: true },
    direct: { ignoreClass: 1, ...fromLogits },
  },
  {
    name: "sparseCategoricalCrossentropy",
    activation: softmax,
    options: { ignoreClass: 1 },
    direct: { ignoreClass: 1, ...fromLogits },
  },
  { name: "klDivergence", activation: softmax, options: {}, direct: fromLogits },
  { name: "poisson", activation: exp, options: {}, direct: { logInput: true } },
];

const logits = [
  [0.5, -1, 2],
  [60, -60, 0],
  [-300, 300, 10],
  [800, -800, 1e-3],
  [-745, 0, -760],
  [1, 1, 1],
];
const targets = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0.25, 0.5, 0.25],
  [1, 0, 0],
  [0, 0, 1],
];
const labels = [0, 1, 2, 0, 0, 2];

function build({ name, activation, options, direct }: Pairing, extra: string) {
  const rows = logits.length;
  const z = input("z", "float64", [rows, classes]);
  const loss = losses.get(name) as losses.LossFunction;
  const index = loss.targets === "classIndex";
  const y = input("yTrue", index ? "int32" : "float64", index ? [rows] : [rows, classes]);
  const weight = input("w", "float64", [rows]);
  const mask = input("m", "bool", [rows]);
  const inputs = extra === "mask" ? { mask } : extra === "sampleWeight" ? { sampleWeight: weight } : {};
  const make = (given: Readonly<Record<string, unknown>>, prediction: Node) => {
    const [value] = stabilise([loss(given).graph(y, prediction, inputs).value]) as [Node];
    return [value, gradient(value, [z])[0] as Node] as const;
  };
  const bindings = new Map<Node, ArrayLike<number>>([
    [z, logits.flat()],
    [y, index ? labels : targets.flat()],
    [weight, [1, 2, 0.5, 3, 0, 1]],
    [mask, [1, 1, 0, 1, 1, 1]],
  ]);
  return { through: make(options, activation(z)), direct: make(direct, z), bindings, z };
}

describe.each(pairings.map((pairing) => ({ pairing, title: `${pairing.name} ${JSON.stringify(pairing.options)}` })))(
  "$title",
  ({ pairing }) => {
    test.each(["alone", "sampleWeight", "mask"])("%s", (extra) => {
      const { through, direct, bindings, z } = build(pairing, extra);
      verify([...through]);
      // Nothing takes the logarithm of, or divides by, what the activation rounded.
      const reach = new Set<Node>([z]);
      for (const node of topological([through[0]])) {
        const touched = node.inputs.some((x) => reach.has(x));
        const compares = node.dtype === "bool";
        if (!touched || compares) continue;
        reach.add(node);
        if (([ops.log, ops.log1p, ops.xlogy, ops.xlog1py] as unknown[]).includes(node.op)) {
          const argument = node.inputs.at(-1) as Node;
          expect(reach.has(argument), `${node.op.name} of ${argument.op.name}`).toBe(pairing.name === "klDivergence");
        }
      }
      const [value, slopes] = evaluateFloat64([...through], bindings) as [Float64Array, Float64Array];
      const [wanted, wantedSlopes] = evaluateFloat64([...direct], bindings) as [Float64Array, Float64Array];
      const near = (a: number, b: number) => a === b || Math.abs(a - b) <= 1e-13 * Math.abs(b);
      expect(near(value[0] as number, wanted[0] as number), `${value[0]} for ${wanted[0]}`).toBe(true);
      expect(pairing.name === "poisson" || Number.isFinite(value[0])).toBe(true);
      slopes.forEach((slope, i) => {
        expect(near(slope, wantedSlopes[i] as number), `[${i}] ${slope} for ${wantedSlopes[i]}`).toBe(true);
      });
    });
  },
);

test("as many pairings as there are options", () => expect(pairings.length).toBe(5 + 16 + 2 + 2));

test("dense(1, sigmoid) from weight −20 learns: one step of 1 each time, where clipping stands still", () => {
  const weight = input("w", "float64", [1, 1]);
  const target = constant(1, "float64", [1, 1]);
  const [value] = stabilise([losses.binaryCrossentropy.graph(target, sigmoid(weight)).value]) as [Node];
  const slope = gradient(value, [weight])[0] as Node;
  let at = -20;
  const history = [0, 1, 2].map(() => {
    const [loss, g] = evaluateFloat64([value, slope], new Map([[weight, [at]]])) as [Float64Array, Float64Array];
    at -= g[0] as number;
    return loss[0] as number;
  });
  expect(history[0]).toBe(20.000000002061153);
  expect(at).toBeCloseTo(-17, 4);
});

test("softmax and categorical cross-entropy, wrong by 40: the loss falls as the logits say", () => {
  const z = input("z", "float64", [1, 2]);
  const target = constant([0, 1], "float64", [1, 2]);
  const [value] = stabilise([losses.categoricalCrossentropy.graph(target, softmax(z)).value]) as [Node];
  const [loss, g] = evaluateFloat64([value, gradient(value, [z])[0] as Node], new Map([[z, [40, 0]]])) as [
    Float64Array,
    Float64Array,
  ];
  expect(loss[0]).toBe(40);
  expect(Array.from(g)).toEqual([1, -1]);
});
