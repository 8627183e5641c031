/** `surprisal losses`: the table of all losses, and everything there is to say of one, with its curve. */
import { explainLoss, InvalidArgumentError, type LossCurve, type LossExplanation, lossCurve, losses } from "surprisal";
import { type ExitCode, exit } from "../exit.ts";
import { lossOptions } from "../numbers.ts";
import { type Console, makeConsole, type SpeechOptions } from "../output/console.ts";
import { curvePlot } from "../output/curvePlot.ts";
import { curveSvg } from "../output/curveSvg.ts";
import { lossLines } from "../output/lossPage.ts";
import { toFile } from "../output/rows.ts";
import { count, wrapped } from "../output/words.ts";

export interface LossesCommandOptions extends SpeechOptions {
  readonly task?: string;
  readonly search?: string;
  readonly svg?: string;
  readonly true?: number;
  readonly param?: ReadonlyMap<string, string>;
}

/** What a line of the table holds. */
export interface LossRow {
  readonly name: string;
  readonly task: string;
  readonly summary: string;
  readonly aliases: readonly string[];
}

const rows = (): readonly LossRow[] =>
  losses.list().map(({ definition: { name, task = "other", summary = "", aliases = [] } }) => ({
    name,
    task,
    summary,
    aliases,
  }));

/** The tasks that losses are for, in alphabetical order. */
export const lossTasks = (): string[] => [...new Set(rows().map(({ task }) => task))].sort();

export async function lossesCommand(word: string | undefined, options: LossesCommandOptions): Promise<ExitCode> {
  const console = makeConsole(options);
  const asked =
    word === undefined || options.task !== undefined || options.search !== undefined ? undefined : find(word);
  if (asked !== undefined) return explain(console, asked, options);
  const needsOne = (["svg", "param", "true"] as const).find((option) => options[option] !== undefined);
  if (needsOne !== undefined) {
    throw new InvalidArgumentError("cli/which-loss", {
      received: `--${needsOne} was given${word === undefined ? "" : ` with "${word}", which is no one loss's name`}`,
      expected: "it is about one loss",
      hint: `Write e.g. surprisal losses huber --${needsOne} ${{ svg: "huber.svg", param: "delta=2", true: "0" }[needsOne]}.`,
    });
  }
  const words = [word, options.search].filter((filter) => filter !== undefined).map((filter) => filter.toLowerCase());
  const found = rows().filter(
    (row) =>
      (options.task === undefined || row.task === options.task) &&
      words.every((filter) => `${row.name} ${row.aliases.join(" ")} ${row.summary}`.toLowerCase().includes(filter)),
  );
  // A word that is neither a name nor part of any is a name with a mistake in it.
  if (found.length === 0 && word !== undefined) losses.get(word);
  if (console.json) console.object({ losses: found });
  else table(console, found);
  return exit.done;
}

function find(word: string): losses.Loss | undefined {
  const fold = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const known = rows().some(({ name, aliases }) => [name, ...aliases].some((one) => fold(one) === fold(word)));
  return known ? losses.get(word) : undefined;
}

function table(console: Console, found: readonly LossRow[]): void {
  const { bold, dim } = console.resultPaint;
  const width = Math.max(...found.map(({ name }) => name.length), 0) + 4;
  for (const task of [...new Set(found.map((row) => row.task))].sort()) {
    console.result(bold(task));
    for (const { name, summary } of found.filter((row) => row.task === task)) {
      wrapped(summary, console.columns - width).forEach((line, i) => {
        console.result(`  ${(i === 0 ? name : "").padEnd(width - 2)}${i === 0 ? line : dim(line)}`);
      });
    }
  }
  console.say(`${count(found.length, "loss", "losses")}; surprisal losses NAME explains one, with its curve`);
}

async function explain(console: Console, bare: losses.Loss, options: LossesCommandOptions): Promise<ExitCode> {
  const toOutput = options.svg === "-";
  if (toOutput && console.json) {
    throw new InvalidArgumentError("cli/option", {
      received: "--json and --svg - were given",
      expected: "standard output holds one of the two",
      hint: "Give the picture a file.",
    });
  }
  const { params } = bare.definition as { params?: Readonly<Record<string, losses.Param<unknown>>> };
  const loss = (bare as losses.LossFunction)(lossOptions(params, options.param ?? new Map()) as object);
  const explanation = explainLoss(loss);
  const curve = lossCurve(loss, options.true === undefined ? {} : { yTrue: options.true });
  if (options.svg !== undefined) {
    if (curve === undefined) throw noCurve(explanation);
    const title = [explanation.name, ...changed(explanation)].join("   ");
    const svg = curveSvg(curve, { title, ...described(explanation, curve) });
    if (toOutput) {
      process.stdout.write(svg);
      return exit.done;
    }
    await toFile(options.svg, [svg], "the picture");
    console.say(`curve in ${options.svg}`);
  }
  if (console.json) {
    console.object({ ...explanation, curve: curve ?? null });
    return exit.done;
  }
  const wide = Math.min(console.columns, 100);
  for (const line of lossLines(explanation, wide, console.resultPaint)) console.result(line);
  console.result("");
  const drawing =
    curve === undefined ? [`no curve: ${noCurve(explanation).expected}`] : curvePlot(curve, wide, console.resultPaint);
  for (const line of drawing) console.result(line);
  return exit.done;
}

/** Parameters that are not as they are by default. */
const changed = ({ parameters }: LossExplanation): string[] =>
  parameters.flatMap(({ name, value, default: usual }) =>
    JSON.stringify(value) === JSON.stringify(usual) ? [] : [`${name} = ${JSON.stringify(value)}`],
  );

function described({ summary }: LossExplanation, { axis }: LossCurve): { description?: string } {
  return summary === undefined
    ? {}
    : { description: `${summary} Value and gradient along the ${axis.label}, from ${axis.from} to ${axis.to}.` };
}

function noCurve({ name }: LossExplanation): InvalidArgumentError {
  return new InvalidArgumentError("cli/no-curve", {
    received: `a curve of ${name} was asked for`,
    expected: "it takes several arrays, or rows of numbers that are not alike: there is no one axis to draw along",
    hint: "Leave --svg out; surprisal loss evaluates it on numbers.",
  });
}
