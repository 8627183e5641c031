import { unknownName } from "../../base/errors.ts";
import { foldName } from "../../base/parameters.ts";
import type { LayerType } from "../contract.ts";
import * as all from "./index.ts";

const known: ReadonlyMap<string, LayerType> = new Map(
  Object.values(all).map(({ layerType }) => [foldName(layerType.type), layerType]),
);

/** The types there are, in alphabetical order. */
export const layerTypes: readonly LayerType[] = [...known.values()];

/** The layer type of that name; case and separators do not count. Throws UnknownNameError. */
export function layerTypeOf(type: string): LayerType {
  const found = known.get(foldName(type));
  if (found !== undefined) return found;
  throw unknownName(
    "layer",
    type,
    layerTypes.map((layerType) => layerType.type),
  );
}
