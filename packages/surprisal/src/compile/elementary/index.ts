/**
 * The elementary functions as fixed sequences of primitive operations, by the name of the graph op. Branch-free, without
 * tables, fused multiply-adds or reassociation, so every target and lane that renders the primitives gives the same bits.
 */
import type { Scalars } from "../scalars.ts";
import { atan } from "./atan.ts";
import { erf } from "./erf.ts";
import { exp, expm1 } from "./exponential.ts";
import { log1mexp } from "./log1mexp.ts";
import { log, log1p } from "./logarithm.ts";
import { logSigmoid, sigmoid, softplus } from "./logistic.ts";
import { pow } from "./power.ts";
import { sign, xlog1py, xlogy } from "./products.ts";
import { tanh } from "./tanh.ts";

/** A function of one or two operands over any rendering of the primitives. */
export type Elementary = <V>(s: Scalars<V>, ...operands: V[]) => V;

const unary =
  (f: <V>(s: Scalars<V>, x: V) => V): Elementary =>
  (s, x) =>
    f(s, x);

const binary =
  (f: <V>(s: Scalars<V>, x: V, y: V) => V): Elementary =>
  (s, x, y) =>
    f(s, x, y);

export const elementary = {
  exp: unary(exp),
  expm1: unary(expm1),
  log: unary(log),
  log1p: unary(log1p),
  log1mexp: unary(log1mexp),
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  logSigmoid: unary(logSigmoid),
  softplus: unary(softplus),
  erf: unary(erf),
  atan: unary(atan),
  pow: binary(pow),
  xlogy: binary(xlogy),
  xlog1py: binary(xlog1py),
  sign: unary(sign),
} satisfies Record<string, Elementary>;
