/** Every loss trains a model, as far as one output of a model can hold what it takes. */
import { describe, expect, it } from "vitest";
import { sizeOf } from "../../src/base/shape.ts";
import { Tensor } from "../../src/base/tensor.ts";
import * as layers from "../../src/layers.ts";
import * as losses from "../../src/losses.ts";
import * as optimizers from "../../src/optimizers.ts";
import { type Problem, problem } from "../loss/problems.ts";
import { makeModel } from "./build.ts";

const rows = 48;

/** What keeps an output in the domain of the predictions. */
const activations: Readonly<Record<string, string>> = {
  probabilities: "softmax",
  logProbabilities: "logSoftmax",
  rates: "softplus",
  fromMinusOne: "softplus",
  positive: "softplus",
  cosines: "tanh",
};

/** Arrays side by side along the last axis; a number a row is a column. */
function beside(arrays: readonly Tensor[]): Tensor {
  const columns = arrays.map(({ data, shape }) => {
    const width = shape.length < 2 ? 1 : (shape.at(-1) as number);
    return { data, width, lines: data.length / width };
  });
  const lines = columns[0]?.lines as number;
  const data = Array.from({ length: lines }, (_, line) =>
    columns.flatMap(({ data: values, width }) => Array.from(values.subarray(line * width, (line + 1) * width))),
  ).flat();
  const shape = (arrays[0] as Tensor).shape;
  const width = columns.reduce((total, { width: w }) => total + w, 0);
  return new Tensor(Float64Array.from(data), [...(shape.length < 2 ? shape : shape.slice(0, -1)), width]);
}

/** Whether the predictions are one array, or can be cut out of one, and nothing else is needed. */
const fits = ({ predicted, arrays }: Problem): boolean => {
  const same = predicted.every(({ axes, byRow }) => axes === predicted[0]?.axes && byRow);
  return same && !arrays.some(({ role, optional }) => role === "inputs" && !optional);
};

const all = losses.list().map((loss) => ({ name: loss.name, loss, posed: problem(loss, {}, rows, 3) }));
const trainable = all.filter(({ posed }) => fits(posed));

describe("every loss", () => {
  it("trains through its name, but for those whose arrays one output cannot hold", () => {
    const others = all.filter(({ posed }) => !fits(posed)).map(({ name }) => name);
    expect(others.sort()).toEqual([
      "allThresholdHinge",
      "coral",
      "crfNll",
      "cumulativeLink",
      "linearCrossentropy",
      "negativeSampling",
      "ppoClip",
      "sampledSoftmax",
    ]);
    expect(trainable.length).toBe(losses.list().length - 8);
  });

  it.each(trainable)("$name comes down", async ({ name, loss, posed }) => {
    const targets = posed.arrays.filter(({ role }) => role === "yTrue").map(({ tensor }) => tensor);
    const y =
      targets.length === 0
        ? new Tensor(new Float64Array(rows), [rows])
        : targets.length === 1
          ? targets[0]
          : beside(targets);
    const wanted = beside(posed.predicted.map(({ tensor }) => tensor)).shape.slice(1);
    const flat = ({ data, size }: Tensor) =>
      new Tensor(
        Float64Array.from(data, (v) => (Number.isFinite(v) ? v : 0)),
        [rows, size / rows],
      );
    // What is to be predicted can be told from the features.
    const x = beside([...targets.map(flat), ...posed.predicted.slice(0, 1).map(({ tensor }) => flat(tensor))]);
    const domain = posed.predicted.map((array) => array.domain).find((d) => activations[d] !== undefined);
    const overClasses = !losses.takesOneArray(loss) || loss.definition.axis === "class";
    const activation = domain === "probabilities" && !overClasses ? "sigmoid" : (activations[domain ?? ""] ?? "linear");
    const model = makeModel([
      layers.dense(sizeOf(wanted), { inputShape: x.shape.slice(1) }),
      layers.reshape(wanted),
      layers.activation(activation),
    ]);
    model.compile({ optimizer: optimizers.adam({ learningRate: 0.03 }), loss: name });
    if (posed.predicted[0]?.domain === "corners") {
      // Boxes that are inside out have no area: the first ones are proper.
      model.setWeights([
        new Tensor(new Float64Array(4 * (x.shape[1] as number)), [x.shape[1] as number, 4]),
        [-1, -1, 1, 1],
      ]);
    }
    const { loss: values } = await model.fit(x, y as Tensor, { epochs: 20, batchSize: 16 });
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values.at(-1)).toBeLessThan((values[0] as number) - 1e-3);
  });
});
