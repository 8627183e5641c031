/**
 * What an optimizer is: options and one update rule as nodes. Everything that all of them share (clipping, weight decay,
 * gradient accumulation, averages, reading options) is put around the rule here, once.
 */
import { InvalidArgumentError } from "../../base/errors.ts";
import {
  kebab,
  type Parameters,
  readOptions,
  type ValuesOf,
  type Written,
  writeOptions,
} from "../../base/parameters.ts";
import { mul, type Node, sub } from "../../graph/index.ts";
import type { Optimizer, SlotSpec, UpdateInputs } from "../contract.ts";
import { accumulating } from "./accumulate.ts";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "./clip.ts";
import { averaging } from "./ema.ts";
import { type LearningRate, sharedParameters } from "./parameters.ts";

type Shared = typeof sharedParameters;
type Nodes = Readonly<Record<string, Node>>;
/** An optimizer's own options; the learning rate is always among them. */
export type RuleParameters = Parameters & { readonly learningRate: Parameters[string] };

/** An optimizer type: one file declares one. */
export interface OptimizerDefinition<P extends Parameters> {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One sentence. */
  readonly summary: string;
  /** Where the rule was published. */
  readonly reference: string;
  readonly parameters: P;
  /** Values kept for each parameter. */
  slots(values: ValuesOf<P>): readonly SlotSpec[];
  /** Scalars kept for all parameters together. */
  readonly globals?: readonly SlotSpec[];
  /** The rule. Weight decay has been applied to `parameter`, clipping to `gradient`. */
  update(inputs: UpdateInputs, values: ValuesOf<P>): { readonly parameter: Node; readonly slots: Nodes };
  updateGlobals?(inputs: { readonly globals: Nodes; readonly step: Node }, values: ValuesOf<P>): Nodes;
}

/** What a user may pass: the optimizer's own options and those that all share. */
export type OptimizerOptions<P extends Parameters> = {
  readonly [K in keyof P | keyof Shared]?:
    | (K extends keyof P ? Written<P[K]> : K extends keyof Shared ? Written<Shared[K]> : never)
    | undefined;
};

/** Makes optimizers of one type. */
export interface OptimizerFactory<P extends Parameters> {
  (options?: OptimizerOptions<P>): Optimizer;
  readonly definition: OptimizerDefinition<P>;
  /** The options with defaults, the shared ones included. */
  readonly parameters: Parameters;
}

/** Keras's rule for decay: before the step, decoupled from the gradient, for biases too. */
const decayed = (parameter: Node, rate: Node, weightDecay: number): Node =>
  sub(parameter, mul(mul(parameter, weightDecay), rate));

function checkTogether(name: string, values: ValuesOf<Shared>): void {
  const clips = (["clipNorm", "clipValue", "globalClipNorm"] as const).filter((option) => values[option] !== undefined);
  if (clips.length > 1) {
    throw new InvalidArgumentError(`${kebab(name)}/one-clip`, {
      received: `${name} was given ${clips.join(" and ")}`,
      expected: "gradients are clipped in one way at a time",
      hint: `Keep one of them, e.g. ${clips[0]}.`,
    });
  }
  if (values.globalClipNorm !== undefined && values.gradientAccumulationSteps !== undefined) {
    throw new InvalidArgumentError(`${kebab(name)}/global-clip-accumulation`, {
      received: `${name} was given globalClipNorm and gradientAccumulationSteps`,
      expected: "the norm of all accumulated gradients is not known while they are gathered",
      hint: "Use clipNorm, or a larger batchSize instead of accumulation.",
    });
  }
}

/** The rule with clipping of one gradient and weight decay in front of it. */
function dressed<P extends Parameters>(definition: OptimizerDefinition<P>, values: ValuesOf<P & Shared>): Optimizer {
  const shared = values as unknown as ValuesOf<Shared>;
  const own = values as unknown as ValuesOf<P>;
  const { updateGlobals } = definition;
  return {
    name: definition.name,
    learningRate: (values as unknown as { learningRate: LearningRate }).learningRate,
    slots: definition.slots(own),
    globals: definition.globals ?? [],
    transformGradients: (gradients) =>
      shared.globalClipNorm === undefined ? [...gradients] : clipByGlobalNorm(gradients, shared.globalClipNorm),
    update(inputs) {
      let { gradient, parameter } = inputs;
      if (shared.clipNorm !== undefined) gradient = clipByNorm(gradient, shared.clipNorm);
      if (shared.clipValue !== undefined) gradient = clipByValue(gradient, shared.clipValue);
      if (shared.weightDecay !== undefined) parameter = decayed(parameter, inputs.learningRate, shared.weightDecay);
      return definition.update({ ...inputs, gradient, parameter }, own);
    },
    ...(updateGlobals && { updateGlobals: (inputs) => updateGlobals(inputs, own) }),
    toConfig: () => ({
      name: definition.name,
      options: writeOptions({ ...sharedParameters, ...definition.parameters }, values as never),
    }),
  };
}

/** Makes a factory of a definition. A parameter of its own replaces the shared one of that name (another default). */
export function defineOptimizer<P extends RuleParameters>(definition: OptimizerDefinition<P>): OptimizerFactory<P> {
  const parameters = { ...sharedParameters, ...definition.parameters };
  const make = (options: OptimizerOptions<P> = {}): Optimizer => {
    const values = readOptions(definition.name, parameters, options) as ValuesOf<P & Shared>;
    const shared = values as unknown as ValuesOf<Shared>;
    checkTogether(definition.name, shared);
    const batchesPerUpdate = shared.gradientAccumulationSteps ?? 1;
    let optimizer = dressed(definition, values);
    if (batchesPerUpdate > 1) optimizer = accumulating(optimizer, batchesPerUpdate);
    if (shared.useEma) {
      const { emaMomentum: momentum, emaOverwriteFrequency: overwriteFrequency } = shared;
      optimizer = averaging(optimizer, { momentum, overwriteFrequency, batchesPerUpdate });
    }
    return optimizer;
  };
  return Object.assign(make, { definition, parameters });
}
