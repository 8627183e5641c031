/** A loss with data that it accepts, whatever arrays it takes: what the harness asks of every loss. */
import { convert, type FloatDType } from "../../src/base/dtype.ts";
import { Tensor } from "../../src/base/tensor.ts";
import { ThreefryStream } from "../../src/base/threefry.ts";
import {
  add,
  constant,
  evaluateFloat64,
  gradient,
  input,
  mul,
  type Node,
  stabilise,
  sum,
} from "../../src/graph/index.ts";
import type { ArraySpec } from "../../src/loss/arrays.ts";
import { beginWith, parseAxes } from "../../src/loss/axes.ts";
import type * as losses from "../../src/losses.ts";
import { domainOf, fill } from "./samples.ts";
import { settled } from "./variants/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: losses with different parameters and arrays
export type AnyLoss = losses.LossFunction<any> | losses.AnyArrayLoss;
export type Options = Readonly<Record<string, unknown>>;
export type Result = losses.LossResult<Tensor | Readonly<Record<string, Tensor>>>;

/** How long each axis of the arrays in a problem is; `...` is the rows. */
const axisLengths: Readonly<Record<string, number>> = { D: 3, C: 4, K: 3, M: 5, P: 4, Q: 3, S: 2, T: 5, U: 2, V: 5 };

interface Array {
  /** Whether it holds class numbers or lengths, which are int32. */
  readonly index: boolean;
  readonly name: string;
  readonly role: "yTrue" | "yPred" | "inputs";
  readonly axes: string;
  /** What its domain is called. */
  readonly domain: string;
  readonly optional: boolean;
  /** Whether its first axis holds the rows. */
  readonly byRow: boolean;
  readonly tensor: Tensor;
}

/** The arrays of any loss; one array of targets and one of predictions are named so. */
function specsOf({ definition }: AnyLoss): { role: Array["role"]; name: string; spec: ArraySpec }[] {
  const list = (role: Array["role"], given: unknown) => {
    if (given === undefined) return [];
    const one = typeof (given as ArraySpec).axes === "string";
    return Object.entries((one ? { [role]: given } : given) as Record<string, ArraySpec>).map(([name, spec]) => ({
      role,
      name,
      spec,
    }));
  };
  if ("losses" in definition) {
    return [
      ...list("yPred", definition.yPred),
      ...list("yTrue", definition.yTrue),
      ...list("inputs", definition.inputs),
    ];
  }
  // Boxes have four numbers, whatever the number of classes.
  const axes = definition.task === "boxes" ? "N 4" : "N C";
  const spec = (role: "yTrue" | "yPred"): ArraySpec => ({
    axes,
    domain: (params) => domainOf(definition, role, params),
    doc: "",
  });
  return [
    { role: "yPred", name: "yPred", spec: spec("yPred") },
    { role: "yTrue", name: "yTrue", spec: spec("yTrue") },
  ];
}

export class Problem {
  readonly loss: AnyLoss;
  readonly params: Options;
  readonly arrays: readonly Array[];

  constructor(loss: AnyLoss, params: Options, arrays: readonly Array[]) {
    this.loss = loss;
    this.params = params;
    this.arrays = arrays;
  }

  /** Axes of the unreduced losses; those of a loss of one array are its rows. */
  get axes(): string {
    const { definition } = this.loss;
    if (!("losses" in definition)) return "N";
    const given = definition.losses;
    return typeof given === "function" ? given({ ...this.loss.params, ...this.params }) : given;
  }

  /** Whether each row has a loss of its own. */
  get rowwise(): boolean {
    return this.axes !== "" && !("together" in this.loss.definition);
  }

  private data(role: Array["role"]): unknown {
    const arrays = this.arrays.filter((array) => array.role === role);
    const given = this.loss.definition[role as "yTrue"] as unknown;
    if (given === undefined && "losses" in this.loss.definition && role !== "inputs") return undefined;
    const one = arrays.length === 1 && arrays[0]?.name === role;
    return one ? arrays[0]?.tensor : Object.fromEntries(arrays.map(({ name, tensor }) => [name, tensor]));
  }

  evaluate(options: Options = this.params, loss: AnyLoss = this.loss): Result {
    const inputs = this.data("inputs") as object;
    return loss.evaluate(
      this.data("yTrue") as never,
      this.data("yPred") as never,
      { ...options, ...inputs } as never,
    ) as Result;
  }

  evaluateOn(device: losses.EvaluationDevice): Promise<Result> {
    const given = { ...this.params, ...(this.data("inputs") as object) };
    return this.loss.evaluateOn(
      device,
      this.data("yTrue") as never,
      this.data("yPred") as never,
      given as never,
    ) as never;
  }

  /** The loss as a graph, computed in a dtype, with the numbers of its inputs, which both dtypes hold unless told otherwise. */
  graph(
    dtype: FloatDType,
    { weighted = true, rounded = true } = {},
  ): { graph: losses.LossGraph; predicted: Node[]; feeds: Map<Node, ArrayLike<number>> } {
    const feeds = new Map<Node, ArrayLike<number>>();
    const node = ({ name, index, tensor }: Array): Node => {
      const made = input(name, index ? "int32" : dtype, tensor.shape);
      feeds.set(made, convert(index ? "int32" : dtype, rounded ? convert("float32", tensor.data) : tensor.data));
      return made;
    };
    const nodes = this.arrays.map((array) => ({ ...array, node: node(array) }));
    const of = (role: Array["role"]) => nodes.filter((array) => array.role === role);
    const given = (role: Array["role"]) => {
      const some = of(role);
      if (some.length === 1 && some[0]?.name === role) return some[0].node;
      return Object.fromEntries(some.map(({ name, node: made }) => [name, made]));
    };
    const arrays = Object.fromEntries(of("inputs").map(({ name, node: made }) => [name, made]));
    const weight = this.axes === "" || !weighted ? undefined : input("sampleWeight", dtype, [this.lines]);
    if (weight !== undefined)
      feeds.set(
        weight,
        Float64Array.from({ length: this.lines }, (_, i) => 0.25 * (i % 5)),
      );
    const configured = this.loss(this.params) as AnyLoss;
    const graph = configured.graph(given("yTrue") as never, given("yPred") as never, {
      ...(weight === undefined ? {} : { sampleWeight: weight }),
      arrays,
    });
    return { graph, predicted: of("yPred").map(({ node: made }) => made), feeds };
  }

  /** Central differences of the value, for every entry of every predicted array. The graph is made once. */
  slopes(step: number): number[] {
    const { graph, predicted, feeds } = this.graph("float64", { weighted: false, rounded: false });
    const [value] = stabilise([graph.value]) as [Node];
    return predicted.flatMap((node) => {
      const numbers = Float64Array.from(feeds.get(node) as ArrayLike<number>);
      const at = (i: number, by: number): number => {
        const moved = numbers.map((x, k) => (k === i ? x + by : x));
        return evaluateFloat64([value], new Map([...feeds, [node, moved]]))[0]?.[0] as number;
      };
      return Array.from(numbers, (_, i) => (at(i, step) - at(i, -step)) / (2 * step));
    });
  }

  /** First and second derivative of the value along the line to other predictions, as functions of how far one has gone. */
  along(other: Problem): (t: number) => { readonly slope: number; readonly curvature: number } {
    const { graph, predicted, feeds } = this.graph("float64", { weighted: false, rounded: false });
    const [value] = stabilise([graph.value]) as [Node];
    const starts = this.predicted.map(({ tensor }) => tensor.data);
    const ways = other.predicted.map(({ tensor }, a) =>
      Float64Array.from(tensor.data, (x, i) => x - (starts[a]?.[i] as number)),
    );
    const directions = predicted.map((node, a) => constant(Array.from(ways[a] as Float64Array), "float64", node.shape));
    const derivative = (of: Node): Node =>
      gradient(of, predicted)
        .map((g, a) => sum(mul(g, directions[a] as Node)))
        .reduce((a, b) => add(a, b));
    const first = derivative(value);
    const outputs = [first, derivative(first)];
    return (t) => {
      const at = predicted.map((node, a): [Node, ArrayLike<number>] => [
        node,
        Float64Array.from(starts[a] as ArrayLike<number>, (x, i) => x + t * (ways[a]?.[i] as number)),
      ]);
      const [slope, curvature] = evaluateFloat64(outputs, new Map([...feeds, ...at]));
      return { slope: slope?.[0] as number, curvature: curvature?.[0] as number };
    };
  }

  /** How many rows there are. */
  private get lines(): number {
    return this.arrays.find(({ byRow }) => byRow)?.tensor.shape[0] as number;
  }

  /** All gradients, one array after another. */
  gradients(options: Options = this.params): number[] {
    return gradientsOf(this.evaluate(options));
  }

  /** The same with other numbers in some arrays. */
  with(change: (array: Array) => Tensor): Problem {
    return new Problem(
      this.loss,
      this.params,
      this.arrays.map((array) => ({ ...array, tensor: change(array) })),
    );
  }

  /** Only these rows, in this order. */
  rows(chosen: readonly number[]): Problem {
    return this.with(({ byRow, tensor }) => (byRow ? takeRows(tensor, chosen) : tensor));
  }

  get predicted(): readonly Array[] {
    return this.arrays.filter(({ role }) => role === "yPred");
  }

  /** By the textbook's formula, one number for each unreduced loss. */
  textbook(): number[] {
    const { definition } = this.loss;
    const all = { ...this.loss.params, ...this.params };
    const list = (role: Array["role"]) => {
      const given = this.data(role);
      if (given === undefined || given instanceof Tensor) return given?.toArray();
      return Object.fromEntries(Object.entries(given as object).map(([name, tensor]) => [name, tensor.toArray()]));
    };
    const [yTrue, yPred, inputs] = [list("yTrue"), list("yPred"), list("inputs")];
    // biome-ignore lint/suspicious/noExplicitAny: nested lists
    const textbook = definition.textbook as (...given: any[]) => any;
    if ("losses" in definition) return textbook(yTrue, yPred, all, inputs);
    return (yPred as unknown as number[][]).map((row, r) => {
      const target = (yTrue as unknown as number[][])[r] as number[] | number;
      if (definition.axis === "class") return textbook([target].flat(), row, all);
      return row.reduce((total, x, c) => total + textbook((target as number[])[c], x, all), 0) / row.length;
    });
  }
}

export function gradientsOf({ gradient }: Result): number[] {
  const tensors = gradient instanceof Tensor ? [gradient] : Object.values(gradient);
  return tensors.flatMap(({ data }) => Array.from(data));
}

function takeRows({ data, shape }: Tensor, chosen: readonly number[]): Tensor {
  const width = data.length / (shape[0] as number);
  const rows = chosen.flatMap((r) => Array.from(data.subarray(r * width, (r + 1) * width)));
  return new Tensor(Float64Array.from(rows), [chosen.length, ...shape.slice(1)]);
}

/** Data made from the loss's domains; seeded, and away from where the loss is not smooth. */
export function problem(
  loss: AnyLoss,
  params: Options,
  rows: number,
  seed: number,
  classLength = axisLengths.C as number,
): Problem {
  const random = new ThreefryStream(seed);
  const all = { ...loss.params, ...params };
  const length = (name: string): number => {
    const [base, more] = name.split("+") as [string, string?];
    const known = base === "N" ? rows : base === "C" ? classLength : (axisLengths[base] ?? Number(base));
    return known + Number(more ?? 0);
  };
  const { axes } = new Problem(loss, params, []);
  const fixed: Readonly<Record<string, readonly number[]>> = settled[loss.name] ?? {};
  const specs = specsOf(loss);
  // Where every array is "...", each row holds several numbers.
  const bare = specs.every(({ spec }) => parseAxes(spec.axes).names.length === 0);
  const arrays = specs
    .filter(({ spec }, i, all) => spec.orElse === undefined || i < all.findIndex(({ name }) => name === spec.orElse))
    .map(({ role, name, spec }): Array => {
      const { open, names } = parseAxes(spec.axes);
      const domain = typeof spec.domain === "function" ? spec.domain(all) : spec.domain;
      const index = domain.index === true && !("losses" in loss.definition);
      const lengths = [...(open ? [rows] : []), ...(index ? ["N"] : names).map(length)];
      const shape = open && bare ? [rows, length("D")] : lengths;
      const classes = length(spec.classes ?? "C");
      const size = shape.reduce((a, b) => a * b, 1);
      const values = fixed[name] ?? fill(loss, domain.name, shape, classes, random);
      // Settled numbers start again where there are more rows.
      const tensor = new Tensor(
        Float64Array.from({ length: size }, (_, k) => values[k % values.length] as number),
        shape,
      );
      const byRow = axes === "" ? names[0] === "N" : open || beginWith(spec.axes, axes);
      return {
        name,
        role,
        axes: spec.axes,
        domain: domain.name,
        index: domain.index === true,
        optional: spec.optional === true,
        byRow,
        tensor,
      };
    });
  return new Problem(loss, params, arrays);
}
