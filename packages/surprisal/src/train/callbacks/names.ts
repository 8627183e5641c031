/** Names of columns as callbacks take them. */
import { InvalidArgumentError, unknownName } from "../../base/errors.ts";
import type { CallbackContext } from "../contract.ts";

/** `val_loss` → `valLoss`: columns are camelCase, and Keras's spelling is understood. */
export const columnName = (name: string): string => name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

/** @throws UnknownNameError unless the run's logs will hold the column. */
export function requireColumn(callback: string, column: string, { columns }: CallbackContext): void {
  if (columns.includes(column)) return;
  if (column.startsWith("val") && !columns.some((c) => c.startsWith("val"))) {
    throw new InvalidArgumentError(`${kebab(callback)}/no-validation`, {
      received: `${callback} monitors ${column}`,
      expected: "this run measures no validation rows",
      hint: `Pass validationSplit or validationData to fit, or monitor: "loss".`,
    });
  }
  throw unknownName("column", column, columns);
}

export const kebab = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
