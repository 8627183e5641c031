/** `surprisal evaluate`: how good a model is on a table that has the answers. */
import { DataError } from "surprisal";
import { takeFrame, toFrame } from "../columns/frame.ts";
import { type ExitCode, exit } from "../exit.ts";
import { applyGates, checkGateNames, type Gate } from "../gates.ts";
import type { Confusion } from "../measures.ts";
import { openModel } from "../modelFile.ts";
import { otherLoss } from "../otherLoss.ts";
import { makeConsole, type SpeechOptions } from "../output/console.ts";
import { count } from "../output/words.ts";
import type { Format } from "../table/format.ts";
import { targetColumn } from "../task.ts";
import { assess, figureNames } from "./fit.ts";
import { sayFailedGates, showFigures } from "./fitWords.ts";
import { readFor } from "./predict.ts";
import { extraColumns, sayExtras, saySurprises } from "./surprises.ts";

export interface EvaluateCommandOptions extends SpeechOptions {
  readonly inputFormat?: Format;
  readonly loss?: string;
  readonly batchSize: number;
  readonly device?: string;
  readonly min: readonly Gate[];
  readonly max: readonly Gate[];
}

export async function evaluateCommand(
  modelPath: string,
  file: string,
  options: EvaluateCommandOptions,
): Promise<ExitCode> {
  const console = makeConsole(options);
  const fitted = await openModel(modelPath, options.device);
  const { target, pipeline, model } = fitted;
  const { name, task } = target.config;
  const other = options.loss === undefined ? undefined : otherLoss(model, target, options.loss);
  const gates = [...options.min, ...options.max];
  checkGateNames(gates, figureNames(task));
  const table = await readFor(fitted, file, options.inputFormat);
  const { rows, codes } = target.truth(targetColumn(table, name), table);
  if (rows.length === 0) {
    const parts = {
      received: `column ${JSON.stringify(name)} of ${file} is empty`,
      expected: "predictions are held against it",
      hint: "Use surprisal predict where the answers are not known.",
    };
    throw new DataError("table/empty-target", parts, { file, column: name });
  }
  if (rows.length < table.rows) console.warn(`${count(table.rows - rows.length, "row")} without ${name} left out`);
  const { x, surprises } = pipeline.encode(takeFrame(toFrame(table, pipeline.features), rows));
  sayExtras(console, extraColumns(table, pipeline.features, name));
  // Rows are counted as in the file.
  saySurprises(
    console,
    surprises.map((found) => ({ ...found, row: (rows[found.row - 1] as number) + 1 })),
  );
  const own = model.compiled?.loss.name;
  if (other !== undefined) console.say(`loss: ${other.name}${other.unit === undefined ? "" : `, in ${other.unit}`}`);
  const encoded = other?.rows(x, codes) ?? { x, y: target.encode(codes) };
  const { figures, confusion } = await assess(model, target, encoded, codes, options.batchSize, other);
  const results = applyGates(gates, figures);
  console.result(`${count(rows.length, "row")}   ${showFigures(figures)}`);
  if (confusion !== undefined) for (const line of confusionLines(confusion)) console.result(line);
  console.object({
    rows: rows.length,
    task,
    lossName: other?.name ?? own,
    ...figures,
    ...(confusion && { confusion }),
    ...(gates.length > 0 && { gates: results }),
  });
  return sayFailedGates(console, results) ? exit.gate : exit.done;
}

/** A table with the true classes down and the predicted ones across. */
export function confusionLines({ labels, matrix }: Confusion): string[] {
  const names = labels.map(String);
  const cells = [
    ["true \\ predicted", ...names],
    ...matrix.map((row, i) => [names[i] as string, ...row.map((n) => (n === 0 ? "·" : String(n)))]),
  ];
  const widths = cells[0]?.map((_, j) => Math.max(...cells.map((row) => (row[j] as string).length))) ?? [];
  return cells.map((row) =>
    row.map((cell, j) => (j === 0 ? cell.padEnd(widths[j] as number) : cell.padStart(widths[j] as number))).join("  "),
  );
}
