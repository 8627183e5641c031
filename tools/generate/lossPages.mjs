/** docs/losses: a page for every loss with the picture of its curve, and the list of them by family; all from the definitions. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleText } from "../lib/bundle.mjs";
import { root } from "../lib/repo.mjs";
import { costOf } from "./lossCost.mjs";
import { argumentsOf, lossPage } from "./lossPage.mjs";

/** @typedef {{ path: string, text: string }} Made a file and what it holds */

/** How every made page begins: a page that begins so and is not made any more is left over. */
export const mark = "<!-- Made by `npm run generate` from the definition of the loss; change that. -->";
/** The folder whose files of this kind are all made here. */
export const curves = "docs/losses/curves";

const list = join(root, "packages/surprisal/src/loss/list.ts");

/** Pages of the folder that are written by hand, in the order they are named. */
const guides = [
  ["accuracy.md", "how accurate each of them is, beside other libraries"],
  ["policies.md", "infinities, zeros, empty batches and other edges"],
  ["compat.md", "what Keras, PyTorch, optax and scikit-learn call them"],
];

/** None where there is no such library. @returns {Promise<Made[]>} */
export async function lossPages() {
  if (!existsSync(list) || !existsSync(join(root, "docs/losses"))) return [];
  const dist = join(root, "packages/surprisal/dist/index.js");
  if (!existsSync(dist)) throw new Error("the library is not built: npm run build");
  /** @type {typeof import("../../packages/surprisal/src/index.ts")} */
  const { explainLoss, lossCurve, losses } = await import(pathToFileURL(dist).href);
  const { curveSvg } = await drawing();
  const named = Object.entries(losses);
  /** @type {Made[]} */
  const made = [];
  /** @type {Map<string, import("../../packages/surprisal/src/index.ts").LossExplanation[]>} */
  const families = new Map();
  for (const { family, word } of exported()) {
    const loss = /** @type {any} */ (named.find(([name]) => name === word)?.[1]);
    if (loss === undefined) throw new Error(`${word} is in list.ts and not in the built library: npm run build`);
    const explanation = explainLoss(loss);
    const curve = lossCurve(loss);
    const { name, summary = "" } = explanation;
    families.set(family, [...(families.get(family) ?? []), explanation]);
    if (curve !== undefined) {
      const description = `${summary} Value and gradient along the ${curve.axis.label}, from ${curve.axis.from} to ${curve.axis.to}.`;
      made.push({ path: `${curves}/${name}.svg`, text: curveSvg(curve, { description }) });
    }
    const [first] = explanation.examples;
    const cost = await costOf(loss, curve, first && argumentsOf(loss, explanation, first));
    made.push({
      path: `docs/losses/${name}.md`,
      text: `${mark}\n${lossPage({ loss, word, explanation, curve, cost })}`,
    });
  }
  return [{ path: "docs/losses/README.md", text: `${mark}\n${index(families)}` }, ...made];
}

/** The losses as list.ts names them, each with its folder. */
function exported() {
  const text = readFileSync(list, "utf8");
  return [...text.matchAll(/^export \{ ([^}]+) \} from "\.\/([^/"]+)\//gm)].flatMap(([, words = "", family = ""]) =>
    words.split(",").map((word) => ({ family, word: word.trim().replace(/^.* as /, "") })),
  );
}

/** The command line's own picture of a curve. @returns {Promise<typeof import("../../packages/cli/src/output/curveSvg.ts")>} */
async function drawing() {
  const folder = join(root, "packages/cli");
  const source = join(folder, "src/output/curveSvg.ts");
  const entry = { subpath: "./curveSvg", name: "curveSvg", source };
  const text = await bundleText({ folder, name: "@surprisal/cli", manifest: {}, entries: [entry] }, entry, false);
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

/** @param {ReadonlyMap<string, readonly import("../../packages/surprisal/src/index.ts").LossExplanation[]>} families */
function index(families) {
  const count = [...families.values()].reduce((sum, members) => sum + members.length, 0);
  const there = guides.filter(([page = ""]) => existsSync(join(root, "docs/losses", page)));
  const sections = [...families]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([family, members]) => [
      `## ${family.charAt(0).toUpperCase()}${family.slice(1)}`,
      "",
      "| loss | for | |",
      "|---|---|---|",
      ...members.map(
        ({ name, task = "", summary = "" }) =>
          `| [${name}](${name}.md) | ${task} | ${summary.replaceAll("|", "\\|")} |`,
      ),
      "",
    ]);
  return [
    "# Losses",
    "",
    `${count} losses by name. Each has a page: formula, parameters, what it takes and gives, a curve if it takes one array, and examples that run.`,
    "`surprisal losses NAME` shows the same in a terminal.",
    "",
    ...there.map(([page, words]) => `- [${page}](${page}): ${words}`),
    "",
    ...sections,
  ].join("\n");
}
