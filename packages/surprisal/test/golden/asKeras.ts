/**
 * Losses as Keras computes them where ours keep to the definition on purpose. With one of these a run must follow Keras to
 * the last digit asked for: that shows the difference to be the declared one, and no other.
 */

import type { Node } from "../../src/graph/index.ts";
import type { Loss } from "../../src/loss/contract.ts";
import { graph, losses } from "./library.ts";

interface Deviation {
  readonly reason: string;
  readonly loss: () => Loss;
}

const smallest = 1e-7;
/** Keras's clip to [1e-7, 1]: outside, the gradient is 0. */
const clipped = (p: Node): Node => {
  const raised = graph.where(graph.less(p, smallest), smallest, p);
  return graph.where(graph.greater(raised, 1), 1, raised);
};

const kerasPoisson = losses.defineLoss({
  name: "kerasPoisson",
  yTrue: losses.domains.nonNegative,
  yPred: losses.domains.rates,
  value: (yTrue, yPred) => graph.sub(yPred, graph.mul(yTrue, graph.log(graph.add(yPred, smallest)))),
});

const kerasKlDivergence = losses.defineLoss({
  name: "kerasKlDivergence",
  axis: "class",
  yTrue: losses.domains.distribution,
  yPred: losses.domains.distribution,
  value(yTrue, yPred) {
    const [p, q] = [clipped(yTrue), clipped(yPred)];
    return graph.sum(graph.mul(p, graph.log(graph.div(p, q))), [p.shape.length - 1]);
  },
});

/** By the name of the loss, in lower case. */
export const lossesAsKeras: Readonly<Record<string, Deviation>> = {
  poisson: {
    reason:
      "declared deviation: Keras adds 1e-7 to the rate; ours keeps to the definition, and with that added follows Keras",
    loss: () => kerasPoisson(),
  },
  kldivergence: {
    reason:
      "declared deviation: Keras clips both distributions at 1e-7; ours keeps to the definition, and with that clip follows Keras",
    loss: () => kerasKlDivergence(),
  },
};
