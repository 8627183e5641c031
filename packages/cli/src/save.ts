/** Saving a model so that a training run is never lost. */
import { access, constants, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { FileError, InvalidArgumentError, type Model } from "surprisal";

/** `penguins.safetensors` for `data/penguins.json`; `model.safetensors` for standard input. */
export function modelPathFor(table: string): string {
  const name = table === "-" ? "model" : basename(table).replace(/(\.[a-z0-9]+)(\.gz)?$/i, "");
  return `${name === "" ? "model" : name}.safetensors`;
}

/** Before training: @throws InvalidArgumentError when the folder cannot be written or the path is a folder. */
export async function checkModelPath(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const refuse = (expected: string, hint: string) =>
    new InvalidArgumentError("cli/out", { received: `the model is to be saved as ${path}`, expected, hint });
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) throw refuse("that is a folder", "Name a file in it with --out.");
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw refuse(`${folder} is no folder that can be written`, "Make it first, or choose another with --out.");
  }
}

/** Saves; where that fails, saves a copy among temporary files and says so in the error. @throws FileError. */
export async function saveModel(model: Model, path: string): Promise<void> {
  try {
    await model.save(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const rescue = join(tmpdir(), `${basename(path, ".safetensors")}-${process.pid}.safetensors`);
    const saved = await model.save(rescue).then(
      () => true,
      () => false,
    );
    const hint = saved ? `${error.hint} Nothing is lost: the model is in ${rescue}.` : error.hint;
    const { code, received, expected, errno } = error;
    throw new FileError(code, { received, expected, hint }, path, { cause: error, errno });
  }
}
