/** The commands, their options and their help. */
import { Command, Option } from "commander";
import { devices, version } from "surprisal";
import { type DoctorOptions, doctorCommand } from "./commands/doctor.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { fitCommand, fitDefaults } from "./commands/fit.ts";
import { columnTypes, hiddenLayers, names, oneOf, positive, share, whole } from "./commands/options.ts";
import { predictCommand } from "./commands/predict.ts";
import { speech } from "./commands/speech.ts";
import type { ExitCode } from "./exit.ts";
import { type Gate, parseGate } from "./gates.ts";
import { addLossCommands } from "./lossCommands.ts";
import { rowFormats } from "./output/rows.ts";
import { formats } from "./table/format.ts";
import { tasks } from "./task.ts";

const gate =
  (limit: "min" | "max") =>
  (text: string, before: readonly Gate[] = []): Gate[] => [...before, parseGate(limit, text)];

const exitCodes = `
Exit codes: 0 done · 1 a gate failed (--min, --max) · 2 wrong usage · 3 data unreadable or not what the model expects ·
4 training diverged · 5 model file refused · 70 a bug of ours · 130 interrupted, after saving the best weights so far`;

/** `done` is given each command's exit code. */
export function makeProgram(done: (code: ExitCode) => void): Command {
  const program = new Command("surprisal")
    .description("Train on a labelled table, predict with the model, and see how good it is. Explain losses.")
    .version(version)
    .addHelpText(
      "after",
      `
Examples:
  $ surprisal fit penguins.csv --target Species                  learn a column from the others; writes penguins.safetensors
  $ surprisal predict penguins.safetensors new.csv               a prediction for every row, with probabilities
  $ surprisal evaluate penguins.safetensors test.csv             loss, accuracy, confusion matrix
  $ surprisal losses                                             every loss; surprisal losses huber explains one
  $ surprisal loss binaryCrossentropy --true 1 --logits -20      what a prediction costs, and its gradient
  $ surprisal doctor                                             what this machine has, and what will be used
  $ surprisal help fit                                           everything that can be chosen
${exitCodes}`,
    );

  common(
    program
      .command("fit")
      .description("Learn a column of a table from the others.")
      .argument("<table>", "CSV, TSV, JSON, NDJSON or Parquet; - is standard input")
      .requiredOption("-t, --target <column>", "the column to learn")
      .option("-o, --out <file>", "where the model goes (default: the table's name with .safetensors, in this folder)")
      .optionsGroup("About the table:")
      .addOption(
        new Option("--task <task>", `${tasks.join(", ")} (default: found out from the target, and said)`).argParser(
          oneOf("--task", tasks),
        ),
      )
      .option("--types <name=kind,...>", "what columns are: number, category, boolean or date", columnTypes)
      .option("--ignore <name,...>", "columns to leave out", names)
      .option("--missing <word,...>", "what stands for a missing value, besides an empty cell", names)
      .optionsGroup("About the training:")
      .addOption(
        new Option("--model <units,...>", "hidden layers; linear for none")
          .argParser(hiddenLayers)
          .default(fitDefaults.model, fitDefaults.model.join(",")),
      )
      .option(
        "--loss <name or formula>",
        'such as huber or "-(y*log(p) + (1 - y)*log(1 - p))"; default: cross-entropy, or mean squared error',
      )
      .option("--epochs <n>", "at most", whole("--epochs", 1), fitDefaults.epochs)
      .option("--batch-size <n>", "rows a step", whole("--batch-size", 1), fitDefaults.batchSize)
      .option("--optimizer <name>", "adam, sgd, rmsprop and others", fitDefaults.optimizer)
      .option("--learning-rate <x>", "of the optimizer", positive("--learning-rate", 0.001), fitDefaults.learningRate)
      .option("--weights <how>", "balanced: rare classes count as much as common ones")
      .option("--test-split <share>", "rows kept for the final test", share("--test-split"), fitDefaults.testSplit)
      .option(
        "--validation-split <share>",
        "of the other rows, to decide when to stop",
        share("--validation-split"),
        fitDefaults.validationSplit,
      )
      .option("--seed <n>", "for the split, the weights and the order of rows", whole("--seed", 0), fitDefaults.seed)
      .addOption(
        new Option("--dtype <type>", "float32 or float64")
          .argParser(oneOf("--dtype", ["float32", "float64"]))
          .default(fitDefaults.dtype),
      ),
  )
    .addHelpText(
      "after",
      `
What happens: a fifth of the rows is put aside for the test, a fifth of the rest decides when to stop. Numbers are standardised,
categories become one input each, missing values are filled and flagged, dates become year and season. Columns that are
empty, constant or name the rows are left out, and that is said. Training ends when the validation loss has not fallen for ten
epochs; the best weights are kept. The same seed gives the same model, bit for bit. Ctrl-C saves the best weights so far.

Examples:
  $ surprisal fit penguins.json --target Species
  $ surprisal fit cars.csv --target mpg --types year=category --ignore name
  $ surprisal fit fraud.parquet --target fraud --weights balanced --min accuracy=.9
  $ curl -s https://example.org/data.csv | surprisal fit - --target y --out y.safetensors --json
${exitCodes}`,
    )
    .action(async (table, options) => done(await fitCommand(table, gated(options))));

  common(
    program
      .command("predict")
      .description("Predict every row of a table, in order.")
      .argument("<model>", "a file that surprisal fit wrote")
      .argument("<table>", "with the columns the model was fitted on; - is standard input")
      .addOption(
        new Option("--format <format>", "csv, json or ndjson (default: csv)").argParser(oneOf("--format", rowFormats)),
      )
      .option("-o, --out <file>", "write there instead of to standard output")
      .option("--keep-columns", "the table's own columns come first")
      .option("--batch-size <n>", "rows a step", whole("--batch-size", 1), 256),
  )
    .addHelpText(
      "after",
      `
The columns are the target's name and p(label) for each class; a regression has one. The target need not be in the table. Columns the
model does not know are ignored; a column it needs and does not find, or a cell of the wrong kind, is an error that names row and
column; a category it has never seen counts as none of those it knows, and that is said.

Examples:
  $ surprisal predict penguins.safetensors new.csv > predictions.csv
  $ surprisal predict penguins.safetensors new.csv --keep-columns --out predictions.csv
  $ cat new.ndjson | surprisal predict penguins.safetensors - --format ndjson | jq .Species
${exitCodes}`,
    )
    .action(async (model, table, options) => done(await predictCommand(model, table, options)));

  common(
    program
      .command("evaluate")
      .description("Hold a model's predictions against a table that has the answers.")
      .argument("<model>", "a file that surprisal fit wrote")
      .argument("<table>", "with the target's column; - is standard input")
      .option("--loss <name or formula>", "another loss than the model was fitted with, such as brier")
      .option("--batch-size <n>", "rows a step", whole("--batch-size", 1), 256),
  )
    .addHelpText(
      "after",
      `
With --loss the model stays as it is and its predictions are held against another loss. It must suit the task and what the model puts out;
surprisal losses lists what there is. Where the target was standardised inside, a loss counts in its standard deviations; a formula, or a
loss of amounts such as poisson, in the target's own numbers.

Examples:
  $ surprisal evaluate penguins.safetensors test.csv
  $ surprisal evaluate penguins.safetensors test.csv --loss brier
  $ surprisal evaluate penguins.safetensors test.csv --json | jq .loss
  $ surprisal evaluate penguins.safetensors test.csv --min accuracy=.95 --max loss=.2
${exitCodes}`,
    )
    .action(async (model, table, options) => done(await evaluateCommand(model, table, gated(options))));

  addLossCommands(program, exitCodes, done);

  speech(
    program
      .command("doctor")
      .description("What this machine has, how fast it is at best, and what will be used.")
      .option("--device <name>", `the device to look at: auto, ${devices.list().join(", ")}`, "auto")
      .addOption(
        new Option("--dtype <type>", "float32 or float64, for the measurement")
          .argParser(oneOf("--dtype", ["float32", "float64"]))
          .default(fitDefaults.dtype),
      )
      .option("--no-measure", "only look, measure nothing"),
  )
    .addHelpText(
      "after",
      `
Models are computed by programs that are assembled on the spot. How fast they can be depends on what the machine has: vectors (SIMD), fused
multiply-add, cores and shared memory, and on two speeds, which are measured by small programs of the same kind: arithmetic, in GFLOP/s
(10⁹ products and sums a second), and memory, in GB/s, for data that fits the first cache, the second, and none. Measuring takes half a
second; on a busy machine the figures are lower. model.explain({ measure: true }) holds each kernel of a model against them.

✓ is there and used, · is there and not used, – is not there, ✗ is not there and needed. The code is 1 when the device cannot run here.

Examples:
  $ surprisal doctor
  $ surprisal doctor --json | jq .ceilings
  $ surprisal doctor --dtype float64
  $ surprisal doctor --no-measure && surprisal fit data.csv --target y
${exitCodes}`,
    )
    .action(async (options: DoctorOptions) => done(await doctorCommand(options)));
  return program;
}

/** Options of the commands that read a table. */
function common(command: Command): Command {
  const isFit = command.name() === "fit";
  const isPredict = command.name() === "predict";
  speech(command)
    .addOption(
      new Option(
        "--input-format <format>",
        `${formats.join(", ")} (default: by the name, else by the content)`,
      ).argParser(oneOf("--input-format", formats)),
    )
    .addOption(new Option("--device <name>", "where it computes").default("auto").hideHelp());
  if (isFit) command.option("--no-progress", "no progress line");
  if (!isPredict) {
    command
      .option("--min <figure=x>", "fail (exit code 1) if a figure of the result is lower; may be repeated", gate("min"))
      .option("--max <figure=x>", "fail if it is higher", gate("max"));
  }
  return command;
}

/** Gates that were not given are none. */
function gated<T extends object>(options: T): T & { min: readonly Gate[]; max: readonly Gate[] } {
  return { min: [], max: [], ...options };
}
