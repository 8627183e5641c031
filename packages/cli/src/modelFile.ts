/** What a model file holds besides the model: how a table becomes its input, and its output a word. */
import { loadModel, type Model, ModelFileError } from "surprisal";
import { Pipeline, type PipelineConfig } from "./pipeline.ts";
import { TargetCoder, type TargetConfig } from "./target.ts";

interface Record {
  /** Who wrote it, and in which form. */
  readonly madeBy: "surprisal fit";
  readonly version: 1;
  readonly target: TargetConfig;
  readonly pipeline: PipelineConfig;
  /** What stood for a missing value. */
  readonly missing: readonly string[];
}

export interface Fitted {
  readonly model: Model;
  readonly target: TargetCoder;
  readonly pipeline: Pipeline;
  readonly missing: readonly string[];
}

/** Puts the preparation into the model, to be saved with it. */
export function attach({ model, target, pipeline, missing }: Fitted): void {
  const record: Record = {
    madeBy: "surprisal fit",
    version: 1,
    target: target.config,
    pipeline: pipeline.toConfig(),
    missing: [...missing],
  };
  model.preprocessing = JSON.parse(JSON.stringify(record));
}

/** @throws ModelFileError for a file that is damaged, hostile, or no model of the command line; FileError when it cannot be read. */
export async function openModel(path: string, device: string | undefined): Promise<Fitted> {
  let read: Omit<Fitted, "model"> | undefined;
  const model = await loadModel(path, {
    ...(device !== undefined && { device: device as "auto" }),
    checkPreprocessing: (held) => {
      read = restore(held, path);
    },
  });
  const fitted = { model, ...(read ?? restore(model.preprocessing, path)) };
  const [inputs] = model.network.inputShape;
  const [outputs] = model.network.outputShape;
  if (inputs !== fitted.pipeline.inputNames.length || outputs !== fitted.target.units) {
    throw refused(path, "its features and its network are of different sizes");
  }
  return fitted;
}

function restore(held: unknown, path: string): Omit<Fitted, "model"> {
  const record = held as Partial<Record> | null | undefined;
  if (record?.madeBy !== "surprisal fit") {
    throw new ModelFileError("model-file/no-preparation", {
      received: `${path} holds a model and not how its columns were prepared`,
      expected: "the command line needs both",
      hint: "Use a file that surprisal fit wrote, or load this one with loadModel in a program.",
    });
  }
  if (record.version !== 1)
    throw refused(path, `its preparation has version ${JSON.stringify(record.version)}, this program knows 1`);
  const { target, pipeline, missing } = record;
  if (!target || !pipeline || !Array.isArray(missing) || !missing.every((word) => typeof word === "string")) {
    throw refused(path, "a part of its preparation is missing");
  }
  return { target: TargetCoder.fromConfig(target), pipeline: Pipeline.fromConfig(pipeline), missing };
}

function refused(path: string, why: string): ModelFileError {
  return new ModelFileError("model-file/preparation", {
    received: `${path} was opened and ${why}`,
    expected: "it must be as surprisal fit wrote it",
    hint: "Fit the model again, or copy the file anew.",
  });
}
