/** `surprisal`: parses the command line, runs a command, and ends with the code that says how it went. */
import { CommanderError } from "commander";
import { InvalidArgumentError } from "surprisal";
import { type ExitCode, exit, exitCodeOf } from "./exit.ts";
import { errorLines, errorRecord } from "./output/failure.ts";
import { paint, wantsColor } from "./output/paint.ts";
import { makeProgram } from "./program.ts";

/** @param words without the program's own name. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exit.done;
  const program = makeProgram((ended) => {
    code = ended;
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => {}, outputError: () => {} });
  }
  try {
    if (words.length === 0) {
      process.stdout.write(program.helpInformation());
      return exit.usage;
    }
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exit.done;
    const names = program.commands.map((command) => command.name());
    return fail(error instanceof CommanderError ? usage(error, words, names) : error, words);
  }
}

/** What commander says, in the three parts of every message. */
function usage(error: CommanderError, words: readonly string[], names: readonly string[]): InvalidArgumentError {
  const said = error.message.replace(/^error: /, "").replace(/\.$/, "");
  const [first = said, ...more] = said.split("\n");
  const guess = more
    .join(" ")
    .trim()
    .replace(/^\(|\)$/g, "");
  const command = words.find((word) => names.includes(word));
  return new InvalidArgumentError("cli/usage", {
    received: first,
    expected: "that is not how the command is used",
    hint: `${guess === "" ? "" : `${guess} `}See surprisal ${command === undefined ? "" : `${command} `}--help.`,
  });
}

function fail(error: unknown, words: readonly string[]): ExitCode {
  if (words.includes("--json")) process.stdout.write(`${JSON.stringify(errorRecord(error), null, 2)}\n`);
  const asked = words.includes("--color") ? true : words.includes("--no-color") ? false : undefined;
  const colors = paint(wantsColor(asked, process.env, process.stderr.isTTY === true));
  const code = exitCodeOf(error);
  if (!words.includes("--json") || code === exit.bug) process.stderr.write(`${errorLines(error, colors).join("\n")}\n`);
  return code;
}

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exit.done);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));
