/** The advice on losses from the values of a target: what is seen of them is said, and a model made as advised learns. */
import { describe, expect, it } from "vitest";
import { ThreefryStream } from "../../src/base/threefry.ts";
import { chooseLoss, data, initializers, type LossDescription, layers, optimizers, tensor } from "../../src/index.ts";
import { makeModel } from "../train/build.ts";

const stream = new ThreefryStream(11);
const draws = (n: number, draw: (u: number, normal: () => number) => number) => {
  const normal = () => Math.sqrt(-2 * Math.log(1 - stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform());
  return Array.from({ length: n }, () => draw(stream.uniform(), normal));
};
/** A Poisson count by counting exponential waits. */
const poisson = (rate: number) => {
  let [count, wait] = [-1, 0];
  while (wait < rate) {
    wait -= Math.log(1 - stream.uniform());
    count++;
  }
  return count;
};

describe("the values of a target", () => {
  const species = [
    ...Array(152).fill("Adelie"),
    ...Array(124).fill("Gentoo"),
    ...Array(68).fill("Chinstrap"),
  ] as string[];
  const seen: readonly (readonly [string, LossDescription["target"], object, RegExp])[] = [
    [
      "texts",
      [...species, null],
      { task: "multiclass", targets: "index", name: "sparseCategoricalCrossentropy", units: 3 },
      /^3 different texts in 344 rows \(Adelie 152, Gentoo 124, Chinstrap 68\)\. They must be numbered.*1 of 345 values are missing/,
    ],
    [
      "two texts",
      ["yes", "no", "yes"],
      { task: "binary", units: 1, activation: "sigmoid" },
      /2 different texts in 3 rows \(yes 2, no 1\)/,
    ],
    ["truth values", [true, false, true], { task: "binary" }, /2 different truth values/],
    [
      "0 and 1",
      [0, 1, 1, 0],
      { task: "binary", targets: "index" },
      /2 different whole numbers in 4 rows \(0 2, 1 2\)\. One sigmoid/,
    ],
    ["0 and 1 in a typed array", Int32Array.of(0, 1, 1, 0), { task: "binary" }, /whole numbers/],
    ["0 and 1 in a column", [[0], [1], [1]], { task: "binary", units: 1 }, /whole numbers/],
    ["−1 and 1", [-1, 1, 1], { task: "binary", targets: "sign" }, /write 0 where the target is -1/],
    ["1 and 2", [1, 2, 2], { task: "binary", targets: "index" }, /numbered from 0 first/],
    [
      "a rare class",
      [...Array(990).fill(0), ...Array(10).fill(1)] as number[],
      { task: "binary", metrics: ["auc", "precision", "recall"] },
      /The rarest class, 1, has 1 % of the rows/,
    ],
    [
      "few whole numbers, often",
      draws(100, (u) => Math.floor(3 * u)),
      { task: "multiclass", units: 3 },
      /3 different whole numbers/,
    ],
    [
      "few whole numbers, seldom",
      [3, 1, 2, 5, 4, 2],
      { task: "count" },
      /6 whole numbers with 5 different values from 1 to 5/,
    ],
    [
      "rows with one 1",
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
      { task: "multiclass", targets: "oneHot", name: "categoricalCrossentropy", units: 3 },
      /exactly one 1 among 3/,
    ],
    [
      "rows of zeros and ones",
      [
        [1, 0, 1],
        [0, 0, 0],
      ],
      { task: "multilabel", name: "binaryCrossentropy", units: 3 },
      /33\.33 % are ones/,
    ],
    [
      "rows of shares",
      [
        [0.25, 0.75],
        [0.5, 0.5],
      ],
      { task: "distribution", name: "klDivergence", units: 2 },
      /sum to 1/,
    ],
    [
      "rows of shares in a float32 tensor",
      tensor([
        [0.1, 0.2, 0.7],
        [0.3, 0.3, 0.4],
      ]),
      { task: "distribution", units: 3 },
      /Each of 2 rows/,
    ],
    [
      "rows of numbers",
      [
        [1.5, -2],
        [3, 4],
      ],
      { task: "regression", name: "meanSquaredError", units: 2 },
      /2 rows of 2 numbers from -2 to 4/,
    ],
    [
      "a bell",
      draws(500, (_, normal) => 3 * normal() + 40),
      { task: "regression", name: "meanSquaredError", options: {} },
      /500 numbers with 500 different values.*mean (39|40)/,
    ],
    [
      "a bell with some far off",
      draws(500, (u, normal) => normal() * (u < 0.02 ? 100 : 1)),
      { task: "regression", name: "huber" },
      /of them lie more than 5 robust deviations from the median/,
    ],
    ["shares", draws(50, (u) => u), { task: "proportion", name: "binaryCrossentropy" }, /None is below 0 or above 1/],
    [
      "prices",
      draws(400, (_, normal) => Math.exp(10 + normal())),
      { task: "positive", options: { power: 2 } },
      /large ones lie far out \(skewness [2-9]/,
    ],
    [
      "claims, mostly none",
      draws(400, (u, normal) => (u < 0.6 ? 0 : Math.exp(5 + normal()))),
      { task: "positive", options: { power: 1.5 } },
      /2\d\d are exactly 0/,
    ],
    [
      "counts",
      draws(400, () => poisson(6)),
      { task: "count", name: "poisson" },
      /variance is (0\.[89]\d*|1\.[01]\d*) times the mean/,
    ],
    [
      "counts that vary more, with many zeros",
      draws(400, (u) => (u < 0.4 ? 0 : poisson(u < 0.7 ? 4 : 20))),
      { task: "count", name: "poisson" },
      /are 0, where a Poisson count would give \d\..*The counts vary more than that/,
    ],
    ["years", draws(400, (u) => 1950 + Math.floor(70 * u)), { task: "regression" }, /whole numbers/],
    [
      "large whole amounts",
      draws(400, (_, normal) => Math.round(2e5 + 3e4 * normal())),
      { task: "regression" },
      /whole numbers/,
    ],
  ];
  it.each(seen)("%s", (_, target, wanted, says) => {
    const choice = chooseLoss({ target: target! });
    expect(choice).toMatchObject(wanted);
    expect(choice.why.join(" ")).toMatch(says);
  });

  it("is not taken for more than it is", () => {
    const reasons = (target: LossDescription["target"]) => chooseLoss({ target: target! }).why.join(" ");
    // Whole numbers far from 0, and amounts that lean a little.
    expect(chooseLoss({ target: draws(400, (u) => 20 + Math.floor(60 * u)) }).task).toBe("regression");
    expect(chooseLoss({ target: draws(400, (u) => 5 + 3 * u * u) }).task).toBe("regression");
    // As many zeros as a Poisson count has, and as much spread.
    expect(reasons(draws(400, () => poisson(6)))).not.toContain("vary more");
    const some = draws(400, (u) => (u < 0.03 ? 8 + poisson(3) : poisson(1.5)));
    expect(chooseLoss({ target: some }).task).toBe("count");
    expect(reasons(some)).not.toContain("where a Poisson count would give");
    // Half of the labels apply; and then one in ten.
    const bits = (share: number) =>
      draws(300, () => 0).map(() => Array.from({ length: 4 }, () => Number(stream.uniform() < share)));
    expect(chooseLoss({ target: bits(0.5) }).metrics).toEqual(["accuracy"]);
    expect(chooseLoss({ target: bits(0.15) }).metrics).toEqual(["accuracy"]);
    expect(chooseLoss({ target: bits(0.05) }).metrics).toEqual(["precision", "recall"]);
  });

  it("what is said goes before what is seen", () => {
    const ratings = draws(200, (u) => 1 + Math.floor(5 * u));
    expect(chooseLoss({ target: ratings }).considered.map(({ loss }) => loss)).toContain("corn");
    expect(chooseLoss({ target: ratings, task: "ordinal" })).toMatchObject({ name: "corn", units: 4 });
    expect(chooseLoss({ target: ratings, task: "regression" })).toMatchObject({ name: "meanSquaredError", units: 1 });
    expect(chooseLoss({ target: draws(100, (_, n) => n()), outliers: true }).name).toBe("huber");
    expect(chooseLoss({ target: [0, 1, 0], imbalanced: true }).metrics).toContain("auc");
    const rare = Array.from({ length: 1000 }, (_, i) => Number(i < 10));
    expect(chooseLoss({ target: rare, imbalanced: false }).metrics).toEqual(["accuracy"]);
    expect(
      chooseLoss({
        target: [
          [1, 0],
          [0, 1],
        ],
        noisyLabels: true,
      }).name,
    ).toBe("symmetricCrossentropy");
  });

  it("are left as they are", () => {
    const values = Object.freeze([3, 1, 2, 5.5, 4, 2]);
    chooseLoss({ target: values });
    const held = Float64Array.of(3, 1, 2.5);
    chooseLoss({ target: held });
    expect(Array.from(held)).toEqual([3, 1, 2.5]);
  });
});

describe("a model made as advised", () => {
  const n = 120;
  const x = draws(2 * n, (_, normal) => normal());
  const score = (i: number) => x[2 * i]! - 0.5 * x[2 * i + 1]!;
  const rows = <T>(row: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => row(i));
  const steps = (i: number) => (score(i) > 0.6 ? 2 : score(i) < -0.6 ? 0 : 1);
  const targets: Readonly<Record<string, LossDescription["target"]>> = {
    binary: rows((i) => Number(score(i) > 0)),
    index: rows(steps),
    oneHot: rows((i) => [0, 1, 2].map((c) => Number(c === steps(i)))),
    multilabel: rows((i) => [Number(score(i) > 0), Number(x[2 * i]! > 0.5), Number(score(i) > 0 && x[2 * i]! > 0)]),
    distribution: rows((i) => [1 / (1 + Math.exp(score(i))), 1 / (1 + Math.exp(-score(i)))]),
    regression: rows(score),
    outliers: rows((i) => score(i) + (i % 40 === 0 ? 60 : 0)),
    proportion: rows((i) => 1 / (1 + Math.exp(-score(i)))),
    positive: rows((i) => Math.exp(2 * score(i))),
    count: rows((i) => Math.round(8 * Math.exp(0.5 * score(i)))),
  };
  it.each(Object.keys(targets))("%s: learns, and nothing is warned of", async (kind) => {
    const target = targets[kind]!;
    const { activation, units, loss, metrics } = chooseLoss({ target });
    const model = makeModel([
      layers.dense(units as number, { activation, inputShape: [2], kernelInitializer: initializers.zeros() }),
    ]);
    model.compile({ optimizer: optimizers.adam({ learningRate: 0.05 }), loss, metrics });
    const history = await model.fit(tensor(x, { dtype: "float64", shape: [n, 2] }), target as number[], { epochs: 15 });
    expect(history.warnings).toEqual([]);
    expect(history.loss.at(-1)!).toBeLessThan(0.95 * history.loss[0]!);
    for (const column of Object.values(history as Record<string, number[]>))
      expect(column.every(Number.isFinite)).toBe(true);
  });

  it("ordinal, and a list to be ranked", async () => {
    for (const [description, y, width] of [
      [{ task: "ordinal", classes: 3 }, targets.index, 2],
      [{ task: "ranking", classes: 3 }, targets.oneHot, 3],
    ] as const) {
      const { activation, units, loss } = chooseLoss(description);
      expect(units).toBe(width);
      const model = makeModel([layers.dense(units as number, { activation, inputShape: [2] })]);
      model.compile({ optimizer: optimizers.adam({ learningRate: 0.05 }), loss });
      const history = await model.fit(tensor(x, { dtype: "float64", shape: [n, 2] }), y as number[], { epochs: 15 });
      expect(history.loss.at(-1)!).toBeLessThan(0.95 * history.loss[0]!);
    }
  });

  it("texts, through the encoder that is named", () => {
    const { why, units } = chooseLoss({ target: ["b", "a", "c", "a", "b", "c"] });
    expect(why.join(" ")).toContain("LabelEncoder");
    expect(new data.LabelEncoder().fit(["b", "a", "c"]).classes).toHaveLength(units as number);
  });
});
