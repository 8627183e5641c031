/** The tables of docs/losses/policies.md: what the built library answers, and what other libraries did. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { builtLosses } from "../lib/built.mjs";
import { root } from "../lib/repo.mjs";
import { sections } from "./policies/sections.mjs";

/** @import { Line } from "./policies/sections.mjs" */
/** @import { FrameworkCase } from "../../packages/surprisal/test/golden/accuracy.ts" */

/** A heading, a sentence and a table for each section. */
export async function policyTables() {
  const losses = await builtLosses();
  const others = otherAnswers();
  return sections
    .map(({ title, text, lines }) => {
      const rows = lines.map((line) => [
        line.situation,
        call(line),
        ...answer(losses, line),
        others.get(line.golden ?? "") ?? "",
      ]);
      const head = ["situation", "call", "loss", "gradient", "others"];
      const table = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
      return [`## ${title}`, "", text, "", ...table].join("\n");
    })
    .join("\n\n");
}

/** The call as it is typed, without what is the default. @param {Line} line */
function call({ loss, yTrue, yPred, options }) {
  const parts = [show(yTrue), show(yPred), ...(options === undefined ? [] : [show(options)])];
  return `\`${loss}.evaluate(${parts.join(", ")})\``;
}

/** @param {unknown} value @returns {string} */
function show(value) {
  if (typeof value === "number") {
    const plain = value === 0 || !Number.isFinite(value) || (Math.abs(value) < 1e6 && Math.abs(value) > 1e-6);
    return plain ? String(value) : value.toPrecision(4);
  }
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, part]) => `${name}: ${show(part)}`)
    .join(", ")} }`;
}

/**
 * Losses (or the reduced one) and gradient, or the error.
 * @param {typeof import("../../packages/surprisal/src/losses.ts")} losses
 * @param {Line} line
 */
function answer(losses, { loss, yTrue, yPred, options = {}, error, value }) {
  const evaluate = () => losses.get(loss).evaluate(yTrue, yPred, { reduction: "none", ...options });
  if (error !== undefined) {
    try {
      evaluate();
    } catch (refused) {
      return [`error: ${/** @type {Error} */ (refused).message.split(". ")[0]}`, ""];
    }
    throw new Error(`${call({ loss, yTrue, yPred, options, situation: "" })} did not throw`);
  }
  const got = evaluate();
  return [numbers(value === undefined ? got.perSample.data : [got.value]), numbers(got.gradient.data)];
}

/** @param {ArrayLike<number>} values */
const numbers = (values) => Array.from(values, short).join(", ") || "none";

/** Five digits. @param {number} x */
function short(x) {
  if (!Number.isFinite(x)) return String(x).replace("Infinity", "∞").replace("-", "−");
  const text =
    Math.abs(x) >= 1e-4 && Math.abs(x) < 1e6 ? String(Number(x.toPrecision(5))) : x.toExponential(3).replace("e+", "e");
  return (x === 0 ? "0" : text).replace("-", "−");
}

const names = /** @type {const} */ ({
  torch: "PyTorch",
  "keras/torch": "Keras on PyTorch",
  "keras/jax": "Keras on JAX",
  "keras/tensorflow": "Keras on TensorFlow",
  optax: "optax",
  "scikit-learn": "scikit-learn",
});

/** What the others returned for golden cases in float64, by case: who agrees, and who says what instead. */
function otherAnswers() {
  const path = join(root, "packages/surprisal/test/golden/losses/frameworks.json.gz");
  /** @type {{ cases: FrameworkCase[] }} */
  const { cases } = JSON.parse(gunzipSync(readFileSync(path)).toString());
  return new Map(
    cases.map((golden) => {
      /** @type {Map<string, string[]>} */
      const says = new Map();
      for (const [library, by] of Object.entries(golden.returned)) {
        const got = by.f64;
        if (got === undefined) continue;
        const value = flat(got.perSample);
        const slope = got.gradient === null ? undefined : flat(got.gradient);
        const right = alike(value, flat(golden.truth.perSample));
        const rightSlope = slope === undefined || alike(slope, flat(golden.truth.gradient));
        const words =
          right && rightSlope
            ? "the same"
            : [
                ...(right ? [] : [numbers(value)]),
                ...(rightSlope || slope === undefined ? [] : [`gradient ${numbers(slope)}`]),
              ].join(", ");
        says.set(words, [...(says.get(words) ?? []), names[/** @type {keyof typeof names} */ (library)]]);
      }
      return [golden.key, [...says].map(([words, who]) => `${together(who)}: ${words}`).join("; ")];
    }),
  );
}

/** Keras is named once where its backends agree. @param {string[]} who */
function together(who) {
  const backends = who.filter((name) => name.startsWith("Keras"));
  if (backends.length < 3) return who.join(", ");
  return who
    .filter((name) => !name.startsWith("Keras") || name === backends[0])
    .join(", ")
    .replace(" on PyTorch", "");
}

/** @param {unknown} value @returns {number[]} */
const flat = (value) => (Array.isArray(value) ? value.flatMap(flat) : [Number(value)]);

/** To five digits. @param {number[]} got @param {number[]} wanted */
const alike = (got, wanted) => got.length === wanted.length && got.every((x, i) => near(x, Number(wanted[i])));

/** @param {number} x @param {number} wanted */
const near = (x, wanted) =>
  x === wanted ||
  Object.is(x, wanted) ||
  (Number.isFinite(x) && Math.abs(x - wanted) <= 1e-5 * Math.abs(wanted) && Number.isFinite(wanted));
