/** What `fit` says on its way: target, features, split, end. */
import type { FeatureSpec, LeftOut } from "../columns/features.ts";
import type { Frame } from "../columns/frame.ts";
import type { GateResult } from "../gates.ts";
import type { LossChoice } from "../lossChoice.ts";
import type { Console } from "../output/console.ts";
import { count, few, figure } from "../output/words.ts";
import type { Split } from "../split.ts";
import type { Target } from "../task.ts";
import type { Trained } from "../training.ts";

/** A class with fewer rows is noted. */
const fewRows = 10;

/** `Species: 3 classes (Adelie 152, …) → sparseCategoricalCrossentropy on softmax` */
export function sayTarget({ say, warn, paint }: Console, target: Target, rows: number, loss: LossChoice): void {
  const { name, values, task, reason } = target;
  const to = `→ ${loss.name} on ${loss.activation}`;
  if (task === "regression") {
    let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (const value of values as Float64Array) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    const scaled = loss.scale ? ", standardised inside" : "";
    say(
      `${paint.bold(name)}: a number (${reason}; ${figure(low)} to ${figure(high)}, mean ${figure(sum / values.length)})${scaled} ${to}`,
    );
  } else {
    const counts = new Map<unknown, number>();
    for (const value of values as Iterable<unknown>) counts.set(value, (counts.get(value) ?? 0) + 1);
    const shown = [...counts].sort((a, b) => b[1] - a[1]).map(([label, n]) => `${String(label)} ${n}`);
    say(`${paint.bold(name)}: ${count(counts.size, "class", "classes")} (${few(shown)}; ${reason}) ${to}`);
    const small = [...counts.values()].filter((n) => n < fewRows).length;
    if (small > 0)
      warn(`${count(small, "class has", "classes have")} fewer than ${fewRows} rows: little can be learnt of so few`);
  }
  if (values.length < rows) warn(`${count(rows - values.length, "row")} without ${name} left out`);
}

const kindWords: Readonly<Record<FeatureSpec["kind"], (n: number) => string>> = {
  number: (n) => `${count(n, "number")} standardised`,
  category: (n) => `${count(n, "category", "categories")} one-hot`,
  boolean: (n) => `${count(n, "true/false column")} as 0 and 1, standardised`,
  date: (n) => `${count(n, "date")} as year and season`,
};

/** `features: 4 numbers standardised, 2 categories one-hot, missing values filled and flagged (Sex 10, …) · 344 rows` */
export function sayFeatures(
  { say, paint }: Console,
  { features, leftOut }: { features: FeatureSpec[]; leftOut: LeftOut[] },
  frame: Frame,
): void {
  const kinds = (Object.keys(kindWords) as FeatureSpec["kind"][]).flatMap((kind) => {
    const n = features.filter((feature) => feature.kind === kind).length;
    return n === 0 ? [] : [kindWords[kind](n)];
  });
  const missing = new Map<string, number>();
  for (const { name, values } of frame.numbers)
    missing.set(
      name,
      values.reduce((n, value) => n + (Number.isNaN(value) ? 1 : 0), 0),
    );
  for (const { name, values } of frame.categories) missing.set(name, values.filter((value) => value === null).length);
  const holes = [...missing].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  const filled =
    holes.length === 0
      ? []
      : [
          `missing values filled and flagged (${few(
            holes.map(([name, n]) => `${name} ${n}`),
            4,
          )})`,
        ];
  say(`${paint.bold("features")}: ${[...kinds, ...filled].join(", ")} · ${count(frame.rows, "row")}`);
  if (leftOut.length > 0)
    say(
      `left out: ${few(
        leftOut.map(({ name, reason }) => `${name} ${reason === "as asked" ? "(as asked)" : reason}`),
        8,
        "; ",
      )}`,
    );
}

export function saySplit({ warn }: Console, split: Split, target: Target, seed: number): void {
  if (target.task !== "regression" && !split.stratified) {
    warn(
      `a class has too few rows to be in every part: rows were split without keeping the class shares (seed ${seed})`,
    );
  }
}

/** Sizes of the layers, and how long it may take. Said once an interrupt is safe. */
export function sayModel({ say, paint }: Console, sizes: readonly number[], epochs: number): void {
  say(
    `${paint.bold("model")}: ${sizes.join(" → ")} · up to ${count(epochs, "epoch")}; Ctrl-C saves the best weights so far`,
  );
}

export function sayEnd(
  { say, paint }: Console,
  { epochs, bestEpoch, monitor, interrupted, stoppedEarly }: Trained,
  asked: number,
): void {
  const watched = monitor === "valLoss" ? "val loss" : "loss";
  const kept =
    bestEpoch === 0
      ? "no epoch was finished; the weights are those of the last step"
      : `weights of epoch ${bestEpoch} kept`;
  if (interrupted) say(paint.yellow(`interrupted after ${count(epochs, "epoch")}: ${kept}, and the model is saved`));
  else if (stoppedEarly)
    say(`stopped at epoch ${epochs}: no better ${watched} for ${epochs - bestEpoch} epochs; ${kept}`);
  else say(`all ${count(asked, "epoch")} done; ${kept} (best ${watched})`);
}

/** Says which gates failed; whether any did. */
export function sayFailedGates({ say, paint }: Console, gates: readonly GateResult[]): boolean {
  const failed = gates.filter(({ passed }) => !passed);
  for (const { figure: name, limit, value, found } of failed) {
    say(paint.red(`gate failed: ${name} is ${figure(found)}, ${limit === "min" ? "below" : "above"} ${value}`));
  }
  return failed.length > 0;
}

/** `loss 0.0312   accuracy 0.986` */
export function showFigures(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${figure(value)}`)
    .join("   ");
}
