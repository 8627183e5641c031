/** `surprisal loss`: value and gradient of a loss for numbers that are typed. */
import { explainLoss, InvalidArgumentError, losses, type Tensor } from "surprisal";
import { build } from "surprisal/graph";
import { type ExitCode, exit } from "../exit.ts";
import { formulaParameters, lossOptions, readArray, type TypedArrays } from "../numbers.ts";
import { makeConsole, type SpeechOptions } from "../output/console.ts";

export interface LossCommandOptions extends SpeechOptions {
  readonly formula?: string;
  readonly true?: string;
  readonly pred?: string;
  readonly logits?: string;
  readonly probabilities?: string;
  readonly param?: ReadonlyMap<string, string>;
  readonly input?: ReadonlyMap<string, string>;
}

/** A loss of any kind, on numbers of any shape. */
interface AnyLoss {
  readonly name: string;
  readonly targets: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly definition: {
    readonly params?: Readonly<Record<string, losses.Param<unknown>>>;
    readonly yPred?: unknown;
    readonly axis?: string;
    value(yTrue: never, yPred: never, params: never, inputs: never): unknown;
  };
  (options: object): AnyLoss;
  evaluate(
    yTrue: unknown,
    yPred: unknown,
    options?: object,
  ): { value: number; perSample: Tensor; gradient: Tensor | Readonly<Record<string, Tensor>> };
}

export async function lossCommand(name: string | undefined, options: LossCommandOptions): Promise<ExitCode> {
  const console = makeConsole(options);
  const { as, text } = predictionOf(options);
  const base = chosenLoss(name, options);
  const given = options.param ?? new Map<string, string>();
  const settings = options.formula === undefined ? lossOptions(base.definition.params, given) : {};
  const { loss, costs } = taking(as, base, settings, options.formula);
  const yPred = readArray(`--${as}`, text);
  const yTrue = options.true === undefined ? undefined : targetsOf(loss, readArray("--true", options.true));
  const inputs = [...(options.input ?? [])].map(([input, array]) => [input, readArray(`--input ${input}`, array)]);
  const { value, perSample, gradient } = loss.evaluate(yTrue, yPred, {
    dtype: "float64",
    ...Object.fromEntries(inputs),
  });

  const { unit } = explainLoss(costs as unknown as losses.Loss);
  const rows = perSample.rank > 0 && perSample.size > 1 ? perSample.size : 1;
  const head = `${value}${unit === undefined ? "" : ` ${unit}`}`;
  for (const line of gradientLines(head, rows, perSample, gradient)) console.result(line);
  const warnings = (base as unknown as Partial<losses.FormulaLoss>).warnings ?? [];
  for (const { message } of warnings) console.warn(message);
  console.object({
    loss: options.formula ?? loss.name,
    params: loss.params,
    yTrue: yTrue ?? null,
    yPred,
    predictions: as,
    value,
    unit: unit ?? null,
    perSample: perSample.toArray(),
    gradient: mapArrays(gradient, (tensor) => tensor.toArray()),
    ...(options.formula !== undefined && { warnings }),
  });
  return exit.done;
}

function chosenLoss(name: string | undefined, { formula, param }: LossCommandOptions): AnyLoss {
  if ((name === undefined) === (formula === undefined)) {
    throw new InvalidArgumentError("cli/which-loss", {
      received: name === undefined ? "no loss was named" : `the loss ${name} and --formula were given`,
      expected: "one of the two is needed",
      hint: `Write e.g. surprisal loss huber --true 1 --pred 3, or --formula "(y - p)^2". surprisal losses lists all.`,
    });
  }
  if (formula === undefined) return losses.get(name as string) as unknown as AnyLoss;
  return losses.formulaLoss(formula, formulaParameters(param ?? new Map())) as unknown as AnyLoss;
}

const kinds = ["pred", "logits", "probabilities"] as const;

function predictionOf(options: LossCommandOptions): { as: (typeof kinds)[number]; text: string } {
  const given = kinds.flatMap((as) => (options[as] === undefined ? [] : [{ as, text: options[as] }]));
  if (given.length === 1) return given[0] as { as: (typeof kinds)[number]; text: string };
  throw new InvalidArgumentError("cli/predictions", {
    received:
      given.length === 0 ? "no prediction was given" : `${given.map(({ as }) => `--${as}`).join(" and ")} were given`,
    expected: "a loss is the cost of one prediction",
    hint: "Write it as the loss takes it (--pred 0.2), or as --probabilities 0.2 or --logits -1.4.",
  });
}

/**
 * The loss that takes such predictions: by its own option where it has one, on a sigmoid or softmax of logits otherwise. `costs` is the
 * one whose values they are, before anything was put in front of it.
 */
function taking(
  as: (typeof kinds)[number],
  bare: AnyLoss,
  settings: object,
  formula: string | undefined,
): { loss: AnyLoss; costs: AnyLoss } {
  const { definition } = bare;
  const fromLogits = as !== "pred" && Object.hasOwn(definition.params ?? {}, "fromLogits");
  const all = { ...settings, ...(fromLogits && { fromLogits: as === "logits" }) };
  const costs = Object.keys(all).length === 0 ? bare : bare(all);
  const domain = domainOf(costs);
  const takesAny = domain?.accepts(-1) ?? true;
  // In a formula, p and q are probabilities and z is a logit.
  const ofProbabilities = formula === undefined ? !takesAny : /(?<!\w)[pq](?!\w)/.test(formula);
  if (as !== "logits" || fromLogits || !ofProbabilities) return { loss: costs, costs };
  if (formula === undefined && domain?.accepts(2) === true) throw noProbabilities(bare.name, domain.values);
  const squash = definition.axis === "class" ? build.softmax : build.sigmoid;
  const onLogits = {
    ...definition,
    yPred: losses.domains.logits,
    value: (yTrue: never, yPred: never, params: never, inputs: never) =>
      definition.value(yTrue, squash(yPred) as never, params, inputs),
  };
  return { loss: (losses.defineLoss(onLogits as never) as unknown as AnyLoss)(all), costs };
}

function noProbabilities(name: string, values: string): InvalidArgumentError {
  return new InvalidArgumentError("cli/logits", {
    received: `--logits was given for ${name}`,
    expected: `it takes ${values}, no probabilities that a sigmoid could give`,
    hint: `Write the prediction as it takes it: --pred 2. surprisal losses ${name} lists its parameters.`,
  });
}

function domainOf({ definition, params }: AnyLoss): losses.Domain | undefined {
  const given = typeof definition.yPred === "function" ? definition.yPred(params) : definition.yPred;
  return typeof given?.accepts === "function" ? given : undefined;
}

/** Class numbers are one a row. */
function targetsOf({ targets }: AnyLoss, yTrue: TypedArrays): TypedArrays {
  const isRows = Array.isArray(yTrue) && yTrue.every((row) => Array.isArray(row));
  return targets === "classIndex" && isRows ? yTrue.flat() : yTrue;
}

const isTensor = (value: Tensor | Readonly<Record<string, Tensor>>): value is Tensor =>
  typeof (value as Tensor).toArray === "function";

function mapArrays<T>(
  gradient: Tensor | Readonly<Record<string, Tensor>>,
  of: (tensor: Tensor) => T,
): T | Record<string, T> {
  if (isTensor(gradient)) return of(gradient);
  return Object.fromEntries(Object.entries(gradient).map(([name, tensor]) => [name, of(tensor)]));
}

const numbers = (values: ArrayLike<number>): string => Array.from(values).join(" ");

/** One line for one row; for several the value first, then each row with its own loss. */
function gradientLines(
  head: string,
  rows: number,
  perSample: Tensor,
  gradient: Tensor | Readonly<Record<string, Tensor>>,
): string[] {
  if (!isTensor(gradient)) {
    const lines = Object.entries(gradient).map(([name, { data }]) => `gradient of ${name}   ${numbers(data)}`);
    return lines.length === 1 ? [`${head}   ${lines[0]}`] : [head, ...lines];
  }
  const width = gradient.size / rows;
  if (rows === 1 || !Number.isInteger(width)) return [`${head}   gradient ${numbers(gradient.data)}`];
  return [
    head,
    ...Array.from({ length: rows }, (_, row) => {
      const slopes = gradient.data.subarray(row * width, (row + 1) * width);
      return `row ${row + 1}   ${perSample.data[row]}   gradient ${numbers(slopes)}`;
    }),
  ];
}
