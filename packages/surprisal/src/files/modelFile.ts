/** Models in files. */
import type { SaveOptions } from "../train/contract.ts";
import type { Model, ModelOptions } from "../train/model.ts";
import { readFileBytes, writeFileAtomic } from "./atomic.ts";
import { type LoadOptions, modelFromBytes, modelToBytes } from "./modelBytes.ts";

/** Writes a model to a file, whole or not at all. @throws as `modelToBytes`; FileError for what the system refuses. */
export async function saveModel(model: Model, path: string, options?: SaveOptions): Promise<void> {
  await writeFileAtomic(path, await modelToBytes(model, options));
}

/** Reads a model from a file. @throws as `modelFromBytes`; FileError for what the system refuses. */
export async function readModel(
  path: string,
  made: Pick<ModelOptions, "device" | "host">,
  options?: LoadOptions,
): Promise<Model> {
  return modelFromBytes(await readFileBytes(path), made, options, path);
}
