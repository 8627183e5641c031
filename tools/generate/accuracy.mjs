/** The tables of docs/losses/accuracy.md, from docs/losses/accuracy.json (`npm run accuracy` writes it). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, root } from "../lib/repo.mjs";

/** @import { Accuracy, Errors, Ulp } from "../../packages/surprisal/test/golden/accuracy.ts" */

/** @type {readonly [column: string, library: string][]} */
const libraries = [
  ["PyTorch", "torch"],
  ["Keras, on PyTorch", "keras/torch"],
  ["on JAX", "keras/jax"],
  ["on TensorFlow", "keras/tensorflow"],
  ["optax", "optax"],
  ["scikit-learn", "scikit-learn"],
];

/** From here on an error is 1 % and more. */
const bold = { f32: 2 ** 23 / 100, f64: 2 ** 52 / 100 };

/** @returns {Accuracy | undefined} */
function measured() {
  const path = join(root, "docs/losses/accuracy.json");
  return existsSync(path) ? readJson(path) : undefined;
}

/** What was run, in a line. */
export function accuracyVersions() {
  const { versions = {}, all = {} } = measured() ?? {};
  const cases = Object.values(all).flatMap((ranges) => Object.values(ranges).map((row) => row.cases));
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const total = cases.reduce((a, b) => a + b, 0);
  return `${Object.keys(all).length} losses, ${total} cases. The others: ${used.join(", ")}, on a CPU.`;
}

/** Ours beside other libraries, in one precision. @param {"f32" | "f64"} precision */
export function accuracyBeside(precision) {
  const { shared = {} } = measured() ?? {};
  /** @type {readonly [string, "float64" | "float32" | "native"][]} */
  const ours =
    precision === "f64"
      ? [["ours", "float64"]]
      : [
          ["ours, float32", "native"],
          ["ours, rounded once", "float32"],
        ];
  const rows = Object.entries(shared).flatMap(([loss, ranges]) =>
    Object.entries(ranges).map(([range, row]) => [
      loss,
      range,
      row.cases,
      ...ours.map(([, way]) => cell(row[way], precision)),
      ...libraries.map(([, library]) => cell(row.others[library]?.[precision], precision)),
    ]),
  );
  return table(["loss", "range", "cases", ...ours.map(([name]) => name), ...libraries.map(([name]) => name)], rows);
}

/** Ours over all golden cases. */
export function accuracyOfAll() {
  const { all = {} } = measured() ?? {};
  const rows = Object.entries(all).flatMap(([loss, ranges]) =>
    Object.entries(ranges).map(([range, row]) => [
      loss,
      range,
      row.cases,
      cell(row.float64, "f64"),
      cell(row.float32, "f32"),
      cell(row.native, "f32"),
      row.conditioning === undefined ? "" : digits(row.conditioning),
    ]),
  );
  return table(
    ["loss", "range", "cases", "float64", "float32, rounded once", "float32 throughout", "conditioning"],
    rows,
  );
}

/** @param {readonly string[]} head @param {readonly (readonly (string | number)[])[]} rows */
function table(head, rows) {
  const align = head.map((_, i) => (i < 2 ? "---" : "---:"));
  return [head, align, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Value / gradient. @param {Errors | undefined} errors @param {"f32" | "f64"} precision */
function cell(errors, precision) {
  if (errors === undefined || errors.every((error) => error === null)) return "";
  return errors.map((error) => ulps(error, bold[precision])).join(" / ");
}

/** @param {Ulp} error @param {number} from what counts as lost */
function ulps(error, from) {
  if (error === null) return "–";
  if (error === "NaN") return "**NaN**";
  return error >= from ? `**${digits(error)}**` : digits(error);
}

/** Two digits. @param {number} x */
function digits(x) {
  if (x === 0) return "0";
  if (x < 0.1) return "<0.1";
  return x < 1e4 ? String(Number(x.toPrecision(2))) : x.toExponential(0).replace("e+", "e");
}
