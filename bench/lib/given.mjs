/** The problem that a whole program gets on its standard input, with its arrays read. */
import { readFileSync } from "node:fs";
import { readArray } from "./arrays.mjs";

/** @returns {any} */
export function givenProblem() {
  const given = JSON.parse(readFileSync(0, "utf8"));
  const arrays = Object.entries(given.arrays).map(([name, array]) => [name, readArray(/** @type {any} */ (array))]);
  return { ...given, arrays: Object.fromEntries(arrays) };
}
