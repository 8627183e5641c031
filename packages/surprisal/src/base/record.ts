/** Records of known fields, as configurations are made of: each field looked up by its own name, no other taken. */
import { InvalidArgumentError } from "./errors.ts";
import { kebab, showValue } from "./parameters.ts";

/**
 * The fields of a record.
 * @param what names it in messages: `"optimizer config"`
 * @param needed fields that must be there
 * @param others fields that may be there
 * @throws InvalidArgumentError for anything but a record, a field that is missing and one that is not known.
 */
export function readRecord<N extends string, O extends string = never>(
  value: unknown,
  what: string,
  needed: readonly N[],
  others: readonly O[] = [],
): { readonly [K in N]: unknown } & { readonly [K in O]?: unknown } {
  const fault = (received: string) =>
    new InvalidArgumentError(`${kebab(what)}/fields`, {
      received,
      expected: `it is a record of ${[...needed, ...others.map((name) => `${name} (optional)`)].join(", ")}`,
      hint: "Pass what toConfig() returned.",
    });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fault(`${showValue(value)} was given as ${what}`);
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const known: readonly string[] = [...needed, ...others];
  const strange = Object.keys(fields).find((name) => !known.includes(name));
  if (strange !== undefined) throw fault(`the ${what} has a field ${showValue(strange)}`);
  const missing = needed.find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) throw fault(`the ${what} has no ${missing}`);
  return fields as { readonly [K in N]: unknown } & { readonly [K in O]?: unknown };
}

/** Whether a value is an object with fields, not a list and not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
