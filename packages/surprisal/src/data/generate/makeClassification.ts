/**
 * Clusters of points around the corners of a hypercube, several for each class, with redundant, repeated and useless
 * features mixed in. The algorithm is the one of Guyon, "Design of experiments of the NIPS 2003 variable selection
 * benchmark" (MADELON), as scikit-learn's `make_classification` has it: the same draws in the same order.
 */
import { InvalidArgumentError } from "../../base/errors.ts";
import { type RandomState, toRandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import {
  badOption,
  either,
  flag,
  listOf,
  type OptionsOf,
  orNull,
  randomState,
  readOptions,
  real,
  type ValuesOf,
  whole,
} from "../options.ts";
import { hypercubeCorners } from "./hypercube.ts";
import { shuffledOrder, takeColumns, takeRows } from "./shuffled.ts";

const where = "make-classification";

const params = {
  /** Rows, 1 or more. */
  nSamples: whole(100, 1),
  /** Columns: informative, redundant, repeated, and the rest pure noise. */
  nFeatures: whole(20, 1),
  /** Features that carry the class. */
  nInformative: whole(2, 1),
  /** Random linear combinations of the informative ones. */
  nRedundant: whole(2, 0),
  /** Copies of informative and redundant ones. */
  nRepeated: whole(0, 0),
  nClasses: whole(2, 1),
  nClustersPerClass: whole(2, 1),
  /** Share of each class: one per class, or all but the last. Default: equal shares. */
  weights: orNull(listOf(real(0, { min: 0 }))),
  /** Share of rows whose label is drawn at random, 0 … 1. */
  flipY: real(0.01, { min: 0, max: 1 }),
  /** Half the side of the hypercube, above 0. */
  classSep: real(1, { above: 0 }),
  /** False puts the clusters on the corners of a random polytope. */
  hypercube: flag(true),
  /** Added to every feature: one number, one per feature, or null to draw them from ±classSep. */
  shift: orNull(either(real(0), listOf(real(0)), Array.isArray), 0),
  /** Factor of every feature, after the shift: one number, one per feature, or null to draw them from 1 … 101. */
  scale: orNull(either(real(1), listOf(real(1)), Array.isArray), 1),
  /** Shuffles rows and columns. False leaves the columns in the order named above. */
  shuffle: flag(true),
  randomState,
};
/** What `makeClassification` takes. */
export type MakeClassificationOptions = OptionsOf<typeof params>;

/**
 * Makes a classification problem.
 * @returns [X, y]: float64 [nSamples, nFeatures] and int32 [nSamples] with labels 0 … nClasses−1.
 * @throws InvalidArgumentError for counts that do not fit each other, UnknownNameError for an option it does not have.
 */
export function makeClassification(options: MakeClassificationOptions = {}): [X: Tensor, y: Tensor] {
  const given = readOptions(where, params, options);
  checkCounts(given);
  const { nSamples, nFeatures, nInformative, nRedundant, nClasses, nClustersPerClass } = given;
  const random = toRandomState(given.randomState);
  const nClusters = nClasses * nClustersPerClass;
  const sizes = clusterSizes(given, classShares(given), nClusters);
  const centers = clusterCenters(given, nClusters, random);

  const X = new Float64Array(nSamples * nFeatures);
  const y = new Int32Array(nSamples);
  for (let i = 0; i < nSamples; i++) {
    for (let j = 0; j < nInformative; j++) X[i * nFeatures + j] = random.gauss();
  }
  let start = 0;
  for (let k = 0; k < nClusters; k++) {
    const stop = Math.min(start + (sizes[k] as number), nSamples);
    y.fill(k % nClasses, start, stop);
    const mixing = random.doubles(nInformative * nInformative).map((u) => 2 * u - 1);
    for (let i = start; i < stop; i++) {
      const mixed = rowTimes(X.subarray(i * nFeatures, i * nFeatures + nInformative), mixing, nInformative);
      for (let j = 0; j < nInformative; j++) {
        X[i * nFeatures + j] = (mixed[j] as number) + (centers[k * nInformative + j] as number);
      }
    }
    start = stop;
  }

  if (nRedundant > 0) {
    const mixing = random.doubles(nInformative * nRedundant).map((u) => 2 * u - 1);
    for (let i = 0; i < nSamples; i++) {
      const at = i * nFeatures;
      X.set(rowTimes(X.subarray(at, at + nInformative), mixing, nRedundant), at + nInformative);
    }
  }
  fillRest(X, given, random);
  flipLabels(y, given, random);
  shiftAndScale(X, given, random);
  if (!given.shuffle) return [new Tensor(X, [nSamples, nFeatures]), new Tensor(y, [nSamples])];
  const rows = shuffledOrder(nSamples, random);
  const columns = shuffledOrder(nFeatures, random);
  const shuffled = takeColumns(takeRows(X, nFeatures, rows), nFeatures, columns);
  return [new Tensor(shuffled, [nSamples, nFeatures]), new Tensor(takeRows(y, 1, rows), [nSamples])];
}

type Given = ValuesOf<typeof params>;

function checkCounts(given: Given): void {
  const { nFeatures, nInformative, nRedundant, nRepeated, nClasses, nClustersPerClass } = given;
  const used = nInformative + nRedundant + nRepeated;
  if (used > nFeatures) {
    throw new InvalidArgumentError(`${where}/too-few-features`, {
      received: `nInformative (${nInformative}) + nRedundant (${nRedundant}) + nRepeated (${nRepeated}) = ${used} features`,
      expected: `nFeatures is only ${nFeatures}`,
      hint: `Pass nFeatures: ${used} or more, or fewer of the others.`,
    });
  }
  const nClusters = nClasses * nClustersPerClass;
  const room = 2 ** nInformative;
  if (nClusters > room) {
    const most = Math.floor(room / nClasses);
    const fewer = most < 1 ? "" : `nClustersPerClass: ${most}${most > 1 ? " or less" : ""}, or `;
    throw new InvalidArgumentError(`${where}/too-many-clusters`, {
      received: `nClasses (${nClasses}) × nClustersPerClass (${nClustersPerClass}) = ${nClusters} clusters`,
      expected: `nInformative = ${nInformative} leaves room for only 2 ** ${nInformative} = ${room}`,
      hint: `Pass ${fewer}nInformative: ${Math.ceil(Math.log2(nClusters))} or more.`,
    });
  }
  for (const name of ["shift", "scale"] as const) {
    const value = given[name];
    if (Array.isArray(value) && value.length !== 1 && value.length !== nFeatures) {
      throw badOption(where, name, value, `one number or one for each of the ${nFeatures} features is needed`);
    }
  }
}

function classShares({ weights, nClasses }: Given): readonly number[] {
  if (weights === null) return new Array<number>(nClasses).fill(1 / nClasses);
  if (weights.length === nClasses) return weights;
  if (weights.length !== nClasses - 1) {
    const expected = `one weight for each of the ${nClasses} classes, or all but the last, is needed`;
    throw badOption(where, "weights", weights, expected);
  }
  const last = 1 - weights.reduce((sum, w) => sum + w, 0);
  if (last < 0) {
    throw badOption(where, "weights", weights, "the weights of all classes but the last must not exceed 1 together");
  }
  return [...weights, last];
}

/** Counts are cut to whole numbers; what is left goes one each to the first clusters. */
function clusterSizes(given: Given, shares: readonly number[], nClusters: number): number[] {
  const sizes = Array.from({ length: nClusters }, (_, k) =>
    Math.trunc((given.nSamples * (shares[k % given.nClasses] as number)) / given.nClustersPerClass),
  );
  const left = given.nSamples - sizes.reduce((sum, n) => sum + n, 0);
  for (let i = 0; i < left; i++) sizes[i % nClusters] = (sizes[i % nClusters] as number) + 1;
  return sizes;
}

function clusterCenters(given: Given, nClusters: number, random: RandomState): Float64Array {
  const { nInformative, classSep } = given;
  const centers = hypercubeCorners(nClusters, nInformative, random).map((bit) => bit * 2 * classSep - classSep);
  if (given.hypercube) return centers;
  const perCluster = random.doubles(nClusters);
  const perFeature = random.doubles(nInformative);
  return centers.map(
    (x, i) => x * (perCluster[Math.floor(i / nInformative)] as number) * (perFeature[i % nInformative] as number),
  );
}

/** A row times a matrix of `width` columns. */
function rowTimes(row: Float64Array, matrix: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width);
  for (let k = 0; k < row.length; k++) {
    for (let j = 0; j < width; j++)
      out[j] = (out[j] as number) + (row[k] as number) * (matrix[k * width + j] as number);
  }
  return out;
}

/** Repeated features, then the useless ones. */
function fillRest(X: Float64Array, given: Given, random: RandomState): void {
  const { nSamples, nFeatures, nRepeated } = given;
  const made = given.nInformative + given.nRedundant;
  const sources = random.doubles(nRepeated).map((u) => Math.trunc((made - 1) * u + 0.5));
  for (let i = 0; i < nSamples; i++) {
    for (let j = 0; j < nRepeated; j++)
      X[i * nFeatures + made + j] = X[i * nFeatures + (sources[j] as number)] as number;
  }
  for (let i = 0; i < nSamples; i++) {
    for (let j = made + nRepeated; j < nFeatures; j++) X[i * nFeatures + j] = random.gauss();
  }
}

/** One uniform per row is drawn even where flipY is 0, so that it changes nothing that comes later. */
function flipLabels(y: Int32Array, { flipY, nClasses }: Given, random: RandomState): void {
  const flipped = random.doubles(y.length).map((u) => (u < flipY ? 1 : 0));
  for (let i = 0; i < y.length; i++) if (flipped[i] === 1) y[i] = random.below(nClasses);
}

function shiftAndScale(X: Float64Array, given: Given, random: RandomState): void {
  const n = given.nFeatures;
  const shift = given.shift ?? random.doubles(n).map((u) => (2 * u - 1) * given.classSep);
  const scale = given.scale ?? random.doubles(n).map((u) => 1 + 100 * u);
  const pick = (values: number | ArrayLike<number>, j: number): number =>
    typeof values === "number" ? values : (values[values.length === 1 ? 0 : j] as number);
  for (let i = 0; i < X.length; i++) X[i] = ((X[i] as number) + pick(shift, i % n)) * pick(scale, i % n);
}
