/** `surprisal/data`: synthetic sets, splits, transforms, class weights, as scikit-learn has them. */
export * from "./data/index.ts";
