/** What the definitions say of other libraries, against what those libraries returned (golden/compat.json). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { commonArguments, type Framework } from "../../src/loss/compat.ts";
import * as losses from "../../src/losses.ts";

/** Whatever arrays it takes. */
interface AnyLoss {
  evaluate(yTrue: unknown, yPred: unknown, options: object): { value: number; perSample: losses.Tensor };
}
interface Call {
  readonly loss: string;
  readonly name: string;
  readonly yTrue?: unknown;
  readonly yPred: unknown;
  /** What comes beside them, in our words. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** In the other library's words. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Of each sample, or the mean that the library takes by default. */
  readonly result: number | readonly number[];
}
const { calls }: { calls: readonly Call[] } = JSON.parse(
  readFileSync(new URL("../golden/compat.json", import.meta.url), "utf8"),
);

const entries = losses.list().flatMap((loss) =>
  (loss.definition.compat ?? []).map((entry) => ({
    loss,
    entry,
    title: `${loss.name}: ${entry.name}`,
    known: { ...commonArguments[entry.framework], ...entry.arguments } as Readonly<Record<string, string>>,
    calls: calls.filter((call) => call.loss === loss.name && call.name === entry.name),
  })),
);

const means: Readonly<Record<Framework, losses.Reduction>> = {
  keras: { like: "keras" },
  pytorch: { like: "pytorch" },
  optax: "none",
  "scikit-learn": { like: "sklearn" },
};

/** Where their number is not ours by definition: what the entry's `differs` says. */
type Translate = (call: Call) => Pick<Call, "yTrue" | "yPred"> & { factor?: number };
const otherwise: Readonly<Record<string, Translate>> = {
  "meanAbsolutePercentageError: sklearn.metrics.mean_absolute_percentage_error": ({ yTrue, yPred }) => ({
    yTrue,
    yPred,
    factor: 100,
  }),
  "rootMeanSquaredError: sklearn.metrics.root_mean_squared_error": ({ yTrue, yPred }) => ({
    yTrue: [yTrue],
    yPred: [yPred],
  }),
  "brier: sklearn.metrics.brier_score_loss": oneHot,
  "categoricalCrossentropy: sklearn.metrics.log_loss": oneHot,
  "categoricalHinge: optax.losses.multiclass_hinge_loss": oneHot,
  "sparsemaxLoss: optax.losses.multiclass_sparsemax_loss": oneHot,
  "ctc: keras.losses.CTC": ({ yTrue, yPred }) => ({
    yTrue: (yTrue as number[][]).map((row) => row.map((label) => (label === 0 ? -1 : label))),
    yPred,
  }),
  "cosineSimilarity: optax.losses.cosine_similarity": ({ yTrue, yPred }) => ({ yTrue, yPred, factor: -1 }),
  "generalizedKlDivergence: optax.losses.generalized_kl_divergence": ({ yTrue, yPred }) => ({
    yTrue,
    yPred: (yPred as number[][]).map((row) => row.map(Math.exp)),
  }),
};

function oneHot({ yTrue, yPred }: Call) {
  const rows = yPred as readonly number[][];
  return { yTrue: rows.map((row, r) => row.map((_, c) => ((yTrue as number[])[r] === c ? 1 : 0))), yPred };
}

test("every call that was recorded belongs to an entry, and every entry has one", () => {
  expect(entries.length).toBeGreaterThanOrEqual(78);
  const run = entries.filter(({ entry }) => Object.hasOwn(means, entry.framework));
  expect(run.filter((one) => one.calls.length === 0).map(({ title }) => title)).toEqual([]);
  expect(entries.flatMap((one) => one.calls).length).toBe(calls.length);
  expect(new Set(entries.map(({ title }) => title)).size).toBe(entries.length);
  const titles = entries.map(({ title }) => title);
  expect(Object.keys(otherwise).filter((title) => !titles.includes(title))).toEqual([]);
});

describe.each(entries)("$title", ({ loss, entry, title, known, calls: own }) => {
  test("its words are options of ours, and each has been tried", () => {
    const params = Object.keys(loss.definition.params ?? {});
    const { yTrue, yPred } = loss.definition as { yTrue?: object; yPred?: object };
    const { inputs } = loss.definition as { inputs?: object };
    const arrays = [yTrue, yPred, inputs].flatMap((parts) => Object.keys(parts ?? {}));
    const ours = [...params, ...arrays, "sampleWeight", "classMask", "reduction"];
    expect(Object.values(known).filter((option) => !ours.includes(option))).toEqual([]);
    expect(Object.keys(entry.options ?? {}).filter((option) => !params.includes(option))).toEqual([]);
    const tried = new Set(own.flatMap((call) => Object.keys(call.arguments)));
    const options = Object.entries(entry.arguments ?? {}).filter(([, option]) => params.includes(option));
    if (Object.hasOwn(means, entry.framework)) expect(options.filter(([word]) => !tried.has(word))).toEqual([]);
    expect(entry.differs?.endsWith(".") ?? true).toBe(true);
    if (Object.hasOwn(otherwise, title)) expect(entry.differs).toBeDefined();
  });

  test.each(own)("$arguments", (call) => {
    const given = Object.entries(call.arguments).map(([word, value]) => {
      expect(known, word).toHaveProperty(word);
      return [known[word] as string, value];
    });
    const options = {
      ...call.inputs,
      ...entry.options,
      ...Object.fromEntries(given),
      reduction: means[entry.framework],
    };
    const { factor = 1, ...data }: ReturnType<Translate> = otherwise[title]?.(call) ?? call;
    const { value, perSample } = (loss as AnyLoss).evaluate(data.yTrue, data.yPred, options);
    const got = Array.isArray(call.result) ? Array.from(perSample.data) : [value];
    const theirs = [call.result].flat();
    expect(got.length).toBe(theirs.length);
    got.forEach((x, i) => {
      const wanted = factor * (theirs[i] as number);
      // Keras computes in float32, and clips.
      expect(Math.abs(x - wanted), `${x} for ${wanted}`).toBeLessThanOrEqual(2e-6 * Math.abs(wanted) + 1e-7);
    });
  });
});
