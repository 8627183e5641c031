/** How many thresholds each score is above: the number that histograms are kept by. */
import {
  cast,
  constant,
  equal,
  floor,
  less,
  maximum,
  minimum,
  mul,
  type Node,
  neg,
  reshape,
  sum,
  where,
} from "../../graph/index.ts";

export interface Thresholds {
  /** Ascending. */
  readonly values: readonly number[];
  /** For scores [n]: how many of the thresholds lie below each, float64 [n]. NaN is above none. */
  below(scores: Node): Node;
}

/** Any thresholds, each compared with each score in the scores' own dtype: 0.3 is not above the float32 that is nearest 0.3. */
export function listed(values: readonly number[]): Thresholds {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    values: sorted,
    below(scores) {
      const row = constant(sorted, scores.dtype, [1, sorted.length]);
      return sum(cast(less(row, columnOf(scores)), "float64"), [1]);
    },
  };
}

const columnOf = (x: Node): Node => reshape(x, [...x.shape, 1]);

/** `count` thresholds evenly spread over [0, 1], by one multiplication whatever their number. Scores are cut to [0, 1]. */
export function spread(count: number): Thresholds {
  return {
    values: Array.from({ length: count }, (_, i) => i / (count - 1)),
    below(scores) {
      const inside = maximum(minimum(where(equal(scores, scores), scores, 0), 1), 0);
      const position = mul(cast(inside, "float64"), count - 1);
      return neg(floor(neg(position)));
    },
  };
}

/** The first threshold slightly lower and the last slightly higher: every score is above the one and below the other. */
export function withOpenEnds({ values, below }: Thresholds): Thresholds {
  return { values, below: (scores) => maximum(minimum(below(scores), values.length - 1), 1) };
}
