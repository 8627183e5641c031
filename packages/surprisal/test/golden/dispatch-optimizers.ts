/** Runs golden cases of optimizers and schedules. */
import type { Device } from "../../src/compile/device.ts";
import type { Node } from "../../src/graph/index.ts";
import type { Optimizer } from "../../src/train/contract.ts";
import {
  differences,
  judged,
  type Nested,
  numbersOf,
  type Outcome,
  shapeOf,
  trainingTolerance,
  unsupported,
} from "./compare.ts";
import { graph, optimizers, schedules } from "./library.ts";
import { makeStepper, type StateEntry } from "./stepper.ts";
import { type Described, type Library, optimizerInOurWords, scheduleInOurWords } from "./words.ts";

export interface RunOptions {
  readonly dtype: "float32" | "float64";
  /** The reference evaluator when absent. */
  readonly device?: Device | undefined;
}

export interface OptimizerCase {
  readonly id: string;
  readonly library: Library;
  readonly optimizer: Described;
  readonly sequence?: string;
  readonly parameters?: readonly (readonly Nested[])[];
  readonly finalized?: readonly Nested[];
}

/** What a file holds beside its cases. */
export interface Sequences {
  readonly [name: string]: { readonly start: readonly Nested[]; readonly gradients: readonly (readonly Nested[])[] };
}

interface Wired {
  readonly entries: StateEntry[];
  readonly parameters: readonly Node[];
  readonly gradients: readonly Node[];
  readonly rate: Node;
  readonly step: Node;
  readonly averages: readonly Node[];
}

/** The graph of one update of all parameters, as a trainer wires it. */
function wire(optimizer: Optimizer, start: readonly Nested[], dtype: "float32" | "float64"): Wired {
  const like = (label: string) => start.map((value, i) => graph.input(`${label} ${i}`, dtype, shapeOf(value)));
  const [parameters, gradients] = [like("parameter"), like("gradient")];
  const rate = graph.input("rate", dtype, []);
  const step = graph.input("step", dtype, []);
  const slots = parameters.map((p) =>
    Object.fromEntries(optimizer.slots.map((slot) => [slot.name, graph.input(slot.name, dtype, p.shape)])),
  );
  const globals = Object.fromEntries(optimizer.globals.map(({ name }) => [name, graph.input(name, dtype, [])]));
  const transformed = optimizer.transformGradients(gradients);
  const entries: StateEntry[] = [];
  parameters.forEach((parameter, i) => {
    const inputs = { parameter, gradient: transformed[i]!, slots: slots[i]!, globals, learningRate: rate, step };
    const next = optimizer.update(inputs);
    const initial = numbersOf(start[i] as Nested);
    entries.push({ node: parameter, next: next.parameter, initial });
    for (const slot of optimizer.slots) {
      const fill = new Array<number>(initial.length).fill(slot.initial);
      entries.push({ node: slots[i]![slot.name]!, next: next.slots[slot.name]!, initial: fill });
    }
  });
  const after = optimizer.updateGlobals?.({ globals, step }) ?? {};
  for (const { name, initial } of optimizer.globals) {
    entries.push({ node: globals[name]!, next: after[name]!, initial: [initial] });
  }
  const averages = optimizer.averageSlot === undefined ? [] : slots.map((held) => held[optimizer.averageSlot!]!);
  return { entries, parameters, gradients, rate, step, averages };
}

/** Optimizers whose steps jump with a sign, so that rounding may throw them off the path: their first steps are compared. */
const float32Steps: Readonly<Record<string, number>> = { lion: 8 };

export async function runOptimizerCase(
  golden: OptimizerCase,
  { dtype, device, sequences }: RunOptions & { readonly sequences: Sequences },
): Promise<Outcome> {
  const sequence = golden.sequence === undefined ? undefined : sequences[golden.sequence];
  if (sequence === undefined || golden.parameters === undefined)
    return unsupported("needs an objective that it evaluates");
  const words = optimizerInOurWords(golden.library, golden.optimizer);
  if ("unsupported" in words) return unsupported(words.unsupported);
  const optimizer = optimizers.fromConfig(words);
  const wired = wire(optimizer, sequence.start, dtype);
  const stepper = await makeStepper(device, wired.entries, [...wired.gradients, wired.rate, wired.step]);
  const tolerance = trainingTolerance[dtype];
  const errors: string[] = [];
  const compare = async (what: string, nodes: readonly Node[], expected: readonly Nested[]) => {
    for (const [i, node] of nodes.entries()) {
      errors.push(
        ...differences(`${what}, parameter ${i}`, await stepper.read(node), numbersOf(expected[i]!), tolerance),
      );
    }
  };
  const steps = dtype === "float32" ? (float32Steps[optimizer.name] ?? Infinity) : Infinity;
  for (const [t, gradients] of sequence.gradients.entries()) {
    const { learningRate } = optimizer;
    const feeds = new Map<Node, ArrayLike<number>>(gradients.map((g, i) => [wired.gradients[i]!, numbersOf(g)]));
    feeds.set(wired.rate, [typeof learningRate === "number" ? learningRate : learningRate(t)]);
    feeds.set(wired.step, [t + 1]);
    await stepper.step(feeds);
    if (t < steps) await compare(`step ${t}`, wired.parameters, golden.parameters[t]!);
  }
  if (golden.finalized !== undefined) await compare("finalized", wired.averages, golden.finalized);
  return judged(errors);
}

export interface ScheduleCase {
  readonly id: string;
  readonly library: Library;
  readonly schedule: Described;
  readonly values?: readonly number[];
  readonly startLearningRate?: number;
  readonly momentum?: readonly number[];
}

/** Schedules are plain numbers on the host: float64 whatever the dtype. */
export async function runScheduleCase(golden: ScheduleCase, _options?: RunOptions): Promise<Outcome> {
  if (golden.values === undefined) return unsupported("follows a metric; that is a callback here");
  if (golden.momentum !== undefined) return unsupported("cycles the momentum too");
  const words = scheduleInOurWords(golden.library, golden.schedule, golden.startLearningRate);
  if ("unsupported" in words) return unsupported(words.unsupported);
  const schedule = schedules.fromConfig(words);
  const got = golden.values.map((_, t) => schedule(t));
  return judged(differences("rate", got, golden.values, trainingTolerance.float64));
}
