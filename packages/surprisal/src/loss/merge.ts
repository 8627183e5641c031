/** Adding up the results of parts of a batch. */
import { convert } from "../base/dtype.ts";
import { InvalidArgumentError } from "../base/errors.ts";
import { Tensor } from "../base/tensor.ts";
import type { LossResult } from "./evaluate.ts";

type Gradient = Tensor | Readonly<Record<string, Tensor>>;

/**
 * The result for several parts of a batch taken together: sums and divisors add up, gradients are rescaled to the whole's divisor
 * and, like the per-sample losses, put one after another along the first axis; those of arrays that all samples share are added.
 * @throws InvalidArgumentError for parts that were reduced differently, and for losses of a batch as a whole.
 */
export function merge<G extends Gradient>(first: LossResult<G>, ...others: readonly LossResult<G>[]): LossResult<G> {
  const parts = [first, ...others];
  const { reduction, shared = [] } = first;
  if (parts.some((part) => JSON.stringify(part.reduction) !== JSON.stringify(reduction))) {
    throw new InvalidArgumentError("loss/merge", {
      received: "results of different reductions were given",
      expected: "only results of one reduction add up",
      hint: "Evaluate every part with the same reduction.",
    });
  }
  if (parts.length > 1 && parts.some((part) => part.perSample.rank === 0)) {
    throw new InvalidArgumentError("loss/merge-batch", {
      received: "results of a loss that is one value for a whole batch were given",
      expected: "only losses of single samples add up to that of a larger batch",
      hint: "Evaluate the whole batch at once.",
    });
  }
  const sum = parts.reduce((total, part) => total + part.sum, 0);
  // A fixed divisor (and the 1 of a plain sum) is the whole's already.
  const fixed = typeof reduction.over === "number";
  const divisor = fixed ? first.divisor : parts.reduce((total, part) => total + part.divisor, 0);
  const atZero = reduction.zeroDivisor === "nan" ? Number.NaN : 0;
  const factorOf = (part: LossResult<G>) =>
    fixed ? 1 : divisor === 0 ? atZero : part.divisor === 0 ? 0 : part.divisor / divisor;
  const whole = (gradientOf: (part: LossResult<G>) => Tensor, put: (parts: readonly Tensor[]) => Tensor) =>
    put(
      parts.map((part) => {
        const { dtype, data, shape } = gradientOf(part);
        const factor = factorOf(part);
        const scaled = Float64Array.from(data, (x) => (factor === 0 ? 0 : x * factor));
        return new Tensor(convert(dtype, scaled), shape);
      }),
    );
  const gradient =
    first.gradient instanceof Tensor
      ? whole((part) => part.gradient as Tensor, joined)
      : Object.fromEntries(
          Object.keys(first.gradient).map((name) => [
            name,
            whole(
              (part) => (part.gradient as Readonly<Record<string, Tensor>>)[name] as Tensor,
              shared.includes(name) ? added : joined,
            ),
          ]),
        );
  return {
    value: divisor === 0 ? atZero : sum / divisor,
    perSample: joined(parts.map((part) => part.perSample)),
    gradient: gradient as G,
    sum,
    divisor,
    reduction,
    ...(first.shared === undefined ? {} : { shared }),
  };
}

function joined(parts: readonly Tensor[]): Tensor {
  const first = parts.find((part) => part.size > 0) ?? (parts[0] as Tensor);
  const kept = parts.filter((part) => part.size > 0);
  const data = Float64Array.from(kept.flatMap((part) => Array.from(part.data)));
  const rows = kept.reduce((n, part) => n + (part.shape[0] ?? 1), 0);
  return new Tensor(convert(first.dtype, data), first.rank === 0 ? [] : [rows, ...first.shape.slice(1)]);
}

function added(parts: readonly Tensor[]): Tensor {
  const { dtype, shape, data } = parts[0] as Tensor;
  const total = Float64Array.from(data, (_, i) => parts.reduce((sum, part) => sum + (part.data[i] as number), 0));
  return new Tensor(convert(dtype, total), shape);
}
