/** The contenders that were asked for and are there. */
import { lacking } from "./engines.mjs";
import { installPeers } from "./install.mjs";
import { refuse } from "./options.mjs";

/**
 * @template {import("./engines.mjs").Contender} C
 * @param {readonly C[]} contenders
 * @param {import("./options.mjs").Setting} setting
 * @returns {Promise<readonly C[]>}
 */
export async function participants(contenders, { engines, python, reasons }) {
  const ids = engines ?? contenders.map(({ id }) => id);
  const unknown = ids.find((id) => !contenders.some((contender) => contender.id === id));
  if (unknown !== undefined) refuse(`"${unknown}" is no engine; they are ${contenders.map(({ id }) => id).join(", ")}`);
  if (engines !== undefined) reasons.push("not all engines");
  let asked = contenders.filter(({ id }) => ids.includes(id));
  if (asked.some(({ peer }) => peer)) {
    const failure = installPeers();
    if (failure !== undefined) {
      console.log(`the peers are left out: ${failure}`);
      reasons.push("no peers");
      asked = asked.filter(({ peer }) => peer !== true);
    }
  }
  const modules = asked.flatMap(({ module }) => module ?? []);
  if (modules.length > 0) {
    const missing = await lacking(python, modules);
    if (missing === undefined) console.log(`left out: there is no ${python} for ${modules.join(", ")}`);
    else if (missing.length > 0) console.log(`left out: ${python} has no ${missing.join(", ")}`);
    const absent = missing ?? modules;
    asked = asked.filter(({ module }) => module === undefined || !absent.includes(module));
  }
  return asked;
}
