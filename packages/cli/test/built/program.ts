/** The built command line, as a process. */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** SURPRISAL_BIN names another build of it. */
export const program = process.env.SURPRISAL_BIN ?? fileURLToPath(new URL("../../dist/main.js", import.meta.url));

const plain = { ...process.env, NO_COLOR: "", TMPDIR: process.env.TMPDIR ?? "/tmp" };

export interface Ran extends SpawnSyncReturns<string> {
  /** Standard output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it expects
  readonly json: any;
}

/** Runs a command in a folder to its end. */
export function surprisal(
  folder: string,
  words: readonly string[],
  { input, env }: { input?: string | Uint8Array; env?: Record<string, string> } = {},
): Ran {
  const ran = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...plain, ...env },
    maxBuffer: 2 ** 28,
    ...(input !== undefined && { input }),
  });
  return Object.defineProperty(ran, "json", { get: () => JSON.parse(ran.stdout) }) as Ran;
}

/** Starts a command, sends it a signal once it has said `words` on standard error, and waits for its end. */
export function interrupted(
  folder: string,
  args: readonly string[],
  words: string,
  signal: "SIGINT" | "SIGTERM" = "SIGINT",
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: plain });
  let [stdout, stderr, sent] = ["", "", false];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
    if (sent || !stderr.includes(words)) return;
    sent = true;
    child.kill(signal);
  });
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, stdout, stderr })));
}

/** Rows of CSV that has no quotes. */
export function parse(text: string): Record<string, string>[] {
  const [head = "", ...lines] = text.trimEnd().split("\n");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((field, j) => [names[j] ?? "", field])));
}
