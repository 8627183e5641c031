/** Ctrl-C while training: the first ends it cleanly, the second at once. */
import { exit } from "./exit.ts";

/** Runs `work` with a signal that SIGINT and SIGTERM fire; `noticed` speaks at the first. */
export async function interruptible<T>(noticed: () => void, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) process.exit(exit.interrupted);
    controller.abort();
    noticed();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, listener);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, listener);
  }
}
