/** Data: synthetic sets, splits, transforms, class weights. Everything gives what scikit-learn gives for the same seed. */
export {
  type ChoiceOptions,
  RandomState,
  type RandomStateLike,
  type Seed,
  type Size,
} from "../base/random/randomState.ts";
export {
  type ClassWeight,
  type ComputeClassWeightOptions,
  type ComputeSampleWeightOptions,
  computeClassWeight,
  computeSampleWeight,
} from "./classWeight.ts";
export * from "./generate/index.ts";
export type { Cell, Label, LabelsLike } from "./labels.ts";
export * from "./split/index.ts";
export * from "./transform/index.ts";
