/** The commands that explain losses, their options and their help. */
import type { Command } from "commander";
import { type LossCommandOptions, lossCommand } from "./commands/loss.ts";
import { type LossesCommandOptions, lossesCommand, lossTasks } from "./commands/losses.ts";
import { type LossesForOptions, lossesFor } from "./commands/lossesFor.ts";
import { names, oneOf } from "./commands/options.ts";
import { speech } from "./commands/speech.ts";
import type { ExitCode } from "./exit.ts";
import { finite, readPair } from "./numbers.ts";

/** @param exitCodes what ends every help. */
export function addLossCommands(program: Command, exitCodes: string, done: (code: ExitCode) => void): void {
  speech(
    program
      .command("losses")
      .description("List the losses, or explain one: formula, parameters, when to use it, and its curve.")
      .argument("[name]", "a loss, or a word to look for")
      .option("--task <task>", "only losses for this", oneOf("--task", lossTasks()))
      .option("--search <word>", "only losses with this word in name, aliases or summary")
      .optionsGroup("About a table:")
      .option("--for <table>", "choose a loss for a column of it, and say why; --task then says what the column is")
      .option("-t, --target <column>", "the column")
      .option("--missing <word,...>", "what stands for a missing value, besides an empty cell", names)
      .optionsGroup("About one loss:")
      .option("--param <name=value>", "a parameter of the loss; may be repeated", readPair("--param", "delta=2"))
      .option("--true <target>", "the target that the curve is drawn for", finite("--true"))
      .option("--svg <file>", "writes the curve as a picture; - is standard output"),
  )
    .addHelpText(
      "after",
      `
A loss is what a wrong prediction costs; training lowers its mean, going down along the gradient. The curve shows both along the
prediction: the probability of the true class, its logit, the residual, or the margin, whichever the loss takes.

Examples:
  $ surprisal losses                                             the table, by task
  $ surprisal losses --task regression
  $ surprisal losses smooth                                      all that have to do with the word
  $ surprisal losses huber --param delta=2
  $ surprisal losses bce --param fromLogits=true --svg bce.svg
  $ surprisal losses huber --json | jq .parameters
  $ surprisal losses --for penguins.csv --target Species         which loss suits a column, and why
${exitCodes}`,
    )
    .action(async (name: string | undefined, options: LossesCommandOptions & LossesForOptions & { for?: string }) =>
      done(
        await (options.for === undefined ? lossesCommand(name, options) : lossesFor(options.for, { ...options, name })),
      ),
    );

  speech(
    program
      .command("loss")
      .description("What a prediction costs, and the gradient, exact to the last digits.")
      .argument("[name]", "a loss; surprisal losses lists them")
      .option("--true <numbers>", "the target: a number, a row 0,1,0, a class number, or rows 0,1;1,0")
      .option("--pred <numbers>", "the prediction as the loss takes it")
      .option("--probabilities <numbers>", "the prediction as probabilities")
      .option("--logits <numbers>", "the prediction as logits: before the sigmoid or softmax")
      .option("--formula <formula>", 'a loss of your own, such as "-(y*log(p) + (1 - y)*log(1 - p))"')
      .option(
        "--param <name=value>",
        "a parameter of the loss or formula; may be repeated",
        readPair("--param", "delta=2"),
      )
      .option(
        "--input <name=numbers>",
        "a further array that the loss takes; may be repeated",
        readPair("--input", "lengths=3"),
      ),
  )
    .addHelpText(
      "after",
      `
The value is the mean over the rows, and the gradient that of the mean. It is followed by its unit where it has one: a cross-entropy
counts in nats. A loss of probabilities takes logits, too: the sigmoid or softmax is put before it, and nothing is lost at either end.

Examples:
  $ surprisal loss binaryCrossentropy --true 1 --logits -20
  $ surprisal loss sparseCategoricalCrossentropy --true 2 --logits 2,1,0.1
  $ surprisal loss huber --true 3 --pred 5 --param delta=0.5
  $ surprisal loss mse --true "1;2" --pred "1.5;4"                  two rows
  $ surprisal loss --formula "-(y*log(p) + (1 - y)*log(1 - p))" --true 1 --logits -800
  $ surprisal loss gaussianNll --true 1 --pred '{"mean": [[3]], "logVariance": [[0]]}'
${exitCodes}`,
    )
    .action(async (name: string | undefined, options: LossCommandOptions) => done(await lossCommand(name, options)));
}
