/** How numbers, types and names are written in C. */
import type { DType } from "../../base/dtype.ts";

/** Booleans are int32 0 or 1, in memory and as values. */
export const cType = (dtype: DType): "float" | "double" | "int32_t" =>
  dtype === "float32" ? "float" : dtype === "float64" ? "double" : "int32_t";

/** What the names of functions of a type end in. */
export const suffix = (dtype: DType): "f32" | "f64" | "i32" =>
  dtype === "float32" ? "f32" : dtype === "float64" ? "f64" : "i32";

/** A number that the compiler reads back with the same bits. */
export function cNumber(value: number, dtype: DType): string {
  if (dtype === "bool") return value === 0 ? "0" : "1";
  if (dtype === "int32") return value === -0x80000000 ? "INT32_MIN" : String(value);
  const f = dtype === "float32" ? "f" : "";
  if (Number.isNaN(value)) return dtype === "float32" ? "NAN" : "(double)NAN";
  if (!Number.isFinite(value)) return `${value < 0 ? "-" : ""}${dtype === "float32" ? "" : "(double)"}INFINITY`;
  const digits = Object.is(value, -0) ? "-0" : dtype === "float32" ? shortFloat(Math.fround(value)) : String(value);
  return `${/[.e]/.test(digits) ? digits : `${digits}.0`}${f}`;
}

/** The fewest digits that stand for this float32, by a margin that no second rounding can cross; nine always do. */
function shortFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.abs(Number(text) - value) <= Math.abs(value) * 2 ** -26) return text;
  }
  return String(Number(value.toPrecision(9)));
}

/** Letters, digits and single underscores. */
export const cWord = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");

/** Text for people as a name in C. */
export function cName(text: string): string {
  const name = cWord(text);
  if (name === "") return "value";
  // Kernels name their own values v0, is1, sum2, max3, at4.
  const isOurs = reserved.has(name) || /^(v|is|sum|max|at|kernel)\d/.test(name) || /_[fi](32|64)$/.test(name);
  return isOurs || /^\d/.test(name) ? `the_${name}` : name;
}

const reserved = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while memory run i j k " +
    "row there fma fmaf memcpy copysign fabs nearbyint threefry i0 i1 i2 i3 i4 i5 i6 i7 sum lanes blocks exp log pow sqrt tanh erf floor abs main y0 y1 yn j0 j1 jn gamma index"
  ).split(" "),
);

/** Text that can stand beside an operator as it is. */
export const isAtom = (text: string): boolean =>
  /^(-?[\w.]+|-?\d[\d.]*e[-+]?\d+f?|\w+\[[^[\]]*\]|\w+\([^()]*\))$/.test(text);

export const atom = (text: string): string => (isAtom(text) ? text : `(${text})`);

export const indent = (lines: readonly string[]): string[] => lines.map((line) => (line === "" ? "" : `  ${line}`));

/** Comment text cannot end the comment. */
export const comment = (text: string): string => `/* ${text.replaceAll("*/", "* /")} */`;
