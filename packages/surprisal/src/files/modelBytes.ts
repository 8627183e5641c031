/**
 * A model as the bytes of a safetensors file, and back. Weights are tensors under their paths (`dense/kernel`), the optimizer's values
 * under `optimizer/…`; the rest is JSON in the metadata, under keys that begin with `surprisal.`. Nothing in a file is executed, names code
 * or is used as a path: names are looked up in closed tables.
 */
import { InvalidArgumentError } from "../base/errors.ts";
import { isRecord } from "../base/record.ts";
import { type Shape, sameShape, showShape } from "../base/shape.ts";
import type { Tensor } from "../base/tensor.ts";
import { networkFromConfig } from "../model/fromConfig.ts";
import type { OwnParts } from "../train/compiledConfig.ts";
import type { SaveOptions } from "../train/contract.ts";
import { refuseUnknown } from "../train/fitOptions.ts";
import { Model, type ModelOptions } from "../train/model.ts";
import type { ModelState } from "../train/state.ts";
import { type JsonValue, parseJson, sameJson, stringifyJson } from "./json.ts";
import { show } from "./jsonReader.ts";
import { describeModel, type Plan, planOf } from "./modelConfig.ts";
import { readingFrom, refuseModel } from "./refuse.ts";
import { checksumSafetensors, decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import { formatVersion, version } from "./version.ts";

const prefix = "surprisal.";
const keys = {
  format: `${prefix}format`,
  version: `${prefix}version`,
  config: `${prefix}config`,
  preprocessing: `${prefix}preprocessing`,
  checksum: `${prefix}checksum`,
} as const;
const known: ReadonlySet<string> = new Set(Object.values(keys));
const optimizerPrefix = "optimizer/";

/** How a model file is read. */
export interface LoadOptions extends OwnParts {
  /** Compile the model as it was when it was saved. Default true. Without, it predicts, and can be compiled anew. */
  readonly compile?: boolean;
  /**
   * Checks `preprocessing` before anything is made of the file; whatever error of the library it throws refuses the file. It is
   * plain data that anybody may have written.
   */
  readonly checkPreprocessing?: (preprocessing: unknown) => void;
}

/**
 * The bytes of a model's file.
 * @throws InvalidArgumentError for options that are not known, an optimizer's state before `compile`, layers that are not the library's
 * and preprocessing that is no plain data: nothing that could not be read back is written.
 */
export async function modelToBytes(model: Model, options: SaveOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  refuseUnknown("save", options, ["optimizer", "metadata"]);
  const { optimizer: withOptimizer = false, metadata = {} } = options;
  checkMetadata(metadata);
  const state = await model.getState();
  if (withOptimizer && state.optimizer === undefined) throw notCompiled();
  const { preprocessing } = model;
  const content: Record<string, string> = {
    ...model.metadata,
    ...metadata,
    [keys.format]: String(formatVersion),
    [keys.version]: version,
    [keys.config]: configText(model, withOptimizer ? state : undefined),
    ...(preprocessing !== undefined && { [keys.preprocessing]: stringifyJson(preprocessing as JsonValue) }),
  };
  const tensors = new Map(Object.entries(state.weights));
  if (withOptimizer) {
    for (const [name, tensor] of Object.entries(state.optimizer?.values ?? {}))
      tensors.set(optimizerPrefix + name, tensor);
  }
  return encodeSafetensors(tensors, { ...content, [keys.checksum]: checksumSafetensors(tensors, content) });
}

function configText(model: Model, state: ModelState | undefined): string {
  const config = describeModel(model, state) as { layers: JsonValue };
  const text = stringifyJson(config);
  let again: unknown;
  try {
    again = networkFromConfig(config.layers).toConfig();
  } catch (cause) {
    throw foreignLayer(cause);
  }
  if (!sameJson(again, config.layers)) throw foreignLayer(undefined);
  return text;
}

/**
 * The model in a file's bytes.
 * @param made device and host of the model
 * @param source names the file in messages
 * @throws ModelFileError for content that is not a model, not whole, or not to be trusted
 */
export async function modelFromBytes(
  bytes: Uint8Array,
  made: Pick<ModelOptions, "device" | "host">,
  options: LoadOptions = {},
  source = "the model file",
): Promise<Model> {
  const { tensors, metadata } = decodeSafetensors(bytes, source);
  checkFormat(metadata, source);
  checkSum(tensors, metadata, source);
  for (const key of metadata.keys()) {
    if (!key.startsWith(prefix) || known.has(key)) continue;
    throw refuseModel("unknown-key", `${source} has the metadata ${show(key)}`, "no such key is known");
  }
  const text = metadata.get(keys.config);
  if (text === undefined) throw refuseModel("no-config", `${source} has no configuration`, `"${keys.config}" holds it`);
  const config = parseJson(text, `the configuration of ${source}`);
  const plan = planOf(config, source, { ...options, compile: options.compile ?? true });
  const preprocessing = readPreprocessing(metadata, source, options);
  checkTensors(plan, isTraining(config), tensors, source);

  const model = new Model(plan.network, {
    ...made,
    dtype: plan.dtype,
    seed: plan.seed,
    initialWeights: [...plan.weights.keys()].map((path) => (tensors.get(path) as Tensor).data),
  });
  model.preprocessing = preprocessing;
  model.metadata = Object.fromEntries([...metadata].filter(([key]) => !key.startsWith(prefix)));
  if (plan.compile !== undefined) model.compile(plan.compile);
  if (plan.progress !== undefined) {
    const named = (names: Iterable<string>, before: string) =>
      Object.fromEntries([...names].map((name) => [name, tensors.get(before + name) as Tensor]));
    const values = named(plan.optimizerValues.keys(), optimizerPrefix);
    model.setState({ weights: named(plan.weights.keys(), ""), optimizer: { values, ...plan.progress } });
  }
  return model;
}

const isTraining = (config: JsonValue): boolean => isRecord(config) && Object.hasOwn(config, "training");

function checkFormat(metadata: ReadonlyMap<string, string>, source: string): void {
  const format = metadata.get(keys.format);
  if (format === undefined) {
    const hint = "It may be another library's: this one reads what model.save() wrote.";
    throw refuseModel("not-a-model", `${source} holds tensors, but no model`, `"${keys.format}" marks one`, hint);
  }
  if (!/^[1-9]\d{0,8}$/.test(format)) {
    throw refuseModel("bad-format", `${source} states the format ${show(format)}`, "formats are numbered");
  }
  if (Number(format) <= formatVersion) return;
  const writer = metadata.get(keys.version) ?? "a newer version";
  const received = `${source} has the format ${format}, written by surprisal ${show(writer)}`;
  throw refuseModel(
    "newer-format",
    received,
    `version ${version} reads formats up to ${formatVersion}`,
    "Update surprisal.",
  );
}

function checkSum(tensors: ReadonlyMap<string, Tensor>, metadata: ReadonlyMap<string, string>, source: string): void {
  const stated = metadata.get(keys.checksum);
  if (stated === undefined)
    throw refuseModel("no-checksum", `${source} has no checksum`, `"${keys.checksum}" holds it`);
  const summed = new Map([...metadata].filter(([key]) => key !== keys.checksum));
  const found = readingFrom(source, () => checksumSafetensors(tensors, summed));
  if (stated === found) return;
  throw refuseModel("checksum", `${source} has the checksum ${show(stated)}`, `its content has ${found}`);
}

function readPreprocessing(metadata: ReadonlyMap<string, string>, source: string, options: LoadOptions): unknown {
  const text = metadata.get(keys.preprocessing);
  const preprocessing = text === undefined ? undefined : parseJson(text, `the preprocessing of ${source}`);
  const { checkPreprocessing } = options;
  if (checkPreprocessing) readingFrom(`the preprocessing of ${source}`, () => checkPreprocessing(preprocessing));
  return preprocessing;
}

/** Every tensor that the configuration calls for, of its shape and dtype, and no other. */
function checkTensors(plan: Plan, training: boolean, tensors: ReadonlyMap<string, Tensor>, source: string): void {
  const wanted = new Map<string, Shape>(plan.weights);
  for (const [name, shape] of plan.optimizerValues) wanted.set(optimizerPrefix + name, shape);
  for (const [name, shape] of wanted) {
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      throw refuseModel("missing-tensor", `${source} lacks the tensor ${show(name)}`, "its configuration calls for it");
    }
    if (tensor.dtype === plan.dtype && sameShape(tensor.shape, shape)) continue;
    const received = `tensor ${show(name)} of ${source} is ${tensor.dtype} of shape ${showShape(tensor.shape)}`;
    throw refuseModel(
      "tensor-mismatch",
      received,
      `its configuration calls for ${plan.dtype} of shape ${showShape(shape)}`,
    );
  }
  // Not looked at when the model is not compiled; what the optimizer kept is then nobody's.
  const unused = (name: string) => plan.progress === undefined && training && name.startsWith(optimizerPrefix);
  const extra = [...tensors.keys()].find((name) => !wanted.has(name) && !unused(name));
  if (extra === undefined) return;
  throw refuseModel(
    "extra-tensor",
    `${source} holds the tensor ${show(extra)}`,
    "its configuration calls for no such tensor",
  );
}

function checkMetadata(metadata: unknown): void {
  const fault = (received: string, expected: string) =>
    new InvalidArgumentError("save/metadata", {
      received,
      expected,
      hint: `Pass e.g. metadata: { source: "survey 7" }.`,
    });
  if (!isRecord(metadata)) throw fault("metadata is no record", "it is text by key");
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string")
      throw fault(`the metadata at ${show(key)} is a ${typeof value}`, "it is text by key");
    if (key.startsWith(prefix))
      throw fault(`metadata has the key ${show(key)}`, `keys after "${prefix}" are the library's`);
  }
}

function notCompiled(): InvalidArgumentError {
  return new InvalidArgumentError("model/not-compiled", {
    received: "save was asked for the optimizer's state",
    expected: "this model has no optimizer yet",
    hint: "Call compile first, or leave optimizer out.",
  });
}

function foreignLayer(cause: unknown): InvalidArgumentError {
  return new InvalidArgumentError(
    "save/foreign-layer",
    {
      received: "a layer of the model is not one of the library's",
      expected: "a file names its layers, and they could not be found again",
      hint: "Keep its weights with getWeights(), and build the model with the same code.",
    },
    { cause },
  );
}
