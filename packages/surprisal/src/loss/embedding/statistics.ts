/** Features over a batch. */
import { broadcastTo, mean, type Node, sub } from "../../graph/index.ts";

export { diagonal } from "./similarities.ts";

/** Less the mean of each column. */
export const centred = (x: Node): Node => sub(x, broadcastTo(mean(x, [0], { keepDims: true }), x.shape));
