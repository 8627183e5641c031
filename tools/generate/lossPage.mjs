/** The page of one loss, as markdown. */

/** @import { ExplainedArray, LossCurve, LossExplanation } from "../../packages/surprisal/src/index.ts" */
/** @import { Cost } from "./lossCost.mjs" */

/**
 * @typedef {object} Subject
 * @property {any} loss
 * @property {string} word under which the library exports it
 * @property {LossExplanation} explanation
 * @property {LossCurve | undefined} curve
 * @property {Cost | undefined} cost
 */

/** @param {Subject} subject */
export function lossPage(subject) {
  const { explanation: loss, curve } = subject;
  return `${[
    `# ${loss.name}`,
    loss.summary ?? "",
    loss.formula === undefined ? "" : `$$${loss.formula}$$`,
    curve === undefined
      ? ""
      : `![value and gradient of ${loss.name} along the ${curve.axis.label}](curves/${loss.name}.svg)`,
    section("When to use it", list(loss.whenToUse)),
    section("What it takes", taken(loss)),
    section("Parameters", parameters(loss)),
    section("What it gives", given(loss)),
    section("Properties", list(properties(loss))),
    section("What it costs", cost(subject)),
    section("Elsewhere", elsewhere(loss)),
    section("Examples", examples(subject)),
    section(
      "References",
      list(loss.references.map(({ title, url }) => (url === undefined ? title : `[${title}](${url})`))),
    ),
    loss.aliases.length === 0
      ? ""
      : `Also found as ${loss.aliases.map(code).join(", ")}; case and separators do not matter.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

/** @param {string} title @param {string} body */
const section = (title, body) => (body === "" ? "" : `## ${title}\n\n${body}`);

/** @param {readonly string[]} items */
const list = (items) => items.map((item) => `- ${item}`).join("\n");

/** @param {string} text */
const code = (text) => `\`${text}\``;

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function table(head, rows) {
  if (rows.length === 0) return "";
  /** @param {readonly string[]} cells */
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** @param {LossExplanation} loss */
function taken({ targets, predictions, inputs }) {
  const arrays = [...targets, ...predictions, ...inputs];
  const documented = arrays.some(({ doc }) => doc !== undefined);
  return table(
    ["array", "axes", "numbers", ...(documented ? [""] : [])],
    arrays.map((array) => [code(array.name), axes(array), numbers(array), ...(documented ? [array.doc ?? ""] : [])]),
  );
}

/** @param {ExplainedArray} array */
function axes({ axes: text }) {
  const words = text.split(" ").filter((word) => word !== "");
  return words.length === 0 ? "one number" : words.map((word) => (word === "..." ? "…" : word)).join(", ");
}

/** @param {ExplainedArray} array */
function numbers({ values, otherwise = {}, optional, orElse }) {
  const turned = Object.entries(otherwise).map(([option, other]) => `; with ${code(option)}, ${other}`);
  const instead = orElse === undefined ? "" : `; or ${code(orElse)} in its place`;
  return `${values}${turned.join("")}${instead}${optional === true ? "; may be left out" : ""}`;
}

/** @param {LossExplanation} loss */
function parameters(loss) {
  return table(
    ["name", "default", "takes", "what it is"],
    loss.parameters.map(({ name, default: usual, range, doc }) => [
      code(name),
      usual === undefined ? "none" : code(literal(usual)),
      range,
      doc,
    ]),
  );
}

/** @type {Readonly<Record<string, string>>} */
const divisors = {
  elements: "the number of losses, masked ones included",
  rows: "the length of the first axis",
  valid: "the number of losses that count",
  weightSum: "the sum of the weights, class weights included",
  nonzeroWeights: "the number of weights that are not 0",
  entries: "the number of entries of yPred",
};

/** @param {LossExplanation} loss */
function given({ perSample, unit, means, targets, predictions }) {
  const one = predictions.length === 1 && targets.length <= 1;
  const gradient = one
    ? "the gradient has the shape of `yPred`"
    : "the gradient is an object with one array for each prediction";
  return list([
    `\`perSample\`, without weights and reduction: ${perSample}${unit === undefined ? "" : `, in ${unit}`}.`,
    `\`value\`, by default (\`"sumOverBatchSize"\`) the mean over what is neither masked nor ignored; ${gradient}.`,
    ...Object.entries(means).map(
      ([library, over]) =>
        `With \`reduction: { like: "${library}" }\` this loss divides by ${divisors[String(over)] ?? String(over)}.`,
    ),
  ]);
}

/** @param {LossExplanation} loss */
function properties({ traits, kinks }) {
  const usual = Object.values(traits).map((says) => `${says.charAt(0).toUpperCase()}${says.slice(1)}.`);
  const places = { residual: "a residual ŷ − y", margin: "a margin y · f" };
  return [
    ...usual,
    ...kinks.map(
      ({ of, at, before, gradient, after }) =>
        `Kink at ${places[of]} of ${at}: the gradient jumps from ${before} to ${after} there, and is ${gradient} at the place itself.`,
    ),
  ];
}

/** @param {Subject} subject */
function cost({ cost: found }) {
  if (found === undefined) return "";
  const { of, kernels, operations, bytes } = found;
  return (
    `Value and gradient together, compiled to WebAssembly in float32; ${of}: ${operations} floating-point operations and ` +
    `${bytes} bytes of memory traffic, in ${kernels} ${kernels === 1 ? "kernel" : "kernels"}.`
  );
}

/** @param {LossExplanation} loss */
function elsewhere({ compat }) {
  return table(
    ["library", "there", "their argument → ours", "differs"],
    compat.map(({ framework, name, arguments: words = {}, options = {}, differs = "" }) => [
      framework,
      code(name),
      [
        ...Object.entries(words).map(([theirs, ours]) =>
          theirs === ours ? code(theirs) : `${code(theirs)} → ${code(ours)}`,
        ),
        ...Object.entries(options).map(([option, value]) => `with ${code(`${option}: ${literal(value)}`)}`),
      ].join(", "),
      differs,
    ]),
  );
}

/** @param {Subject} subject */
function examples({ loss, word, explanation }) {
  const calls = explanation.examples.map((example) => {
    const { yTrue, yPred, options } = argumentsOf(loss, explanation, example);
    const words = [yTrue, yPred, ...(Object.keys(options).length === 0 ? [] : [options])].map(literal).join(", ");
    const { value } = loss.evaluate(yTrue, yPred, options);
    return `console.log(${word}.evaluate(${words}).value); // → ${value}`;
  });
  if (calls.length === 0) return "";
  return ["```ts", `import { ${word} } from "surprisal/losses";`, "", ...calls, "```"].join("\n");
}

/**
 * What `evaluate` is called with for an example; of a loss over rows it is one row, without its batch.
 * @param {any} loss @param {LossExplanation} explanation @param {Readonly<Record<string, any>>} example
 */
export function argumentsOf(loss, { predictions }, { yTrue, yPred, params = {}, options = params }) {
  // A loss of several arrays, or with axes of its own, has its examples whole.
  if (predictions.length !== 1 || loss.definition.losses !== undefined) return { yTrue, yPred, options };
  const overRows = predictions[0]?.axes !== "..." || loss.targets === "classIndex";
  const target = [yTrue].flat();
  if (!overRows) return { yTrue: target, yPred: [yPred].flat(), options };
  return { yTrue: loss.targets === "classIndex" ? target : [target], yPred: [[yPred].flat()], options };
}

/** A value as it stands in a program. @param {unknown} value @returns {string} */
function literal(value) {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, one]) => `${name}: ${literal(one)}`)
    .join(", ")} }`;
}
