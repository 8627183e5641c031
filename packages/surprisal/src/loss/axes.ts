/**
 * Shapes in words: "N D" is a matrix, "... D" any array with a last axis D, "N T U+1 C" ties the third axis to another's U.
 * An axis of the same name has the same length in all arrays of a loss; "4" is four.
 */
import { ShapeError } from "../base/errors.ts";
import { type Shape, sameShape, showShape } from "../base/shape.ts";

interface Axes {
  /** Whether any number of axes may come first. */
  readonly open: boolean;
  readonly names: readonly string[];
}

export function parseAxes(text: string): Axes {
  const words = text.split(" ").filter((word) => word !== "");
  const open = words[0] === "...";
  return { open, names: open ? words.slice(1) : words };
}

/** Lengths of axes, as far as they are known. */
export class AxisLengths {
  private readonly lengths = new Map<string, number>();
  private leading: Shape | undefined;
  private readonly loss: string;

  constructor(loss: string) {
    this.loss = loss;
  }

  /** Of an axis that an array had; `"K+1"` is one more than K. */
  of(name: string): number {
    const [base, more] = name.split("+");
    return (this.lengths.get(base as string) ?? Number(base)) + Number(more ?? 0);
  }

  /** The shape that axes stand for. */
  shape(text: string): Shape {
    const { open, names } = parseAxes(text);
    return [...(open ? (this.leading ?? []) : []), ...names.map((name) => this.of(name))];
  }

  /**
   * The shape that an array must be read in. Axes of length 1 at the end are left off or added where that makes it fit.
   * @throws ShapeError when it does not.
   */
  match(what: string, text: string, given: Shape): Shape {
    const { open, names } = parseAxes(text);
    for (const shape of this.readings(given, open, names.length)) {
      if (!this.fits(shape, open, names)) continue;
      if (open) this.leading ??= shape.slice(0, shape.length - names.length);
      names.forEach((name, i) => {
        this.learn(name, shape.at(i - names.length) as number);
      });
      return shape;
    }
    throw this.mismatch(what, text, given);
  }

  /** The given shape, and those that hold the same numbers with axes of 1 at the end. */
  private readings(given: Shape, open: boolean, count: number): Shape[] {
    const rank = open ? (this.leading?.length ?? given.length - count) + count : count;
    const bare = [...given];
    while (bare.length > rank && bare.at(-1) === 1) bare.pop();
    while (bare.length < rank) bare.push(1);
    return [given, bare];
  }

  private fits(shape: Shape, open: boolean, names: readonly string[]): boolean {
    const first = shape.length - names.length;
    if (first < 0 || (!open && first > 0)) return false;
    if (open && this.leading !== undefined && !sameShape(shape.slice(0, first), this.leading)) return false;
    const seen = new Map<string, number>();
    return names.every((name, i) => {
      const length = shape[first + i] as number;
      const known = Number.isNaN(this.of(name)) ? seen.get(name) : this.of(name);
      seen.set(name, length);
      return known === undefined || known === length;
    });
  }

  private learn(name: string, length: number): void {
    const [base, more] = name.split("+");
    if (Number.isNaN(Number(base))) this.lengths.set(base as string, length - Number(more ?? 0));
  }

  private mismatch(what: string, text: string, given: Shape): ShapeError {
    const known = [...this.lengths].map(([name, length]) => `${name} = ${length}`);
    if (this.leading !== undefined) known.unshift(`... = ${showShape(this.leading)}`);
    return new ShapeError("loss/array-shape", {
      received: `${this.loss} was given ${what} of shape ${showShape(given)}`,
      expected: `it takes [${text.split(" ").join(", ")}]${known.length > 0 ? ` with ${known.join(", ")}` : ""}`,
      hint: "Axes of one name have one length in all arrays; nothing is broadcast.",
    });
  }
}

/** Whether axes begin with other axes: a matrix "N D" with the rows "N". */
export function beginWith(text: string, first: string): boolean {
  return first !== "" && `${text} `.startsWith(`${first} `);
}
