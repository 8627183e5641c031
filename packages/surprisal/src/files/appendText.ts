/** Lines for a log that grows. */
import { checkPath } from "./atomic.ts";
import { fileError } from "./fileError.ts";
import { nodeModules } from "./fileSystem.ts";

/**
 * Adds text at the end of a file, or starts it anew.
 * @throws FileError `file/no-space`, `file/permission-denied`, …; `file/no-file-system` in a browser
 */
export async function appendText(path: string, text: string, { truncate }: { truncate: boolean }): Promise<void> {
  checkPath(path);
  const { promises } = await nodeModules();
  try {
    await promises.writeFile(path, text, { flag: truncate ? "w" : "a" });
  } catch (error) {
    throw fileError(path, `${path} could not be written`, error);
  }
}
