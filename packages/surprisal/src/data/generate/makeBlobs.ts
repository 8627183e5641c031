/** Round clusters of normals, one per label. */
import { toRandomState } from "../../base/random/randomState.ts";
import { Tensor } from "../../base/tensor.ts";
import { evenCounts } from "../evenCounts.ts";
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
  whole,
} from "../options.ts";
import { shuffledOrder, takeRows } from "./shuffled.ts";

const where = "make-blobs";

const params = {
  /** Rows in all, or one count per blob. */
  nSamples: either(whole(100, 1), listOf(whole(1, 0)), Array.isArray),
  /** Columns; given centers decide it instead. */
  nFeatures: whole(2, 1),
  /** How many blobs, or their centers. Default 3 (or as many as nSamples has counts). */
  centers: orNull(either(whole(3, 1), listOf(listOf(real(0))), Array.isArray)),
  /** Standard deviation, 0 or more: of all blobs, or one each. */
  clusterStd: either(real(1, { min: 0 }), listOf(real(1, { min: 0 })), Array.isArray),
  /** Centers are drawn between these two. */
  centerBox: listOf(real(0), [-10, 10], 2),
  shuffle: flag(true),
  /** Returns the centers too. */
  returnCenters: flag(false),
  randomState,
};
/** What `makeBlobs` takes. */
export type MakeBlobsOptions = OptionsOf<typeof params>;

/**
 * Makes round blobs for clustering or classification, with scikit-learn's draws.
 * @returns [X, y] or, with returnCenters, [X, y, centers]: float64 [n, f], int32 [n], float64 [blobs, f].
 * @throws InvalidArgumentError for lists whose lengths do not fit each other.
 */
export function makeBlobs(
  options: MakeBlobsOptions & { readonly returnCenters: true },
): [X: Tensor, y: Tensor, centers: Tensor];
export function makeBlobs(
  options?: MakeBlobsOptions & { readonly returnCenters?: false | undefined },
): [X: Tensor, y: Tensor];
export function makeBlobs(options: MakeBlobsOptions = {}): Tensor[] {
  const given = readOptions(where, params, options);
  const random = toRandomState(given.randomState);
  const { nSamples, clusterStd, centerBox } = given;
  const counts = Array.isArray(nSamples) ? (nSamples as readonly number[]) : undefined;
  if (counts !== undefined && counts.length === 0)
    throw badOption(where, "nSamples", counts, "at least one count is needed");
  if (counts !== undefined && typeof given.centers === "number") {
    const hint = "Pass the centers as a list of rows, or leave them out.";
    throw badOption(where, "centers", given.centers, "with one count per blob, centers cannot be a number", hint);
  }
  const listed = Array.isArray(given.centers) ? (given.centers as readonly (readonly number[])[]) : undefined;
  const blobs = listed?.length ?? counts?.length ?? (given.centers as number | null) ?? 3;
  if (counts !== undefined && counts.length !== blobs) {
    throw badOption(where, "nSamples", counts, `one count for each of the ${blobs} centers is needed`);
  }
  const width = listed?.[0]?.length ?? given.nFeatures;
  if (listed !== undefined && (blobs === 0 || width === 0 || listed.some((row) => row.length !== width))) {
    throw badOption(where, "centers", listed, "at least one row, and rows of one length, are needed");
  }
  const stds = typeof clusterStd === "number" ? new Array<number>(blobs).fill(clusterStd) : clusterStd;
  if (stds.length !== blobs) {
    throw badOption(where, "clusterStd", stds, `one number, or one for each of the ${blobs} blobs, is needed`);
  }
  const [low, high] = centerBox as [number, number];
  const centers =
    listed === undefined
      ? random.doubles(blobs * width).map((u) => low + (high - low) * u)
      : Float64Array.from(listed.flat());
  const sizes = counts ?? evenCounts(nSamples as number, blobs);
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const X = new Float64Array(n * width);
  const y = new Int32Array(n);
  let row = 0;
  for (let k = 0; k < blobs; k++) {
    for (let i = 0; i < (sizes[k] as number); i++, row++) {
      y[row] = k;
      for (let j = 0; j < width; j++) {
        X[row * width + j] = (centers[k * width + j] as number) + (stds[k] as number) * random.gauss();
      }
    }
  }
  const order = given.shuffle ? shuffledOrder(n, random) : undefined;
  const made = [
    new Tensor(order ? takeRows(X, width, order) : X, [n, width]),
    new Tensor(order ? takeRows(y, 1, order) : y, [n]),
  ];
  return given.returnCenters ? [...made, new Tensor(centers, [blobs, width])] : made;
}
