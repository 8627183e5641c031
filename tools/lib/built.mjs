/** The built library, for pages that are made from it. `npm run build` comes first. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./repo.mjs";

/** @returns {Promise<typeof import("../../packages/surprisal/src/losses.ts")>} */
export async function builtLosses() {
  const path = join(root, "packages/surprisal/dist/losses.js");
  if (!existsSync(path)) throw new Error("the library is not built: npm run build");
  return import(pathToFileURL(path).href);
}
