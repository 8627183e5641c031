/**
 * Why a number became NaN or infinite. Training is deterministic, so the epoch is replayed from its start, step by step, until
 * the first step that leaves the finite numbers; then everything that this step computes is looked at in order.
 */
import type { Loss } from "../loss/contract.ts";
import { gathered, type ResidentSet } from "./batch.ts";
import { CellGroup, newWiring } from "./cells.ts";
import type { Core, Snapshot } from "./core.ts";
import type { OptimizerState } from "./optimizerState.ts";
import { ResidentBatches } from "./resident.ts";
import { type Probe, probes, trainStep } from "./step.ts";

/** One step as it was made. */
export interface NotedStep {
  readonly rows: Int32Array;
  readonly epoch: number;
  readonly batch: number;
  readonly learningRate: number;
}

/** Remembers the last state that was finite at an epoch's start, and the steps since. */
export class FlightRecorder {
  start: Snapshot | undefined;
  readonly steps: NotedStep[] = [];

  async beginEpoch(core: Core): Promise<void> {
    const now = await core.snapshot();
    if (this.start !== undefined && !isSound(now)) return;
    this.start = now;
    this.steps.length = 0;
  }

  note(step: NotedStep): void {
    this.steps.push(step);
  }
}

const allFinite = (values: ArrayLike<number>) => Array.prototype.every.call(values, Number.isFinite);
const isSound = ({ weights, optimizer }: Snapshot) => [...weights, ...optimizer].every((t) => allFinite(t.data));

/** The first thing that went wrong, in words. The state of training is as before when this is done. */
export async function explainNonFinite(
  core: Core,
  loss: Loss,
  state: OptimizerState,
  data: ResidentSet,
  recorder: FlightRecorder,
): Promise<string> {
  if (recorder.start === undefined) return "no step was made";
  const now = await core.snapshot();
  const rate = state.rate;
  const group = new CellGroup(core.device);
  try {
    const value = group.make("loss", core.dtype, []);
    const replay = new ResidentBatches(group, data, (source) =>
      trainStep(core.weights, loss, state, source, undefined, value),
    );
    core.restore(recorder.start);
    for (const step of recorder.steps) {
      const before = await core.snapshot();
      setRate(state, step.learningRate);
      await replay.run(step.rows);
      state.afterUpdate();
      const after = await core.snapshot();
      if (isSound(after) && allFinite((await core.device.read(value.buffer)).data)) continue;
      core.restore(before);
      const found = await examine(core, loss, state, data, step);
      return `update ${before.updates + 1} (epoch ${step.epoch + 1}, batch ${step.batch + 1}): ${found ?? firstBad(core, after, step)}`;
    }
    return "a replay of the epoch stayed finite";
  } finally {
    core.restore(now);
    setRate(state, rate);
    group.free();
  }
}

/** Schedules follow the number of updates by themselves. */
function setRate(state: OptimizerState, rate: number): void {
  if (typeof state.optimizer.learningRate === "number") state.rate = rate;
  state.beforeUpdate();
}

/** Runs the step's computation with every stage as an output; the first stage that is not finite is the answer. */
async function examine(
  core: Core,
  loss: Loss,
  state: OptimizerState,
  data: ResidentSet,
  step: NotedStep,
): Promise<string | undefined> {
  const group = new CellGroup(core.device);
  try {
    const indices = group.make("rows", "int32", [step.rows.length], step.rows);
    const wiring = newWiring();
    const looked = probes(core.weights, loss, state, gathered(data, indices), wiring).map((probe) => ({
      probe,
      cell: group.make(probe.what, probe.node.dtype, probe.node.shape),
    }));
    const outputs = looked.map(({ probe, cell }) => ({ node: probe.node, into: cell.buffer }));
    await (await group.load({ bindings: wiring.bindings, outputs, label: "explain" })).run();
    for (const { probe, cell } of looked) {
      const found = describe(probe, (await core.device.read(cell.buffer)).data, step);
      if (found !== undefined) return found;
    }
    return undefined;
  } finally {
    group.free();
  }
}

function describe({ what, node, byRow }: Probe, values: ArrayLike<number>, { rows }: NotedStep): string | undefined {
  const bad = Array.from(values).findIndex((v) => !Number.isFinite(v));
  if (bad < 0) return undefined;
  const name = String(values[bad]);
  if (!byRow) return `${what} is ${name}`;
  const width = Math.max(1, values.length / rows.length);
  const hit = new Set<number>();
  for (let i = bad; i < values.length; i++) if (!Number.isFinite(values[i])) hit.add(Math.floor(i / width));
  const numbers = [...hit].slice(0, 5).map((i) => (rows[i] as number) + 1);
  const more = hit.size > numbers.length ? ` and ${hit.size - numbers.length} more` : "";
  const column = node.shape.length > 1 && width > 1 ? `, column ${(bad % width) + 1}` : "";
  return `${what} is ${name} in row ${numbers.join(", ")}${more} of the data${column}`;
}

/** Everything on the way was finite: the update itself went too far. */
function firstBad(core: Core, { weights }: Snapshot, { learningRate }: NotedStep): string {
  const bad = weights.findIndex((t) => !allFinite(t.data));
  const name = bad < 0 ? "the optimizer's state" : `the weight ${core.network.weights[bad]?.path}`;
  return `loss and gradients were finite, and the update with learning rate ${learningRate} made ${name} infinite or NaN`;
}
