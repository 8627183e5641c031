/** A loss as a page of text for the terminal. */
import type { ExplainedArray, LossExplanation } from "surprisal";
import type { Paint } from "./paint.ts";
import { plainFormula } from "./tex.ts";
import { wrapped } from "./words.ts";

const margin = 16;

/** @param columns of the terminal. */
export function lossLines(loss: LossExplanation, columns: number, { bold, dim, cyan }: Paint): string[] {
  const lines: string[] = [];
  const put = (title: string, texts: readonly string[]) => {
    texts
      .flatMap((text) => wrapped(text, columns - margin))
      .forEach((text, i) => {
        lines.push(`${i === 0 ? dim(title.padEnd(margin)) : " ".repeat(margin)}${text}`);
      });
  };
  lines.push(`${bold(loss.name)}${loss.task === undefined ? "" : dim(`   ${loss.task}`)}`);
  lines.push(...wrapped(loss.summary ?? "", columns), "");
  if (loss.formula !== undefined) lines.push(`  ${cyan(plainFormula(loss.formula))}`, "");
  put("when to use", loss.whenToUse.length === 0 ? [] : [loss.whenToUse.join(" ")]);
  for (const array of [...loss.targets, ...loss.predictions, ...loss.inputs]) put(array.name, [arrayText(array)]);
  put("its value", [`${loss.perSample}${loss.unit === undefined ? "" : `, in ${loss.unit}`}`]);
  put(
    "parameters",
    loss.parameters.map(({ name, value, range, doc, default: usual }) => {
      const before = shown(value) === shown(usual) ? "" : `, by default ${shown(usual)}`;
      return `${name} = ${shown(value)}${before}; ${range}: ${doc}`;
    }),
  );
  const usual = loss.parameters.every(({ value, default: one }) => shown(value) === shown(one));
  // What is claimed, and proved by tests, is claimed of the defaults.
  put(usual ? "traits" : "by default", Object.values(loss.traits));
  put(
    "kinks",
    loss.kinks.map(
      ({ of, at, before, gradient, after }) =>
        `at a ${of} of ${at} the gradient jumps from ${before} to ${after}; there it is ${gradient}`,
    ),
  );
  put("also called", loss.aliases.length === 0 ? [] : [loss.aliases.join(", ")]);
  put(
    "elsewhere",
    loss.compat.map(
      ({ framework, name, differs }) => `${framework}: ${name}${differs === undefined ? "" : ` (${differs})`}`,
    ),
  );
  put("examples", loss.examples.map(exampleText));
  put(
    "references",
    loss.references.map(({ title, url }) => (url === undefined ? title : `${title}, ${url}`)),
  );
  return lines;
}

function arrayText({ values, axes, doc, optional, orElse, otherwise = {} }: ExplainedArray): string {
  const shape = axes === "..." ? "" : `, of axes [${axes.split(" ").join(", ")}]`;
  const turned = Object.entries(otherwise).map(([option, other]) => `; with ${option}: ${other}`);
  return `${values}${shape}${doc === undefined ? "" : `: ${doc}`}${orElse === undefined ? "" : ` (or ${orElse} in its place)`}${optional === true ? " (may be left out)" : ""}${turned.join("")}`;
}

/** A value as it is typed. JSON has no infinity. */
function shown(value: unknown): string {
  if (value === undefined) return "none";
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value !== "object" || value === null)
    return typeof value === "number" ? String(value) : JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, one]) => `${name}: ${shown(one)}`)
    .join(", ")} }`;
}

function exampleText({ yTrue, yPred, params, options, loss }: Readonly<Record<string, unknown>>): string {
  const named = Object.entries({ yTrue, yPred, ...(params as object), ...(options as object) });
  const given = named.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${shown(value)}`]));
  return `${given.join(", ")} → ${String(loss)}`;
}
