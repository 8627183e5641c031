/** Whether what was to be reached is reached. */
import { shownNumber, significant } from "./statistics.mjs";

/**
 * @typedef {import("./compare.mjs").Row} Row
 * @typedef {import("../workloads/workload.mjs").Target} Target
 *
 * @typedef {object} Verdict
 * @property {Target["of"]} of
 * @property {string} what in words: "× NumPy by hand", "MB more", "off"
 * @property {string} [beside] the other engine's id
 * @property {number} [must]
 * @property {number} [aim]
 * @property {number} [value] of ours; not there where one of the two did not take part
 * @property {boolean} [met] whether it is at most `must`; not there without one or the other
 * @property {boolean} [reached] whether it is at most `aim`
 */

/** @param {readonly Target[]} targets @param {readonly Row[]} rows @param {string} ours id @param {(id: string) => string} nameOf @returns {Verdict[]} */
export function judge(targets, rows, ours, nameOf) {
  const mine = rows.find(({ id }) => id === ours);
  return targets.map((target) => {
    const value = figureOf(target, mine, rows);
    const what = {
      time: `× ${nameOf(target.beside ?? "")}`,
      extraMB: "MB more",
      workspaceMB: "MB of workspace",
      off: "off",
    }[target.of];
    return {
      ...target,
      what,
      ...(value !== undefined && { value }),
      ...(value !== undefined && target.must !== undefined && { met: value <= target.must }),
      ...(value !== undefined && target.aim !== undefined && { reached: value <= target.aim }),
    };
  });
}

/** @param {Target} target @param {Row | undefined} mine @param {readonly Row[]} rows @returns {number | undefined} */
function figureOf({ of, beside }, mine, rows) {
  if (of !== "time") return mine?.[of];
  const other = rows.find(({ id }) => id === beside);
  return mine === undefined || other === undefined ? undefined : significant(mine.ms.min / other.ms.min, 3);
}

/** In words: "0.5 × NumPy by hand, must 0.57: met; aim 0.4: no". @param {Verdict} verdict */
export function shownVerdict({ what, must, aim, value, met, reached }) {
  const figure = value === undefined ? "?" : shownNumber(value);
  const parts = [
    ...(must === undefined ? [] : [`must ${must}: ${met === undefined ? "?" : met ? "met" : "NOT MET"}`]),
    ...(aim === undefined ? [] : [`aim ${aim}: ${reached === undefined ? "?" : reached ? "reached" : "not yet"}`]),
  ];
  return `${figure} ${what} (${parts.join("; ")})`;
}
