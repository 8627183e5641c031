/** `model-{epoch:03d}-{valLoss:.2f}.safetensors`: a path with the epoch's numbers in it. */
import { InvalidArgumentError, unknownName } from "../../base/errors.ts";
import type { Logs } from "../history.ts";
import { columnName } from "./names.ts";

/** A field: a name and, after a colon, zero-padded width `03d` or decimals `.2f` / `.2e`. */
const field = /\{([A-Za-z_]\w*)(?::([^{}]*))?\}/g;

function write(value: number, format: string): string {
  const padded = /^(0?)(\d*)d$/.exec(format);
  if (padded !== null) return String(Math.round(value)).padStart(Number(padded[2] || 0), padded[1] === "0" ? "0" : " ");
  const decimals = /^\.(\d{1,2})([fe])$/.exec(format);
  if (decimals !== null) {
    const digits = Number(decimals[1]);
    return decimals[2] === "f" ? value.toFixed(digits) : value.toExponential(digits);
  }
  if (format === "") return String(value);
  throw new InvalidArgumentError("model-checkpoint/format", {
    received: `the path holds the format ":${format}"`,
    expected: "known are :02d for whole numbers, :.3f and :.2e for others",
    hint: "Write e.g. {epoch:02d} or {valLoss:.3f}.",
  });
}

/** Fills the fields. The epoch counts from 1 here. @throws UnknownNameError for a name that the logs do not hold. */
export function fillPath(template: string, epoch: number, logs: Logs): string {
  const values: Record<string, number> = { ...logs, epoch: epoch + 1 };
  return template.replace(field, (_, name: string, format = "") => {
    const value = values[columnName(name)];
    if (value === undefined) throw unknownName("column in the path", name, Object.keys(values));
    return write(value, format);
  });
}
