/** The golden files of losses, from their folder. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Golden, GoldenLossCase } from "./accuracy.ts";

// biome-ignore lint/suspicious/noExplicitAny: JSON
function readGzip(path: string): any {
  return JSON.parse(gunzipSync(readFileSync(path)).toString());
}

/** Every file of cases in the folder, and what other libraries returned. */
export function readGoldenLosses(folder: string): Golden {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json.gz"))
    .map((name) => name.slice(0, -".json.gz".length))
    .sort();
  const files = names
    .filter((name) => name !== "frameworks")
    .map((name) => [name, readGzip(join(folder, `${name}.json.gz`)).cases as GoldenLossCase[]]);
  return { files: Object.fromEntries(files), frameworks: readGzip(join(folder, "frameworks.json.gz")) };
}
