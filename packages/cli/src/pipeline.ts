/**
 * From features to the model's input: numbers standardised, missing ones filled with the median and flagged, categories one-hot
 * (a missing one is a category). Fitted on training rows only; saved with the model.
 */
import { InvalidArgumentError, Tensor } from "surprisal";
import {
  OneHotEncoder,
  SimpleImputer,
  StandardScaler,
  Pipeline as Steps,
  type TransformConfig,
  transforms,
} from "surprisal/data";
import { featureKinds } from "./columns/convert.ts";
import { dateParts, timeParts } from "./columns/dates.ts";
import type { FeatureSpec } from "./columns/features.ts";
import type { Frame } from "./columns/frame.ts";

/** Categories of a column that get an input of their own; the rarest beyond share one. */
const mostCategories = 64;
/** Rows that are encoded at once, to bound memory. */
const blockRows = 16_384;

export interface PipelineConfig {
  readonly features: readonly FeatureSpec[];
  readonly numbers: TransformConfig | null;
  readonly categories: TransformConfig | null;
}

/** A category that was not there in training, or a value missing where none was: encoded as zeros, and said. */
export interface Surprise {
  readonly column: string;
  /** Null for a missing value. */
  readonly value: string | null;
  readonly count: number;
  /** Of the first, from 1. */
  readonly row: number;
}

export class Pipeline {
  readonly features: readonly FeatureSpec[];
  readonly #numbers: Steps | undefined;
  readonly #categories: OneHotEncoder | undefined;

  private constructor(
    features: readonly FeatureSpec[],
    numbers: Steps | undefined,
    categories: OneHotEncoder | undefined,
  ) {
    this.features = features;
    this.#numbers = numbers;
    this.#categories = categories;
  }

  static fit(features: readonly FeatureSpec[], frame: Frame): Pipeline {
    const numbers = new Steps([
      { name: "scale", transform: new StandardScaler() },
      {
        name: "fill",
        transform: new SimpleImputer({ strategy: "median", addIndicator: true, keepEmptyFeatures: true }),
      },
    ]);
    const categories = new OneHotEncoder({ handleUnknown: "ignore", maxCategories: mostCategories });
    return new Pipeline(
      features,
      frame.numbers.length > 0 ? numbers.fit(numberRows(frame, 0, frame.rows)) : undefined,
      frame.categories.length > 0 ? categories.fit(categoryRows(frame, 0, frame.rows)) : undefined,
    );
  }

  /** @throws InvalidArgumentError for anything but what `toConfig` gave. */
  static fromConfig(config: PipelineConfig): Pipeline {
    const numbers = config.numbers === null ? undefined : transforms.fromConfig(config.numbers);
    const categories = config.categories === null ? undefined : transforms.fromConfig(config.categories);
    const bad = (what: string) =>
      new InvalidArgumentError("cli/pipeline-config", {
        received: `the record of the features ${what}`,
        expected: "it must be as surprisal fit wrote it",
        hint: "Fit the model again.",
      });
    const sound = (spec: FeatureSpec | null) => typeof spec?.name === "string" && featureKinds.includes(spec.kind);
    if (!Array.isArray(config.features) || !config.features.every(sound)) throw bad("names no features");
    if (numbers !== undefined && !(numbers instanceof Steps)) throw bad("holds another transform of numbers");
    if (categories !== undefined && !(categories instanceof OneHotEncoder))
      throw bad("holds another transform of categories");
    const wide = config.features.filter(({ kind }) => kind !== "category").length > 0;
    const named = config.features.filter(({ kind }) => kind === "category").length;
    if (wide !== (numbers !== undefined) || named !== (categories?.categories?.length ?? 0))
      throw bad("and its transforms differ");
    return new Pipeline(config.features, numbers, categories);
  }

  toConfig(): PipelineConfig {
    return {
      features: this.features,
      numbers: this.#numbers?.toConfig() ?? null,
      categories: this.#categories?.toConfig() ?? null,
    };
  }

  /** Names of the model's inputs, in order: `Sex=MALE`, `Beak Depth (mm) missing`. */
  get inputNames(): string[] {
    const numbers = this.features.flatMap(({ name, kind, times }) =>
      kind === "category"
        ? []
        : kind === "date"
          ? [...dateParts, ...(times ? timeParts : [])].map((part) => `${name} ${part}`)
          : [name],
    );
    const categories = this.features.filter(({ kind }) => kind === "category").map(({ name }) => name);
    const shown = (name: string) => name.replace(/^missing_(.*)$/s, "$1 missing");
    return [
      ...(this.#numbers?.featureNamesOut(numbers).map(shown) ?? []),
      ...(this.#categories?.featureNamesOut(categories) ?? []),
    ];
  }

  /** Float64 [rows, inputs], and what the model has never seen. */
  encode(frame: Frame): { x: Tensor; surprises: Surprise[] } {
    const width = this.inputNames.length;
    const x = new Float64Array(frame.rows * width);
    for (let from = 0; from < frame.rows; from += blockRows) {
      const to = Math.min(frame.rows, from + blockRows);
      let at = 0;
      const place = ({ data, shape }: Tensor) => {
        const columns = shape[1] as number;
        for (let row = from; row < to; row++) {
          x.set(data.subarray((row - from) * columns, (row - from + 1) * columns), row * width + at);
        }
        at += columns;
      };
      if (this.#numbers !== undefined) place(this.#numbers.transform(numberRows(frame, from, to)) as Tensor);
      if (this.#categories !== undefined) place(this.#categories.transform(categoryRows(frame, from, to)));
    }
    return { x: new Tensor(x, [frame.rows, width]), surprises: this.#surprises(frame) };
  }

  #surprises(frame: Frame): Surprise[] {
    const known = this.#categories?.categories ?? [];
    return frame.categories.flatMap(({ name, values }, j) => {
      const seen = new Set(known[j]);
      const strange = new Map<string | null, { count: number; row: number }>();
      values.forEach((value, row) => {
        if (seen.has(value)) return;
        const before = strange.get(value);
        strange.set(value, { count: (before?.count ?? 0) + 1, row: before?.row ?? row + 1 });
      });
      return [...strange].map(([value, found]) => ({ column: name, value, ...found }));
    });
  }
}

function numberRows(frame: Frame, from: number, to: number): Tensor {
  const width = frame.numbers.length;
  const rows = new Float64Array((to - from) * width);
  frame.numbers.forEach(({ values }, j) => {
    for (let row = from; row < to; row++) rows[(row - from) * width + j] = values[row] as number;
  });
  return new Tensor(rows, [to - from, width]);
}

function categoryRows(frame: Frame, from: number, to: number): (string | null)[][] {
  return Array.from({ length: to - from }, (_, i) => frame.categories.map(({ values }) => values[from + i] ?? null));
}
