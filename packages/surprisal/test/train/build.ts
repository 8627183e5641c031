/** Small models and data for the tests of this folder. */
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { Tensor } from "../../src/base/tensor.ts";
import { ThreefryStream } from "../../src/base/threefry.ts";
import type { Device } from "../../src/compile/device.ts";
import type { LayerSpec } from "../../src/model/contract.ts";
import { buildNetwork } from "../../src/model/index.ts";
import { Model, type ModelOptions } from "../../src/train/model.ts";

/** A model on the reference device, float64 unless told. */
export function makeModel(
  specs: readonly LayerSpec[],
  options: Partial<ModelOptions> & { readonly device?: Device } = {},
): Model {
  return new Model(buildNetwork(specs), { device: interpreterDevice(), dtype: "float64", ...options });
}

/** Rows of uniform numbers in [−1, 1), and labels that depend on them. */
export function makeRows(rows: number, columns: number, seed = 1) {
  const random = new ThreefryStream(seed);
  const data = Float64Array.from({ length: rows * columns }, () => 2 * random.uniform() - 1);
  const score = (i: number) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += (j % 2 === 0 ? 1 : -1) * (data[i * columns + j] as number);
    return sum;
  };
  return {
    x: new Tensor(data, [rows, columns]),
    /** 0 and 1. */
    binary: Float64Array.from({ length: rows }, (_, i) => (score(i) > 0 ? 1 : 0)),
    /** Three classes. */
    index: Int32Array.from({ length: rows }, (_, i) => (score(i) > 0.3 ? 2 : score(i) < -0.3 ? 0 : 1)),
    real: Float64Array.from({ length: rows }, (_, i) => score(i)),
  };
}

/** All weights as one flat list. */
export async function flatWeights(model: Model): Promise<number[]> {
  return (await model.getWeights()).flatMap((w) => Array.from(w.data));
}

/** Some rows of a tensor. */
export function rowsOf(x: Tensor, from: number, to: number): Tensor {
  const width = x.size / (x.shape[0] as number);
  return new Tensor(x.data.slice(from * width, to * width), [to - from, ...x.shape.slice(1)]);
}
