/** The elementary functions as C functions, by writing down what they do to a name. */
import type { DType, FloatDType } from "../../base/dtype.ts";
import { elementary } from "../../compile/elementary/index.ts";
import type { Call, Primitive } from "../../compile/kernel.ts";
import { type Scalars, scalarsBy } from "../../compile/scalars.ts";
import type { Helpers } from "./helpers.ts";
import { operation } from "./operations.ts";
import { cNumber, cType, suffix } from "./words.ts";

const parameters = ["x", "y"];

/** The name of the C function for a call, where there is one. */
export function functionOf(helpers: Helpers, { name, args }: Call, dtype: DType): string | undefined {
  if (name === "threefry") return helpers.use("threefry", dtype);
  const f = Object.hasOwn(elementary, name) ? elementary[name as keyof typeof elementary] : undefined;
  if (f === undefined || (dtype !== "float32" && dtype !== "float64")) return undefined;
  const called = `${name}_${suffix(dtype)}`;
  return helpers.define(called, () => {
    const writer = new StatementScalars(helpers, dtype);
    const given = parameters.slice(0, args.length);
    const result = f(writer.scalars, ...given);
    const type = cType(dtype);
    const takes = given.map((parameter) => `${type} ${parameter}`).join(", ");
    return [`static ${type} ${called}(${takes}) {`, ...writer.lines, `  return ${result};`, "}"].join("\n");
  });
}

/** Writes a statement for each operation and gives the name of its result. */
class StatementScalars {
  readonly lines: string[] = [];
  readonly scalars: Scalars<string>;
  readonly #masks = new Set<string>();
  readonly #helpers: Helpers;
  readonly #precision: FloatDType;

  constructor(helpers: Helpers, precision: FloatDType) {
    this.#helpers = helpers;
    this.#precision = precision;
    this.scalars = scalarsBy<string>(precision, {
      constant: (x) => cNumber(precision === "float32" ? Math.fround(x) : x, precision),
      select: (m, a, b) => this.#state("select", [m, a, b], this.#masks.has(a) ? "bool" : precision, "bool"),
      of: (op, args, dtype, from) => this.#state(op, args, dtype, from),
    });
  }

  #state(op: Primitive, args: readonly string[], dtype: DType, from: DType): string {
    const name = `${dtype === "bool" ? "is" : "v"}${this.lines.length}`;
    if (dtype === "bool") this.#masks.add(name);
    const type = dtype === "bool" ? "int" : cType(this.#precision);
    this.lines.push(`  const ${type} ${name} = ${operation(this.#helpers, { op, args, dtype, from })};`);
    return name;
  }
}
