/** The normal distribution's tails, and what they are divided by, against truth of hundreds of digits. */
import { expect, test } from "vitest";
import { evaluateFloat64, gradient, input, type Node, sum } from "../../src/graph/index.ts";
import { logNormalBetween, logNormalCdf, naiveNormalCdf } from "../../src/loss/normal.ts";
import { logAddExp } from "../../src/loss/special.ts";

const close = (got: number, wanted: number, within = 1e-13): void => {
  const apart = Math.abs(got - wanted);
  expect(got === wanted || apart <= within * Math.abs(wanted) + 1e-307, `${got} for ${wanted}`).toBe(true);
};

/** A function of some numbers, and its derivative by each. */
function slopes(f: (...x: Node[]) => Node, numbers: readonly number[], dtype: "float32" | "float64" = "float64") {
  const nodes = numbers.map((_, i) => input(`x${i}`, dtype, [1]));
  const value = f(...nodes);
  const bindings = new Map(nodes.map((node, i) => [node, Float64Array.of(numbers[i] as number)]));
  const [at, ...by] = evaluateFloat64([value, ...gradient(sum(value), nodes)], bindings).map((x) => x[0] as number);
  return { value: at as number, slopes: by };
}

const ofCdf = [
  [-200, -20006.21728089819, 200.00499975003123],
  [-37.5, -707.6689893175072, 37.526628874883656],
  [-8, -35.01343715991455, 8.121368112236112],
  [-1.25, -2.247625677214318, 1.728816627331054],
  [-9.5367431640625e-7, -0.6931479414822479, 0.7978851679308907],
  [0, -Math.LN2, 0.7978845608028654],
  [9.5367431640625e-7, -0.6931464196382218, 0.7978839536750383],
  [0.75, -0.25699426683836524, 0.389382056735927],
  [3, -0.0013508099647481938, 0.004437839042125664],
  [8, -6.220960574271786e-16, 5.052271083536895e-15],
  [20.1, -3.6896808637213897e-90, 7.434525389680312e-89],
  [36.9, -2.3105244811406173e-298, 8.532087755636343e-297],
] as const;
test.each(ofCdf)("log Φ(%f) is %f", (x, value, slope) => {
  const got = slopes(logNormalCdf, [x]);
  close(got.value, value, 4e-15);
  close(got.slopes[0] as number, slope, 4e-15);
  if (Math.abs(x) < 38) close(naiveNormalCdf(x), Math.exp(value), 1e-12);
});

test.each(ofCdf)("log Φ(%f) with the terms of float32", (x, value, slope) => {
  const got = slopes(logNormalCdf, [x], "float32");
  close(got.value, value, 1e-7);
  close(got.slopes[0] as number, slope, 2e-7);
});

test.each([
  [-0.5, 0.5, -0.9599163336956223, -0.9194108453991883, 0.9194108453991883],
  [-3, 4, -0.0013825245202196512, -0.0044379797884499805, 0.000134015377292324],
  [0, 1.5, -0.8365723874211224, -0.9209347005997517, 0.29898372282563246],
  [0, 30, -Math.LN2, -0.7978845608028654, 2.947292269757095e-196],
  [6, 6.25, -20.9699834578052, -7.7760222195037505, 1.681682742573889],
  [-35, -34, -582.4461622468717, -3.537481437421778e-14, 34.02936109799505],
  [-20, -2, -3.783184333682032, -2.426776413752461e-86, 2.373215532822841],
  [30, 30 + 2 ** -30, -471.71335396397285, -1073741839.0, 1073741809.0000001],
  [2 ** -10, 2 ** -9, -7.850411451424076, -1024.0006510417857, 1023.9991861981521],
  [-2, 40, -0.02301290932896349, -0.055247862678989956, 0],
  [-1, 0, -1.0748623268620714, -0.7088749052272068, 1.1687371345136333],
])("log(Φ(upper) − Φ(lower)) from %f to %f is %f", (lower, upper, value, byLower, byUpper) => {
  const got = slopes(logNormalBetween, [lower, upper, upper - lower]);
  close(got.value, value, 1e-14);
  // The width is a function of the two ends.
  const [ofLower, ofUpper, ofWidth] = got.slopes as [number, number, number];
  close(ofLower - ofWidth, byLower);
  close(ofUpper + ofWidth, byUpper);
});

test("an interval of no width has no probability, and one with its ends exchanged is no number", () => {
  expect(slopes(logNormalBetween, [1, 1, 0]).value).toBe(Number.NEGATIVE_INFINITY);
  for (const [lower, upper] of [[1, 0] as const, [9, -9] as const, [-3, -20] as const]) {
    expect(slopes(logNormalBetween, [lower, upper, upper - lower]).value).toBeNaN();
  }
});

test.each([
  [1, 1, 1 + Math.LN2, 0.5, 0.5],
  [800, -800, 800, 1, 0],
  [Number.NEGATIVE_INFINITY, 2, 2, 0, 1],
  [2, Number.NEGATIVE_INFINITY, 2, 1, 0],
  [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 0],
])("log(e^%f + e^%f) is %f", (x, y, value, byX, byY) => {
  expect(slopes(logAddExp, [x, y])).toEqual({ value, slopes: [byX, byY] });
});
