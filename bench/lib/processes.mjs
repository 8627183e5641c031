/** Work in processes of its own: pinned to one core where the system can, killed when it hangs. */
import { spawn, spawnSync } from "node:child_process";
import { cpus } from "node:os";

/** One thread each, also for those libraries that would take all cores. */
const oneThread = {
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  VECLIB_MAXIMUM_THREADS: "1",
  NUMEXPR_NUM_THREADS: "1",
};

/**
 * @typedef {object} Outcome
 * @property {any} [answer] the JSON on the last line of standard output
 * @property {string} [failure] in words: why there is none
 * @property {number} ms from start to end of the process
 */

/** The command in front of a command that keeps it on the last core; empty where there is none. @returns {readonly string[]} */
export function pinning() {
  const prefix = ["taskset", "-c", String(cpus().length - 1)];
  const [program = "", ...words] = [...prefix, process.execPath, "-e", "0"];
  return spawnSync(program, words, { stdio: "ignore" }).status === 0 ? prefix : [];
}

/**
 * Runs a command to its end.
 * @param {readonly string[]} command
 * @param {object} [options]
 * @param {unknown} [options.job] written to its standard input as JSON; its last line of output is then parsed
 * @param {number} [options.seconds] it is killed after so many
 * @param {string} [options.cwd]
 * @returns {Promise<Outcome & { output: string }>}
 */
export function run([program = "", ...words], { job, seconds = 120, cwd } = {}) {
  return new Promise((done) => {
    const began = performance.now();
    const child = spawn(program, words, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...oneThread },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    let said = "";
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, seconds * 1000);
    /** @param {string | undefined} failure @param {any} [answer] */
    const end = (failure, answer) => {
      clearTimeout(timer);
      const ms = performance.now() - began;
      done({ ms, output, ...(failure !== undefined && { failure }), ...(answer !== undefined && { answer }) });
    };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    child.on("error", (error) => end(error.message));
    child.on("close", (code) => {
      if (late) return end(`no answer in ${seconds} s`);
      if (code !== 0) return end(`it ended with ${code}: ${complaint(said)}`);
      if (job === undefined) return end(undefined);
      try {
        end(undefined, JSON.parse(lastLine(output)));
      } catch {
        end(`its answer is no JSON: ${lastLine(output)}`);
      }
    });
    child.stdin.on("error", () => {});
    child.stdin.end(job === undefined ? "" : JSON.stringify(job));
  });
}

/** The line that says what is wrong: the first with an error's name, else the last. @param {string} said */
function complaint(said) {
  return /^\s*(?:Uncaught )?(\w*Error\b.*)$/m.exec(said)?.[1] ?? (lastLine(said) || "no word");
}

/** @param {string} text */
function lastLine(text) {
  return text.trimEnd().split("\n").at(-1)?.trim() ?? "";
}
