/** The words behind `npm run bench --`, read once for whatever is measured. */
import { parseArgs } from "node:util";
import { describeMachine, machineLabel, otherLoad } from "./machine.mjs";
import { pinning } from "./processes.mjs";

/**
 * @typedef {object} Setting what every measurement needs to know
 * @property {readonly string[]} words what is to be measured
 * @property {boolean} quick
 * @property {number} rounds
 * @property {number} seconds an engine may take
 * @property {string} date
 * @property {string} label
 * @property {string} python
 * @property {readonly string[] | undefined} engines ids, where not all take part
 * @property {readonly string[]} prefix of every command: it keeps a process on one core
 * @property {string} machine
 * @property {number} load
 * @property {string[]} reasons why this run is not to be kept
 */

/** @returns {Setting} */
export function readSetting() {
  const { values, positionals } = attempt(() =>
    parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: "string", default: "3" },
        quick: { type: "boolean", default: false },
        label: { type: "string" },
        date: { type: "string" },
        python: { type: "string", default: "python3" },
        timeout: { type: "string", default: "120" },
        engines: { type: "string" },
        "no-pin": { type: "boolean", default: false },
        "no-record": { type: "boolean", default: false },
      },
    }),
  );
  const date = values.date ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) refuse(`--date is "${date}"; it is written YYYY-MM-DD`);
  /** @type {string[]} */
  const reasons = [];
  if (values.quick) reasons.push("--quick");
  if (values["no-record"]) reasons.push("--no-record");
  const prefix = values["no-pin"] ? [] : pinning();
  const machine = describeMachine();
  const load = otherLoad();
  console.log(
    `${machine}, Node ${process.versions.node}, ${prefix.length > 0 ? "each process on one core" : "not pinned"}`,
  );
  if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)}): these figures mean nothing`);
  return {
    words: positionals,
    quick: values.quick,
    rounds: values.quick ? 1 : wholeNumber("rounds", values.rounds),
    seconds: wholeNumber("timeout", values.timeout),
    date,
    label: values.label ?? machineLabel() ?? "machine",
    python: values.python,
    engines: values.engines?.split(","),
    prefix,
    machine,
    load,
    reasons,
  };
}

/** @param {string} name @param {string} given */
function wholeNumber(name, given) {
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  return refuse(`--${name} is "${given}"; it is a whole number from 1`);
}

/** What the work gives; an error in it is one of usage. @template T @param {() => T} work @returns {T} */
export function attempt(work) {
  try {
    return work();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} message @returns {never} */
export function refuse(message) {
  console.error(message);
  process.exit(2);
}
