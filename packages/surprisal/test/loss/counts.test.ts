/** Likelihoods of counts and amounts against truth of 60 digits, where large parts cancel; and steps between ordered classes. */
import { describe, expect, test } from "vitest";
import { stirlingError } from "../../src/loss/gammaFunction.ts";
import * as losses from "../../src/losses.ts";

const { corn, gammaNll, negativeBinomialNll, poisson, poissonNll } = losses;
const close = (got: number, wanted: number, within = 1e-14): void => {
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(within * Math.abs(wanted));
};
type Evaluated = { evaluate(yTrue: number[][], yPred: number[][]): losses.LossResult };
const one = (loss: Evaluated, y: number, z: number) => {
  const { value, gradient } = loss.evaluate([[y]], [[z]]);
  return { value, slope: gradient.data[0] as number };
};

test.each([
  [0.001, 2.5422704679670947],
  [0.5, 0.15342640972002736],
  [1, 0.08106146679532726],
  [2.5, 0.03316287351993629],
  [15.5, 0.005375599032926835],
  [31, 0.002688078828531143],
  [1000, 8.333333055555635e-5],
  [1e6, 8.333333333333056e-8],
])("Stirling's error of %f", (x, truth) => {
  close(stirlingError(x), truth, 4e-15);
});

describe("negativeBinomialNll", () => {
  test.each([
    [0.25, 10 ** 6, 13.8125, 14.062112727759299, -0.012060328593254704],
    [2 ** -10, 10 ** 6, 13.8125, 11.273946696855313, -3.0842886726774705],
    [2 ** -16, 1000, 7, 8.698804284474523, 95.04277964987489],
    [2, 5, -40, 197.9363068152883, -5.0],
    [0.5, 5, 100, 196.82194616965205, 2],
    [0.5, 0, -100, 3.720075976020836e-44, 3.720075976020836e-44],
    [0.5, 31, 2, 7.052947021402572, -5.029460608667249],
    [0.5, 32, 2, 7.261720128957703, -5.242474566505651],
    [1024, 3, -20, 47.23421076333504, -2.9999936660882867],
  ])("dispersion %f, count %d, log-mean %f", (dispersion, y, z, value, slope) => {
    const got = one(negativeBinomialNll({ dispersion }), y, z);
    close(got.value, value);
    close(got.slope, slope, 1e-12);
  });

  test("its probabilities sum to 1", () => {
    let total = 0;
    for (let y = 0; y < 400; y++) total += Math.exp(-one(negativeBinomialNll({ dispersion: 0.75 }), y, 2).value);
    close(total, 1, 1e-12);
  });

  test("becomes poissonNll as the dispersion goes to 0", () => {
    for (const y of [0, 3, 40]) {
      close(
        one(negativeBinomialNll({ dispersion: 1e-12 }), y, 2).value,
        one(poissonNll({ full: true }), y, 2).value,
        1e-9,
      );
    }
  });

  test("is finite, and has its slope, where the mean overflows float32", () => {
    const got = negativeBinomialNll.evaluate([[5, 5]], [[200, -200]], { dtype: "float32", reduction: "sum" });
    expect(Array.from(got.gradient.data)).toEqual([1, -2.5]);
    expect(got.value).toBeLessThan(1000);
  });

  test("takes counts, and is NaN in a graph that meets anything else unchecked", () => {
    expect(() => negativeBinomialNll.evaluate([[2.5]], [[0]])).toThrow(/whole numbers/);
    expect(() => negativeBinomialNll.evaluate([[-1]], [[0]])).toThrow(/whole numbers/);
    expect(one(negativeBinomialNll, 2, Number.NaN).value).toBeNaN();
  });
});

describe("poissonNll", () => {
  test.each([
    [10 ** 6, 13.8125, 12.353879266108349, -3006.030778903516],
    [7, -3, 29.574948429433277, -6.950212931632136],
    [100, 4.5, 3.756506856085304, -9.982868699478187],
    [31, 3.4375, 2.638811704282973, 0.10908815096766229],
    [32, 3.4375, 2.6670476070826994, -0.8909118490323377],
  ])("count %d, log-rate %f", (y, z, value, slope) => {
    const got = one(poissonNll({ full: true }), y, z);
    close(got.value, value);
    close(got.slope, slope, 1e-12);
    close(one(poissonNll, y, z).slope, slope, 1e-12);
  });

  test("is poisson with log-rates, for fractions too", () => {
    for (const [y, z] of [
      [0, -1],
      [0.25, 0.5],
      [2.5, 1],
      [31.5, 3],
      [40.5, 3],
    ] as const) {
      for (const full of [false, true]) {
        close(one(poissonNll({ full }), y, z).value, one(poisson({ logInput: true, full }), y, z).value, 1e-12);
      }
    }
  });
});

describe("gammaNll", () => {
  test.each([
    [10 ** 6, 1000, 6.875, 543.2786041165274, -33297.63864763704],
    [1, 2 ** -16, 0, 2 ** -16, 0.9999847412109375],
    [0.5, 3, -80, 8.310933576590264e34, -8.310933576590264e34],
    [2 ** -7, 7, 2, 6.839211136636358, 0.00041135169799774344],
  ])("shape %f, amount %f, log-mean %f", (shape, y, z, value, slope) => {
    const got = one(gammaNll({ shape }), y, z);
    close(got.value, value);
    close(got.slope, slope, 1e-12);
  });

  test("is least at the amount itself, and refuses 0", () => {
    expect(one(gammaNll({ shape: 3 }), 1, 0).slope).toBe(0);
    expect(() => gammaNll.evaluate([[0]], [[0]])).toThrow(/above 0/);
  });
});

describe("corn", () => {
  test("K − 1 columns serve K classes, and no more", () => {
    const all = corn.evaluate(
      [0, 1, 2],
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      { reduction: "none" },
    );
    const cost = (z: number) => Math.log1p(Math.exp(z));
    [cost(1), cost(-1) + cost(2), cost(-1) + cost(-2)].forEach((truth, i) => {
      close(all.perSample.data[i] as number, truth);
    });
    expect(Array.from(all.gradient.data)[1]).toBe(0);
    expect(() => corn.evaluate([3], [[1, 2]])).toThrow(/3 classes, numbered 0 to 2/);
    expect(() => corn.evaluate([-1], [[1, 2]])).toThrow();
  });

  test("two classes have one column, and it is binary cross-entropy", () => {
    const two = corn.evaluate([1, 0], [[0.5], [-2]]);
    const binary = losses.binaryCrossentropy({ fromLogits: true }).evaluate([[1], [0]], [[0.5], [-2]]);
    close(two.value, binary.value);
  });

  test("a step that is not asked has no slope, whatever it says", () => {
    const got = corn.evaluate([0], [[1, Number.NaN]]);
    close(got.value, Math.log1p(Math.E));
    expect(got.gradient.data[1]).toBe(0);
  });
});
