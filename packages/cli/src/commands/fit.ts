/** `surprisal fit`: a table in, a model file out, and how good it is on rows it never saw. */

import { InvalidArgumentError, type Model } from "surprisal";
import { computeClassWeight } from "surprisal/data";
import type { FeatureKind } from "../columns/convert.ts";
import { chooseFeatures } from "../columns/features.ts";
import { type Frame, takeFrame, toFrame } from "../columns/frame.ts";
import { defaults } from "../defaults.ts";
import { type ExitCode, exit } from "../exit.ts";
import { applyGates, checkGateNames, type Gate } from "../gates.ts";
import { interruptible } from "../interrupt.ts";
import { chooseLoss } from "../lossChoice.ts";
import { type Measured, measure } from "../measures.ts";
import { attach } from "../modelFile.ts";
import type { OtherLoss } from "../otherLoss.ts";
import { makeConsole, type SpeechOptions } from "../output/console.ts";
import { progressLine } from "../output/progress.ts";
import { percent } from "../output/words.ts";
import { Pipeline } from "../pipeline.ts";
import { checkModelPath, modelPathFor, saveModel } from "../save.ts";
import { splitRows } from "../split.ts";
import type { Format } from "../table/format.ts";
import { missingMarkers } from "../table/infer.ts";
import { readTable } from "../table/read.ts";
import { TargetCoder } from "../target.ts";
import { detectTask, type Target, type Task } from "../task.ts";
import { makeModel, type Rows, train } from "../training.ts";
import { sayEnd, sayFailedGates, sayFeatures, sayModel, saySplit, sayTarget, showFigures } from "./fitWords.ts";

export interface FitCommandOptions extends SpeechOptions {
  readonly target: string;
  readonly task?: Task;
  readonly types?: ReadonlyMap<string, FeatureKind>;
  readonly ignore?: readonly string[];
  readonly missing?: readonly string[];
  readonly inputFormat?: Format;
  readonly loss?: string;
  readonly model: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: string;
  readonly weights?: string;
  readonly testSplit: number;
  readonly validationSplit: number;
  readonly seed: number;
  readonly dtype: "float32" | "float64";
  readonly device?: string;
  readonly out?: string;
  readonly min: readonly Gate[];
  readonly max: readonly Gate[];
}

export async function fitCommand(file: string, options: FitCommandOptions): Promise<ExitCode> {
  const console = makeConsole(options);
  const out = options.out ?? modelPathFor(file);
  await checkModelPath(out);
  const textual = [...(options.types ?? [])].flatMap(([name, kind]) => (kind === "category" ? [name] : []));
  const table = await readTable(file, { format: options.inputFormat, asText: textual, missing: options.missing });
  const target = detectTask(table, options.target, options.task);
  const loss = chooseLoss(target.task, options.loss);
  const gates = [...options.min, ...options.max];
  checkGateNames(gates, figureNames(target.task));
  const chosen = chooseFeatures(table, target.name, options);
  sayTarget(console, target, table.rows, loss);
  const frame = takeFrame(toFrame(table, chosen.features), target.rows);
  sayFeatures(console, chosen, frame);

  const allCodes = TargetCoder.fit(target, [], { scale: false, oneHot: false }).codes(target.values);
  const split = splitRows(frame.rows, target.task === "regression" ? undefined : allCodes, options);
  saySplit(console, split, target, options.seed);
  const coder = TargetCoder.fit(target, split.train, loss);
  const pipeline = Pipeline.fit(chosen.features, takeFrame(frame, split.train));
  const rowsOf = (rows: Int32Array): Rows => encode(pipeline, coder, frame, allCodes, rows);
  const trainRows = rowsOf(split.train);
  const model = makeModel(target.task, pipeline.inputNames.length, coder.units, loss, {
    ...options,
    hidden: options.model,
  });
  attach({ model, target: coder, pipeline, missing: options.missing ?? missingMarkers });

  return interruptible(
    () => console.say("interrupted: finishing the step, then saving the best weights so far (again to stop at once)"),
    async (signal): Promise<ExitCode> => {
      sayModel(console, [pipeline.inputNames.length, ...options.model, coder.units], options.epochs);
      const begun = performance.now();
      const trained = await train(
        model,
        trainRows,
        split.validation.length > 0 ? rowsOf(split.validation) : undefined,
        {
          ...options,
          hidden: options.model,
          signal,
          classWeight: classWeights(options.weights, target, allCodes, split.train),
          show: console.showsProgress ? progressLine() : undefined,
          warn: console.warn,
        },
      );
      const seconds = (performance.now() - begun) / 1000;
      await saveModel(model, out);
      sayEnd(console, trained, options.epochs);
      const test =
        split.test.length > 0
          ? await assess(model, coder, rowsOf(split.test), pick(allCodes, split.test), options.batchSize)
          : undefined;
      const validation =
        split.validation.length > 0
          ? await assess(model, coder, rowsOf(split.validation), pick(allCodes, split.validation), options.batchSize)
          : undefined;
      const judged = test ?? validation;
      const results = applyGates(gates, judged?.figures ?? {});
      if (judged !== undefined) {
        const what = test === undefined ? "validation" : "test";
        const share = test === undefined ? options.validationSplit : options.testSplit;
        const note =
          test === undefined
            ? `${percent(share)} of the rest, used to decide when to stop`
            : `${percent(share)}, never trained on`;
        console.result(`${what} (${note})   ${showFigures(judged.figures)}        seed ${options.seed}`);
      }
      console.result(`model   ${out}`);
      console.object({
        target: target.name,
        task: target.task,
        reason: target.reason,
        ...(coder.labels !== undefined && { classes: coder.labels }),
        loss: loss.name,
        features: chosen.features,
        leftOut: chosen.leftOut,
        inputs: pipeline.inputNames,
        hidden: options.model,
        rows: {
          read: table.rows,
          used: frame.rows,
          train: split.train.length,
          validation: split.validation.length,
          test: split.test.length,
        },
        epochs: trained.epochs,
        bestEpoch: trained.bestEpoch,
        stoppedEarly: trained.stoppedEarly,
        interrupted: trained.interrupted,
        seconds,
        seed: options.seed,
        ...(test !== undefined && { test: { ...test.figures, confusion: test.confusion } }),
        ...(validation !== undefined && { validation: { ...validation.figures } }),
        ...(gates.length > 0 && { gates: results }),
        history: trained.history,
        ...(trained.history.warnings.length > 0 && { warnings: trained.history.warnings }),
        model: out,
      });
      if (trained.interrupted) return exit.interrupted;
      return sayFailedGates(console, results) ? exit.gate : exit.done;
    },
  );
}

/** What a result of a task holds, which `--min` and `--max` may name. */
export function figureNames(task: Task): readonly string[] {
  return task === "regression" ? ["loss", "mae", "rmse", "r2"] : ["loss", "accuracy"];
}

const pick = (codes: Float64Array, rows: Int32Array): Float64Array =>
  Float64Array.from(rows, (row) => codes[row] as number);

function encode(pipeline: Pipeline, coder: TargetCoder, frame: Frame, codes: Float64Array, rows: Int32Array): Rows {
  return { x: pipeline.encode(takeFrame(frame, rows)).x, y: coder.encode(pick(codes, rows)) };
}

/** Loss and figures of a model on rows. `codes`: their true classes or numbers. */
export async function assess(
  model: Model,
  coder: TargetCoder,
  { x, y }: Rows,
  codes: Float64Array,
  batchSize: number,
  other?: OtherLoss,
): Promise<Measured> {
  const decoded = coder.decode(await model.predict(x, { batchSize }));
  const loss =
    other?.loss !== undefined && "numbers" in decoded
      ? other.loss(decoded.numbers, codes)
      : (await model.evaluate(x, y, { batchSize })).loss;
  const { figures, confusion } = measure(coder, decoded, codes);
  return { figures: { loss: loss as number, ...figures }, ...(confusion !== undefined && { confusion }) };
}

/** @throws InvalidArgumentError for anything but "balanced" on classes. */
function classWeights(
  asked: string | undefined,
  target: Target,
  codes: Float64Array,
  train: Int32Array,
): Float64Array | undefined {
  if (asked === undefined) return undefined;
  const parts = { received: `--weights ${asked} was given`, hint: "Leave it out to count every row alike." };
  if (asked !== "balanced")
    throw new InvalidArgumentError("cli/weights", { ...parts, expected: 'only "balanced" is known' });
  if (target.task === "regression")
    throw new InvalidArgumentError("cli/weights", { ...parts, expected: "a regression has no classes to balance" });
  const classes = Float64Array.from(new Set(codes)).sort();
  const present = Int32Array.from(pick(codes, train));
  // A class without a training row weighs nothing, and needs no weight.
  const seen = classes.filter((code) => present.includes(code));
  const weights = computeClassWeight("balanced", Int32Array.from(seen), present);
  const all = new Float64Array(classes.length).fill(1);
  seen.forEach((code, i) => {
    all[code] = weights[i] as number;
  });
  return all;
}

export const fitDefaults = {
  model: defaults.model,
  epochs: defaults.epochs,
  batchSize: defaults.batchSize,
  learningRate: defaults.learningRate,
  optimizer: defaults.optimizer,
  testSplit: defaults.testSplit,
  validationSplit: defaults.validationSplit,
  seed: defaults.seed,
  dtype: defaults.dtype,
} as const;
