/** Documents of words drawn from the classes that each belongs to. */
import { insertBefore } from "../../base/random/choice.ts";
import { type RandomState, toRandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import { flag, type OptionsOf, randomState, readOptions, real, type ValuesOf, whole } from "../options.ts";

const params = {
  nSamples: whole(100, 1),
  /** Words of the vocabulary: the columns of X. */
  nFeatures: whole(20, 1),
  nClasses: whole(5, 1),
  /** Mean number of labels per row (Poisson, cut at nClasses). */
  nLabels: real(2, { min: 0 }),
  /** Mean number of words per row (Poisson, at least 1). */
  length: real(50, { above: 0 }),
  /** False draws again what has no label; nLabels must then be above 0. */
  allowUnlabeled: flag(true),
  /** Returns the class and word probabilities too. */
  returnDistributions: flag(false),
  randomState,
};
/** What `makeMultilabelClassification` takes. */
export type MakeMultilabelClassificationOptions = OptionsOf<typeof params>;

/**
 * Makes a multilabel problem with scikit-learn's draws.
 * @returns [X, Y] word counts and 0/1 labels, float64 [n, f] and int32 [n, nClasses]; with returnDistributions also the
 * probability of each class [nClasses] and of each word given a class [f, nClasses].
 */
export function makeMultilabelClassification(
  options: MakeMultilabelClassificationOptions & { readonly returnDistributions: true },
): [X: Tensor, Y: Tensor, pC: Tensor, pWC: Tensor];
export function makeMultilabelClassification(
  options?: MakeMultilabelClassificationOptions & { readonly returnDistributions?: false | undefined },
): [X: Tensor, Y: Tensor];
export function makeMultilabelClassification(options: MakeMultilabelClassificationOptions = {}): Tensor[] {
  const where = "make-multilabel-classification";
  const given = readOptions(where, params, options);
  // Rejection would never end.
  if (!given.allowUnlabeled) real(1, { above: 0 }).read(given.nLabels, { owner: where, option: "nLabels" });
  const { nSamples, nFeatures, nClasses } = given;
  const random = toRandomState(given.randomState);
  const classes = normalised(random.doubles(nClasses), 1);
  const words = normalised(random.doubles(nFeatures * nClasses), nClasses);
  const X = new Float64Array(nSamples * nFeatures);
  const Y = new Int32Array(nSamples * nClasses);
  const limits = cumulative(classes);
  for (let i = 0; i < nSamples; i++) {
    const labels = drawLabels(limits, given, random);
    for (const label of labels) Y[i * nClasses + label] = 1;
    for (const word of drawWords(labels, words, given, random)) {
      const at = i * nFeatures + Math.min(word, nFeatures - 1);
      X[at] = (X[at] as number) + 1;
    }
  }
  const made = [new Tensor(X, [nSamples, nFeatures]), new Tensor(Y, [nSamples, nClasses])];
  if (!given.returnDistributions) return made;
  return [...made, new Tensor(classes, [nClasses]), new Tensor(words, [nFeatures, nClasses])];
}

/** Each column divided by its sum. */
function normalised(values: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < values.length; i++) sums[i % width] = (sums[i % width] as number) + (values[i] as number);
  return values.map((x, i) => x / (sums[i % width] as number));
}

function cumulative(values: ArrayLike<number>): Float64Array {
  let sum = 0;
  return Float64Array.from(values, (x) => (sum += x));
}

function drawLabels(limits: Float64Array, given: ValuesOf<typeof params>, random: RandomState): number[] {
  const { nClasses, nLabels, allowUnlabeled } = given;
  let size: number;
  do size = random.poisson(nLabels);
  while (size > nClasses || (size === 0 && !allowUnlabeled));
  const labels = new Set<number>();
  while (labels.size < size) {
    const points = random.doubles(size - labels.size);
    for (const point of points) labels.add(Math.min(insertBefore(limits, point), nClasses - 1));
  }
  return [...labels];
}

function drawWords(
  labels: readonly number[],
  words: Float64Array,
  given: ValuesOf<typeof params>,
  random: RandomState,
) {
  const { nFeatures, nClasses, length } = given;
  let count: number;
  do count = random.poisson(length);
  while (count === 0);
  if (labels.length === 0) return Array.from({ length: count }, () => random.below(nFeatures));
  const mixed = Float64Array.from({ length: nFeatures }, (_, f) =>
    labels.reduce((sum, label) => sum + (words[f * nClasses + label] as number), 0),
  );
  const sums = cumulative(mixed);
  const limits = sums.map((s) => s / (sums[nFeatures - 1] as number));
  return Array.from(random.doubles(count), (point) => insertBefore(limits, point));
}
