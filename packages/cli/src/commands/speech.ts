/** Options that all commands have: how a command speaks. */
import type { Command } from "commander";

export function speech(command: Command): Command {
  return command
    .optionsGroup("About input and output:")
    .option("--json", "the result, or the error, as one JSON object on standard output")
    .option("-q, --quiet", "no words on standard error")
    .option("--color", "colours, also where no terminal is seen")
    .option("--no-color", "no colours (as NO_COLOR does)");
}
