/** What is to be predicted: two classes, several, or a number; found out from the target column, with the reason. */
import { chooseLoss, DataError, InvalidArgumentError, type LossTask, suggestNames } from "surprisal";
import { valuesOf } from "./columns/convert.ts";
import { type Column, columnNamed, plainValue, type Table } from "./table/table.ts";

export const tasks = ["binary", "multiclass", "regression"] as const;
export type Task = (typeof tasks)[number];
export type Label = string | number | boolean;

export interface Target {
  readonly name: string;
  readonly task: Task;
  /** Why this task: "text with 3 different values". */
  readonly reason: string;
  /** Rows of the table that have a target, in order. */
  readonly rows: Int32Array;
  /** One for each of `rows`. */
  readonly values: Float64Array | readonly Label[];
}

/** More classes than this share of the rows are no classes. */
const mostClassShare = 0.5;

/** The target column. @throws DataError with the nearest name when there is none. */
export function targetColumn(table: Table, name: string): Column {
  const column = columnNamed(table, name);
  if (column !== undefined) return column;
  throw new DataError(
    "table/no-such-target",
    {
      received: `the target ${JSON.stringify(name)} was asked for`,
      expected: `${table.file} has no such column`,
      hint: suggestNames(
        name,
        table.columns.map((known) => known.name),
      ),
    },
    { file: table.file, column: name },
  );
}

/** @throws DataError for a target that nothing can be learnt from; InvalidArgumentError for a task that does not suit it. */
export function detectTask(table: Table, name: string, asked?: Task): Target {
  const column = targetColumn(table, name);
  const { data } = column;
  if (data.kind === "nested" || data.kind === "date") {
    const held = data.kind === "date" ? "dates" : "lists or records";
    throw useless(
      table,
      name,
      "target-kind",
      `holds ${held}`,
      "a target is numbers, text or true and false",
      "Choose another column.",
    );
  }
  const all = Array.from({ length: table.rows }, (_, row) => plainValue(data, row));
  const rows = Int32Array.from(all.flatMap((value, row) => (value === null ? [] : [row])));
  const present = all.filter((value): value is Label => value !== null);
  const distinct = new Set(present).size;
  if (distinct === 0)
    throw useless(
      table,
      name,
      "empty-target",
      "has no values",
      "rows need a target to learn from",
      "Choose another column.",
    );
  if (distinct === 1) {
    throw useless(
      table,
      name,
      "one-class",
      `is ${JSON.stringify(present[0])} in every row`,
      "there is nothing to tell apart",
      "Choose another column, or add rows of other kinds.",
    );
  }
  const found = data.kind === "number" ? ofNumbers(present as number[], distinct) : ofClasses(data.kind, distinct);
  const task = asked ?? found.task;
  const reason = asked === undefined || asked === found.task ? found.reason : "as asked";
  if (task === "regression") {
    // Text that is no number is refused here, with its row.
    const values = valuesOf(column, "number", table.file);
    return { name, task, reason, rows, values: Float64Array.from(rows, (row) => values[row] as number) };
  }
  if (task === "binary" && distinct !== 2) {
    throw new InvalidArgumentError("cli/task", {
      received: `--task binary was asked for, and ${JSON.stringify(name)} has ${distinct} different values`,
      expected: "binary means two",
      hint: "Use --task multiclass, or leave it out.",
    });
  }
  if (distinct > mostClassShare * present.length && distinct > 2) {
    throw useless(
      table,
      name,
      "too-many-classes",
      `has ${distinct} different values in ${present.length} rows`,
      "a class needs several rows",
      data.kind === "number" ? "Use --task regression." : "Choose another column.",
    );
  }
  return { name, task, reason, rows, values: present };
}

function ofClasses(kind: string, distinct: number): { task: Task; reason: string } {
  const what = kind === "boolean" ? "true and false" : `text with ${distinct} different values`;
  return { task: distinct === 2 ? "binary" : "multiclass", reason: what };
}

/** The task of the command line that a task of `chooseLoss` is one of. */
export function taskOf(task: LossTask): Task {
  if (task === "binary") return task;
  return task === "multiclass" || task === "ordinal" ? "multiclass" : "regression";
}

/** Few whole numbers, each of them often, are classes: `chooseLoss` has the rule. */
function ofNumbers(values: readonly number[], distinct: number): { task: Task; reason: string } {
  // An infinite number is refused where its row is known.
  const task = values.every(Number.isFinite) ? taskOf(chooseLoss({ target: values }).task) : "regression";
  const reasons: Readonly<Record<Task, string>> = {
    binary: "two whole numbers",
    multiclass: `${distinct} different whole numbers; --task regression takes them as amounts`,
    regression: `numbers with ${distinct} different values`,
  };
  return { task, reason: reasons[task] };
}

function useless(
  table: Table,
  name: string,
  code: string,
  received: string,
  expected: string,
  hint: string,
): DataError {
  const parts = { received: `the target ${JSON.stringify(name)} of ${table.file} ${received}`, expected, hint };
  return new DataError(`table/${code}`, parts, { file: table.file, column: name });
}
