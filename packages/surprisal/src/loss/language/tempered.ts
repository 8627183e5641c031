/** Two rows of logits over a temperature, compared without loss: what the losses of distillation are written with. */
import {
  add,
  and,
  argmax,
  broadcastTo,
  div,
  equal,
  exp,
  expm1,
  iota,
  lessEqual,
  log1p,
  logSoftmax,
  max,
  mul,
  type Node,
  neg,
  softmax,
  softplus,
  stopGradient,
  sub,
  sum,
  weighted,
  where,
} from "../../graph/index.ts";
import { excessOverLog1p, magnitude } from "../special.ts";

/** Logits over a temperature; the largest is taken off first, which no softmax notices, so that rounding is relative to what is left. */
function tempered(logits: Node, temperature: number): Node {
  if (temperature === 1) return logits;
  const top = broadcastTo(stopGradient(max(logits, { keepDims: true })), logits.shape);
  return div(sub(logits, top), temperature);
}

export interface Tempered {
  readonly teacher: Node;
  readonly student: Node;
  /** log(student / teacher), with its digits where the two are nearly equal; 0 for a class that is out for both. */
  readonly logRatio: Node;
}

/** The shares that two rows of logits stand for. */
export function temper(teacherLogits: Node, studentLogits: Node, temperature: number): Tempered {
  const { shape } = studentLogits;
  const a = tempered(teacherLogits, temperature);
  const b = tempered(studentLogits, temperature);
  const teacher = softmax(a);
  // In rows that are alike the ratios come from differences of logits, relative to that of the teacher's largest share.
  const isTop = equal(iota(-1, shape), broadcastTo(argmax(teacherLogits, { keepDims: true }), shape));
  const out = and(equal(studentLogits, Number.NEGATIVE_INFINITY), equal(teacherLogits, Number.NEGATIVE_INFINITY));
  const difference = sub(studentLogits, teacherLogits);
  const atTop = broadcastTo(sum(where(isTop, difference, 0), [-1], { keepDims: true }), shape);
  const change = where(out, 0, div(sub(difference, atTop), temperature));
  const alike = broadcastTo(lessEqual(max(magnitude(change), { keepDims: true }), 1), shape);
  const small = where(alike, change, 0);
  const shift = log1p(sum(mul(teacher, expm1(small)), [-1], { keepDims: true }));
  const near = sub(small, broadcastTo(shift, shape));
  const apart = sub(logSoftmax(b), logSoftmax(a));
  return { teacher, student: softmax(b), logRatio: where(out, 0, where(alike, near, apart)) };
}

/** Where log-ratios are within log 2: there a sum of squares is left of each term, which `excessOverLog1p` gives with its digits. */
const isNear = (logRatio: Node): Node => lessEqual(magnitude(logRatio), Math.LN2);

/** e^x − 1 − x near 0. */
const excessOfExp = (x: Node): Node => excessOverLog1p(expm1(x));

/** Σ_c of from · log(from / to), both summing to 1, as Σ of from (e^u − 1 − u), u = log(to / from): no term is negative. */
export function kullbackLeibler(from: Node, to: Node, u: Node): Node {
  const near = isNear(u);
  const close = mul(where(near, from, 0), excessOfExp(where(near, u, 0)));
  const far = where(near, 0, from);
  const apart = sub(sub(where(near, 0, to), far), weighted(far, where(near, 0, u)));
  return sum(add(close, apart), [-1]);
}

/** share · KL(teacher ‖ m) + (1 − share) · KL(student ‖ m), m = share · teacher + (1 − share) · student. */
export function jensenShannon({ teacher, student, logRatio }: Tempered, share: number): Node {
  const near = isNear(logRatio);
  const u = where(near, logRatio, 0);
  const ofTeacher = mul(share, excessOverLog1p(mul(1 - share, expm1(u))));
  const ofStudent = mul(1 - share, mul(exp(u), excessOverLog1p(mul(share, expm1(neg(u))))));
  const close = mul(where(near, teacher, 0), add(ofTeacher, ofStudent));
  const far = where(near, 0, logRatio);
  const odds = Math.log(share / (1 - share));
  const teacherOverMiddle = neg(add(softplus(sub(far, odds)), Math.log(share)));
  const studentOverMiddle = neg(add(softplus(sub(odds, far)), Math.log(1 - share)));
  const apart = add(
    weighted(where(near, 0, mul(share, teacher)), teacherOverMiddle),
    weighted(where(near, 0, mul(1 - share, student)), studentOverMiddle),
  );
  return sum(add(close, apart), [-1]);
}
