/**
 * Golden cases describe optimizers and schedules in their library's own words (camelCase). This says the same in ours, where
 * our options can say it.
 */
import { optimizers, schedules } from "./library.ts";

export type Library = "keras" | "torch" | "optax";
export type Described = { readonly name: string } & Readonly<Record<string, unknown>>;
export interface Config {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}
export type Words = Config | { readonly unsupported: string };

const fold = (name: string) => name.toLowerCase();
const cannot = (reason: string): Words => ({ unsupported: reason });
type Translate = (options: Readonly<Record<string, unknown>>, startLearningRate?: number) => Words;
const always =
  (name: string, more: Record<string, unknown> = {}, renamed: Record<string, string> = {}): Translate =>
  (options) => ({
    name,
    options: { ...more, ...Object.fromEntries(Object.entries(options).map(([k, v]) => [renamed[k] ?? k, v])) },
  });
/** Only while none of these options is given. */
const unless =
  (words: readonly string[], translate: Translate): Translate =>
  (options, start) => {
    const used = words.filter((word) => options[word] !== undefined && options[word] !== false);
    return used.length > 0 ? cannot(`no option for ${used.join(", ")}`) : translate(options, start);
  };

/** Options that Keras spells otherwise. */
const kerasOptions: Readonly<Record<string, string>> = {
  clipnorm: "clipNorm",
  clipvalue: "clipValue",
  globalClipnorm: "globalClipNorm",
};

/** The learning rate of a Keras optimizer: a number, or a schedule by `type`. */
function kerasRate(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { type, ...options } = value as { type: string };
  return { name: type[0]!.toLowerCase() + type.slice(1), options };
}

function kerasOptimizer({ name, ...rest }: Described): Words {
  const known = optimizers.list().find((entry) => fold(entry.name) === fold(name));
  if (known === undefined) return cannot(`no optimizer ${name}`);
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) {
    const option = kerasOptions[key] ?? key;
    if (!Object.hasOwn(known.parameters, option)) return cannot(`no option ${option}`);
    options[option] = option === "learningRate" ? kerasRate(value) : value;
  }
  return { name: known.name, options };
}

const torchOptimizers: Readonly<Record<string, Translate>> = {
  sgd: unless(["weightDecay", "dampening", "maximize"], always("sgd", {}, { lr: "learningRate" })),
  adadelta: unless(["weightDecay"], always("adadelta", { rho: 0.9, epsilon: 1e-6 }, { lr: "learningRate" })),
};

const optaxOptimizers: Readonly<Record<string, Translate>> = {
  sgd: always("sgd"),
  adagrad: always("adagrad"),
  adadelta: always("adadelta", { rho: 0.9, epsilon: 1e-6 }),
  rmsprop: unless(["epsInSqrt", "initialScale", "biasCorrection"], (options) =>
    options.epsInSqrt === false
      ? cannot("no option for epsInSqrt")
      : always("rmsprop", { rho: 0.9, epsilon: 1e-8 })(options),
  ),
  lion: always("lion", { weightDecay: 0.001 }, { b1: "beta1", b2: "beta2" }),
  lamb: unless(["weightDecay"], always("lamb", { epsilon: 1e-6 })),
  chain: ({ of }) => {
    const [clip, then] = of as Described[];
    if (clip?.name !== "clipByGlobalNorm" || then?.name !== "sgd") return cannot("no such chain");
    return { name: "sgd", options: { globalClipNorm: clip.maxNorm, learningRate: then.learningRate } };
  },
};

const foreignOptimizers = { torch: torchOptimizers, optax: optaxOptimizers };

export function optimizerInOurWords(library: Library, described: Described): Words {
  if (library === "keras") return kerasOptimizer(described);
  const { name, ...options } = described;
  return foreignOptimizers[library][name]?.(options) ?? cannot(`${library}'s ${name} is another definition`);
}

const foreignSchedules: Readonly<Record<"torch" | "optax", Readonly<Record<string, Translate>>>> = {
  torch: {
    stepLR: ({ stepSize, gamma }, initialLearningRate) => ({
      name: "exponentialDecay",
      options: { initialLearningRate, decaySteps: stepSize, decayRate: gamma, staircase: true },
    }),
    multiStepLR: ({ milestones, gamma }, start = 0) => ({
      name: "piecewiseConstantDecay",
      options: {
        boundaries: (milestones as number[]).map((at) => at - 1),
        values: [0, ...(milestones as number[])].map((_, i) => start * (gamma as number) ** i),
      },
    }),
    exponentialLR: ({ gamma }, initialLearningRate) => ({
      name: "exponentialDecay",
      options: { initialLearningRate, decaySteps: 1, decayRate: gamma },
    }),
    constantLR: ({ factor, totalIters }, start = 0) => ({
      name: "piecewiseConstantDecay",
      options: { boundaries: [(totalIters as number) - 1], values: [start * (factor as number), start] },
    }),
    linearLR: ({ startFactor, endFactor = 1, totalIters }, start = 0) => ({
      name: "linearWarmup",
      options: {
        learningRate: start * (endFactor as number),
        initialLearningRate: start * (startFactor as number),
        warmupSteps: totalIters,
      },
    }),
    polynomialLR: ({ totalIters, power }, initialLearningRate) => ({
      name: "polynomialDecay",
      options: { initialLearningRate, decaySteps: totalIters, power, endLearningRate: 0 },
    }),
  },
  optax: {
    constantSchedule: ({ value }) => ({ name: "constant", options: { learningRate: value } }),
    polynomialSchedule: ({ initValue, endValue, power, transitionSteps }) => ({
      name: "polynomialDecay",
      options: { initialLearningRate: initValue, endLearningRate: endValue, power, decaySteps: transitionSteps },
    }),
    exponentialDecay: unless(
      ["transitionBegin", "endValue"],
      ({ initValue, transitionSteps, decayRate, staircase }) => ({
        name: "exponentialDecay",
        options: {
          initialLearningRate: initValue,
          decaySteps: transitionSteps,
          decayRate,
          staircase: staircase ?? false,
        },
      }),
    ),
    cosineDecaySchedule: unless(["exponent"], ({ initValue, decaySteps, alpha }) => ({
      name: "cosineDecay",
      options: { initialLearningRate: initValue, decaySteps, alpha },
    })),
    warmupConstantSchedule: ({ initValue, peakValue, warmupSteps }) => ({
      name: "linearWarmup",
      options: { initialLearningRate: initValue, learningRate: peakValue, warmupSteps },
    }),
    warmupCosineDecaySchedule: ({ initValue, peakValue, warmupSteps, decaySteps, endValue }) => ({
      name: "cosineDecay",
      options: {
        initialLearningRate: initValue,
        warmupTarget: peakValue,
        warmupSteps,
        decaySteps: (decaySteps as number) - (warmupSteps as number),
        alpha: (endValue as number) / (peakValue as number),
      },
    }),
  },
};

export function scheduleInOurWords(
  library: Library,
  { name, ...options }: Described,
  startLearningRate?: number,
): Words {
  if (library !== "keras") {
    const translate = foreignSchedules[library][name];
    return translate?.(options, startLearningRate) ?? cannot(`${library}'s ${name} is another definition`);
  }
  const known = schedules.list().find((entry) => entry.name === name);
  return known === undefined ? cannot(`no schedule ${name}`) : { name, options };
}
