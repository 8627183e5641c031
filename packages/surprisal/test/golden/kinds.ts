/**
 * What kinds of golden cases there are: how one is recognised by its fields, and the ways it is run. A case passes when it
 * passes in every way.
 */
import type { Device } from "../../src/compile/device.ts";
import { type Outcome, unsupported } from "./compare.ts";
import { type DataCase, runDataCase } from "./dispatch-data.ts";
import { type CallbackCase, type FitCase, runCallbackCase, runFitCase } from "./dispatch-fit.ts";
import { type InitializerCase, type LayerCase, runInitializerCase, runLayerCase } from "./dispatch-layers.ts";
import { type LossCase, runLossCase } from "./dispatch-losses.ts";
import { type MetricCase, runMetricCase } from "./dispatch-metrics.ts";
import {
  type OptimizerCase,
  runOptimizerCase,
  runScheduleCase,
  type ScheduleCase,
  type Sequences,
} from "./dispatch-optimizers.ts";

export type GoldenCase = Readonly<Record<string, unknown>> & { readonly id: string };
export type GoldenFile = Readonly<Record<string, unknown>> & { readonly cases: readonly GoldenCase[] };

/** One way to run a case: a precision, on a device or (undefined) on the reference evaluator. */
export interface Mode {
  readonly name: string;
  readonly dtype: "float32" | "float64";
  readonly device: Device | undefined;
}

/** Devices to run on; made anew for each file, so that memory comes back. */
export interface Devices {
  interpreter(): Device;
  wasm(): Device;
}

interface Kind {
  readonly name: string;
  /** Fields that no other kind has together. */
  readonly fields: readonly string[];
  modes(devices: Devices): readonly Mode[];
  run(golden: GoldenCase, mode: Mode, file: GoldenFile): Promise<Outcome>;
}

const both = ["float64", "float32"] as const;
const onHost = (): Mode[] => [{ name: "host", dtype: "float64", device: undefined }];
const everywhere = (devices: Devices): Mode[] =>
  both.flatMap((dtype) => [
    { name: `${dtype} reference`, dtype, device: undefined },
    { name: `${dtype} wasm`, dtype, device: devices.wasm() },
  ]);
const onDevices = (devices: Devices): Mode[] => [
  { name: "float64 interpreter", dtype: "float64", device: devices.interpreter() },
  ...both.map((dtype): Mode => ({ name: `${dtype} wasm`, dtype, device: devices.wasm() })),
];

const kinds: readonly Kind[] = [
  {
    name: "loss",
    fields: ["loss", "inputs", "expect"],
    modes: everywhere,
    run: (golden, { dtype, device }) => runLossCase(golden as unknown as LossCase, { dtype, device }),
  },
  {
    name: "data",
    fields: ["fn", "args", "expect"],
    modes: onHost,
    async run(golden) {
      const { status, error } = runDataCase(golden as unknown as DataCase);
      return { status, errors: error === undefined ? [] : [error] };
    },
  },
  {
    name: "fit",
    fields: ["layers", "optimizer", "fit"],
    modes: onDevices,
    run: (golden, { dtype, device }) => runFitCase(golden as unknown as FitCase, { dtype, device: device as Device }),
  },
  {
    name: "callback",
    fields: ["callbacks", "metrics", "expected"],
    modes: onDevices,
    run: (golden, { dtype, device }) =>
      runCallbackCase(golden as unknown as CallbackCase, { dtype, device: device as Device }),
  },
  {
    name: "terminate on NaN",
    fields: ["terminateOnNaN", "expected"],
    modes: onDevices,
    run: (golden, { dtype, device }) =>
      runCallbackCase(golden as unknown as CallbackCase, { dtype, device: device as Device }),
  },
  {
    name: "optimizer",
    fields: ["optimizer", "library"],
    modes: everywhere,
    run: (golden, { dtype, device }, file) =>
      runOptimizerCase(golden as unknown as OptimizerCase, { dtype, device, sequences: file.sequences as Sequences }),
  },
  {
    name: "schedule",
    fields: ["schedule", "library"],
    modes: onHost,
    run: (golden) => runScheduleCase(golden as unknown as ScheduleCase),
  },
  {
    name: "initializer",
    fields: ["initializer", "distribution"],
    modes: onHost,
    run: (golden) => runInitializerCase(golden as unknown as InitializerCase),
  },
  {
    name: "layer",
    fields: ["layer", "inputs", "output"],
    modes: everywhere,
    run: (golden, { dtype, device }) => runLayerCase(golden as unknown as LayerCase, { dtype, device }),
  },
  {
    name: "metric",
    fields: ["metric", "batches"],
    modes: everywhere,
    run: (golden, { dtype, device }) => runMetricCase(golden as unknown as MetricCase, { dtype, device }),
  },
];

/** Runs one case in all its ways. Unsupported in one way is unsupported; anything thrown is a failure. */
export async function runCase(
  golden: GoldenCase,
  file: GoldenFile,
  modesOf: (kind: Kind) => readonly Mode[],
): Promise<Outcome> {
  const kind = kinds.find(({ fields }) => fields.every((field) => Object.hasOwn(golden, field)));
  if (kind === undefined) return unsupported(`no kind of case has the fields ${Object.keys(golden).join(", ")}`);
  const errors: string[] = [];
  for (const mode of modesOf(kind)) {
    let outcome: Outcome;
    try {
      outcome = await kind.run(golden, mode, file);
    } catch (error) {
      outcome = {
        status: "failed",
        errors: [error instanceof Error ? `${error.name}: ${error.message}` : String(error)],
      };
    }
    if (outcome.status === "unsupported") return outcome;
    errors.push(...outcome.errors.map((text) => `${mode.name}: ${text}`));
    if (outcome.status === "failed" && outcome.errors.length === 0) errors.push(`${mode.name}: failed`);
  }
  return { status: errors.length === 0 ? "passed" : "failed", errors };
}

/** Makes each kind's modes once. */
export function modeKeeper(devices: Devices): (kind: Kind) => readonly Mode[] {
  const made = new Map<Kind, readonly Mode[]>();
  return (kind) => {
    const known = made.get(kind) ?? kind.modes(devices);
    made.set(kind, known);
    return known;
  };
}
