/**
 * The arrays of a loss in what is given for them. A model has one output and one target array: where all arrays of a loss have the same
 * axes, the last axis of that one array is cut into equal parts, in the order of the definition. So a layer of two units serves a
 * Gaussian's mean and variance, and targets of two columns a time and an event.
 */
import { InvalidArgumentError, unknownName } from "../base/errors.ts";
import { type Shape, showShape, sizeOf } from "../base/shape.ts";
import { type Node, slice } from "../graph/index.ts";
import type { Arrays } from "./arrays.ts";

/** Something for each array. */
export type Parts<T> = Readonly<Record<string, T>>;

/** The names of the parts that one array is cut into; undefined where the arrays differ in their axes. */
function cuts(specs: Arrays): readonly string[] | undefined {
  const order = Object.keys(specs);
  const isSecond = (name: string, other: string | undefined) =>
    other !== undefined && order.indexOf(other) < order.indexOf(name);
  const needed = Object.entries(specs).filter(([name, spec]) => !spec.optional && !isSecond(name, spec.orElse));
  const same = needed.every(([, { axes }]) => axes === needed[0]?.[1].axes);
  return same ? needed.map(([name]) => name) : undefined;
}

/** @throws InvalidArgumentError where one array cannot be several. */
function namesOf(loss: string, specs: Arrays, shape: Shape, what: string): readonly string[] {
  const names = Object.keys(specs);
  if (names.length < 2) return names;
  const parts = cuts(specs);
  if (parts !== undefined && (shape.at(-1) ?? 0) % parts.length === 0 && shape.length > 0) return parts;
  const list = names.map((name) => `${name} [${(specs[name] as { axes: string }).axes.split(" ").join(", ")}]`);
  throw new InvalidArgumentError("loss/several-arrays", {
    received: `${loss} was given one ${what} of shape ${showShape(shape)}`,
    expected: `it takes ${list.join(", ")}`,
    hint:
      parts === undefined
        ? "Pass an object of arrays; these have different axes, so that one output of a model cannot hold them."
        : `Pass an object of arrays, or one with a last axis of ${parts.length} equal parts (${parts.join(", ")}).`,
  });
}

const partShape = (shape: Shape, count: number): Shape =>
  count < 2 ? shape : [...shape.slice(0, -1), (shape.at(-1) as number) / count];

/** Shapes of the parts of one array. */
export function shapesOf(loss: string, specs: Arrays, shape: Shape, what: string): Parts<Shape> {
  const names = namesOf(loss, specs, shape, what);
  return Object.fromEntries(names.map((name) => [name, partShape(shape, names.length)]));
}

/** Numbers of the parts of one array. */
export function valuesOf(specs: Arrays, values: ArrayLike<number>, shape: Shape): Parts<ArrayLike<number>> {
  const names = Object.keys(specs).length < 2 ? Object.keys(specs) : (cuts(specs) as readonly string[]);
  if (names.length < 2) return Object.fromEntries(names.map((name) => [name, values]));
  const whole = shape.at(-1) as number;
  const width = whole / names.length;
  return Object.fromEntries(
    names.map((name, part) => [
      name,
      Float64Array.from({ length: sizeOf(shape) / names.length }, (_, i) => {
        const row = Math.floor(i / width);
        return values[row * whole + part * width + (i % width)] as number;
      }),
    ]),
  );
}

/** Nodes for the arrays: given by name, or as one. */
export function nodesOf(loss: string, specs: Arrays, given: Node | Parts<Node>, what: string): Parts<Node> {
  if (!isNode(given)) return partsOf(loss, specs, given, what);
  const names = namesOf(loss, specs, given.shape, what);
  if (names.length < 2) return Object.fromEntries(names.map((name) => [name, given]));
  const size = partShape(given.shape, names.length);
  const width = size.at(-1) as number;
  return Object.fromEntries(
    names.map((name, part) => [name, slice(given, [...size.slice(0, -1).map(() => 0), part * width], size)]),
  );
}

const isNode = (given: Node | Parts<Node>): given is Node => "op" in given && Array.isArray((given as Node).inputs);

/**
 * Things by name, in the order of the definition.
 * @throws UnknownNameError, InvalidArgumentError for one that is missing.
 */
export function partsOf<T>(loss: string, specs: Arrays, given: Parts<T>, what: string): Parts<T> {
  const strange = Object.keys(given).find((name) => !Object.hasOwn(specs, name));
  if (strange !== undefined) throw unknownName(`${loss} array`, strange, Object.keys(specs));
  const has = (name: string | undefined) => name !== undefined && given[name] !== undefined;
  const missing = Object.keys(specs).find((name) => !specs[name]?.optional && !has(name) && !has(specs[name]?.orElse));
  const twice = Object.keys(specs).find((name) => has(name) && has(specs[name]?.orElse));
  if (twice !== undefined) {
    throw new InvalidArgumentError("loss/array-twice", {
      received: `${loss} was given both ${twice} and ${specs[twice]?.orElse}`,
      expected: "one stands in place of the other",
      hint: "Keep the one that the model predicts.",
    });
  }
  if (missing !== undefined) {
    throw new InvalidArgumentError("loss/missing-array", {
      received: `${loss} was given ${what} without ${missing}`,
      expected: `it needs ${missing}: ${specs[missing]?.doc}`,
      hint:
        what === "inputs"
          ? `Pass it as an option of evaluate; a model's fit has no such array.`
          : `Pass ${what} as an object that holds ${Object.keys(specs).join(", ")}.`,
    });
  }
  const present = Object.keys(specs).filter((name) => given[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, given[name] as T]));
}
