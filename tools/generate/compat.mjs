/** The tables of docs/losses/compat.md: each library's losses and ours, from the definitions. */
import { builtLosses } from "../lib/built.mjs";

/** @import { Compat, Framework } from "../../packages/surprisal/src/loss/compat.ts" */

/** A row for each loss of one library. @param {Framework} framework */
export async function compatTable(framework) {
  const losses = await builtLosses();
  const rows = losses
    .list()
    .flatMap((loss) =>
      (loss.definition.compat ?? []).map((/** @type {Compat} */ entry) => ({ loss: loss.name, entry })),
    )
    .filter(({ entry }) => entry.framework === framework)
    .sort((a, b) => compare(a.entry.name, b.entry.name) || compare(a.loss, b.loss));
  return [
    "| there | here | their argument → our option | differs |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ loss, entry }) => `| ${[there(entry), here(loss, entry), words(entry), differs(entry)].join(" | ")} |`,
    ),
  ].join("\n");
}

/** @param {Compat} entry */
const there = ({ name }) => `\`${name.replace(/^(keras|torch|optax|sklearn)\./, "")}\``;

/** @param {string} loss @param {Compat} entry */
function here(loss, { options = {} }) {
  const given = Object.entries(options).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `[\`${loss}${given.length === 0 ? "" : `({ ${given.join(", ")} })`}\`](${loss}.md)`;
}

/** @param {Compat} entry */
const words = (entry) =>
  Object.entries(entry.arguments ?? {})
    .map(([word, option]) => (word === option ? `\`${word}\`` : `\`${word}\` → \`${option}\``))
    .join(", ");

/** @param {Compat} entry */
const differs = (entry) => (entry.differs ?? "").replaceAll("|", "\\|");

/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
