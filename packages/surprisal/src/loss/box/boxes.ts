/**
 * What losses of boxes share. A box is its corners x1, y1, x2, y2 on the last axis, with x1 ≤ x2 and y1 ≤ y2. Areas that differ by
 * little are never subtracted: what one box has beyond the other is measured along each side.
 */
import { DataError, ShapeError } from "../../base/errors.ts";
import { showShape } from "../../base/shape.ts";
import {
  add,
  and,
  constant,
  div,
  equal,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  type Node,
  neg,
  or,
  reshape,
  slice,
  stopGradient,
  sub,
  where,
} from "../../graph/index.ts";
import { type Domain, logits, real } from "../domain.ts";

export const corners: Domain = { ...real, name: "corners", values: "finite corners x1, y1, x2, y2" };
const predictedCorners: Domain = { ...logits, name: "corners" };

/** The parts of a definition that all of them have. */
export const overBoxes = {
  task: "boxes",
  axis: "class",
  yTrue: corners,
  yPred: predictedCorners,
  checkTargets: checkCorners,
} as const;

/** Along one axis. Where boxes are apart, `shared` is 0 and a gap lies between them. */
export interface Side {
  /** Lengths of the predicted and of the true side. */
  readonly predicted: Node;
  readonly true: Node;
  readonly shared: Node;
  readonly gap: Node;
  /** How far the predicted side reaches beyond the true one, at both ends together, and the reverse. A gap counts in both. */
  readonly beyondTrue: Node;
  readonly beyondPredicted: Node;
  /** From the first end to the last. */
  readonly hull: Node;
  /** `beyondPredicted` as the hull sees it: the same number, but where ends coincide the hull's slope is the prediction's. */
  readonly hullBeyondPredicted: Node;
  /** From centre to centre, with a sign. */
  readonly offset: Node;
}

/** Two boxes a row. All lengths are in one unit, which is 1 unless their squares would overflow or vanish. */
export interface Boxes {
  readonly x: Side;
  readonly y: Side;
  /** bool: whether the corners of the predicted box are in order. */
  readonly valid: Node;
  /** bool: whether the two boxes are the same. */
  readonly same: Node;
}

/** Lengths between these are squared and multiplied as they are. */
const [smallest, largest] = [2 ** -15, 2 ** 15];

/** @throws ShapeError unless the last axis holds four numbers. */
export function boxesOf(loss: string, yTrue: Node, yPred: Node): Boxes {
  if (yPred.shape.at(-1) !== 4) throw notFour(loss, yPred);
  const [p, t] = [columns(yPred), columns(yTrue)];
  const hull = (from: 0 | 1) =>
    sub(maximum(p[from + 2] as Node, t[from + 2] as Node), minimum(p[from] as Node, t[from] as Node));
  const longest = stopGradient(maximum(hull(0), hull(1)));
  const isPlain = or(equal(longest, 0), and(less(smallest, longest), less(longest, largest)));
  const unit = where(isPlain, 1, longest);
  const inOrder = (from: 0 | 1) => lessEqual(p[from] as Node, p[from + 2] as Node);
  const [a, b, c, d] = p.map((corner, i) => equal(corner, t[i] as Node)) as [Node, Node, Node, Node];
  return {
    x: sideOf([p[0], p[2]], [t[0], t[2]], unit),
    y: sideOf([p[1], p[3]], [t[1], t[3]], unit),
    valid: and(inOrder(0), inOrder(1)),
    same: and(and(a, b), and(c, d)),
  };
}

type Ends = readonly [low: Node, high: Node];

/** At a tie `maximum` and `minimum` hand the slope to their first operand: the true end stays, and the predicted one moves inwards. */
function sideOf([low, high]: Ends, [trueLow, trueHigh]: Ends, unit: Node): Side {
  const length = (from: Node, to: Node) => div(sub(to, from), unit);
  const [atLow, atHigh] = [length(low, trueLow), length(trueHigh, high)];
  const overlap = length(maximum(low, trueLow), minimum(high, trueHigh));
  return {
    predicted: length(low, high),
    true: length(trueLow, trueHigh),
    shared: maximum(0, overlap),
    gap: maximum(neg(overlap), 0),
    beyondTrue: add(maximum(0, atLow), maximum(0, atHigh)),
    beyondPredicted: add(maximum(neg(atLow), 0), maximum(neg(atHigh), 0)),
    hull: length(minimum(low, trueLow), maximum(high, trueHigh)),
    hullBeyondPredicted: add(maximum(0, neg(atLow)), maximum(0, neg(atHigh))),
    offset: mul(0.5, sub(atHigh, atLow)),
  };
}

/** 1 − IoU. Two boxes without area miss each other wholly, unless they are the same. */
export function missedShare({ x, y, same }: Boxes): Node {
  const shared = mul(x.shared, y.shared);
  // w·h less the shared area, w = shared + rest on each side: w·(rest of h) + (rest of w)·(shared height).
  const only = (side: "predicted" | "true", beyond: "beyondTrue" | "beyondPredicted") =>
    add(mul(x[side], y[beyond]), mul(x[beyond], y.shared));
  // More than that for boxes that are apart, where it divides 0.
  const notShared = add(only("predicted", "beyondTrue"), only("true", "beyondPredicted"));
  const union = add(shared, notShared);
  const isEmpty = equal(union, 0);
  // The smaller of the two parts is the one whose slope has its digits.
  const isMostly = less(notShared, shared);
  const whole = where(isEmpty, 1, union);
  const little = div(where(isMostly, notShared, 0), whole);
  const missed = where(isMostly, little, sub(1, div(where(isMostly, 0, shared), whole)));
  return where(same, where(isEmpty, 0, missed), missed);
}

/** The squared distance of the centres, in units of the hull's diagonal; 0 for a hull that is one point. */
export function centreDistance({ x, y }: Boxes): Node {
  return share(squares(x.offset, y.offset), squares(x.hull, y.hull));
}

/** part / whole, 0 where the whole is 0. */
export function share(part: Node, whole: Node): Node {
  const isNothing = equal(whole, 0);
  return div(where(isNothing, 0, part), where(isNothing, 1, whole));
}

const squares = (a: Node, b: Node): Node => add(mul(a, a), mul(b, b));

/** The loss where the predicted corners are in order, else NaN: a box turned inside out has no area. */
export const ifValid = ({ valid }: Boxes, loss: Node): Node =>
  where(valid, loss, constant(Number.NaN, loss.dtype, loss.shape));

function columns(x: Node): [Node, Node, Node, Node] {
  const rows = x.shape.slice(0, -1);
  const at = (c: number) => reshape(slice(x, [...rows.map(() => 0), c], [...rows, 1]), rows);
  return [at(0), at(1), at(2), at(3)];
}

/** @throws DataError naming the row of a box whose corners are not in order. */
function checkCorners(yTrue: ArrayLike<number>): void {
  for (let i = 0; i + 3 < yTrue.length; i += 4) {
    const [x1, y1, x2, y2] = Array.from({ length: 4 }, (_, c) => yTrue[i + c] as number) as [
      number,
      number,
      number,
      number,
    ];
    if (!(x2 < x1 || y2 < y1)) continue;
    const row = i / 4 + 1;
    throw new DataError(
      "loss/box-corners",
      {
        received: `box ${row} of yTrue is ${x1}, ${y1}, ${x2}, ${y2}`,
        expected: "boxes are x1, y1, x2, y2 with x1 up to x2 and y1 up to y2",
        hint: "A box given by centre, width and height is x - w/2, y - h/2, x + w/2, y + h/2.",
      },
      { row },
    );
  }
}

function notFour(loss: string, yPred: Node): ShapeError {
  return new ShapeError("loss/four-corners", {
    received: `${loss} was given yPred of shape ${showShape(yPred.shape)}`,
    expected: "its last axis holds the four numbers x1, y1, x2, y2 of a box",
    hint: "Give the last layer four units, or reshape its output to [n, boxes, 4].",
  });
}

/** The textbook's areas of two boxes, for the oracles. */
export function naiveAreas(t: readonly number[], p: readonly number[]) {
  const [[a, b, c, d], [e, f, g, h]] = [t, p] as [[number, number, number, number], [number, number, number, number]];
  const shared = Math.max(0, Math.min(c, g) - Math.max(a, e)) * Math.max(0, Math.min(d, h) - Math.max(b, f));
  const union = (c - a) * (d - b) + (g - e) * (h - f) - shared;
  const [width, height] = [Math.max(c, g) - Math.min(a, e), Math.max(d, h) - Math.min(b, f)];
  const offset = Math.hypot(a + c - e - g, b + d - f - h) / 2;
  return { iou: shared / union, union, hull: width * height, distance: (offset / Math.hypot(width, height)) ** 2 };
}
