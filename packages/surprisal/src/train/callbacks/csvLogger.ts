import type { Callback } from "../contract.ts";

/** What `csvLogger` takes besides the path. */
export interface CsvLoggerOptions {
  /** Between fields. Default a comma. */
  readonly separator?: string;
  /** Add to the file, without a header, as when a run goes on. Default false: the file starts anew. */
  readonly append?: boolean;
}

/**
 * Writes one line an epoch to a file: `epoch` (from 0) and every column the run may have, `NA` where an epoch did not measure it.
 * Numbers have the digits that give them back exactly.
 */
export function csvLogger(path: string, { separator = ",", append = false }: CsvLoggerOptions = {}): Callback {
  let columns: readonly string[] = [];
  return {
    name: "csvLogger",
    async onTrainBegin(context) {
      columns = context.columns;
      if (!append) await context.appendText(path, `${["epoch", ...columns].join(separator)}\n`, { truncate: true });
    },
    async onEpochEnd(epoch, logs, context) {
      const fields = columns.map((column) => (logs[column] === undefined ? "NA" : String(logs[column])));
      await context.appendText(path, `${[epoch, ...fields].join(separator)}\n`, { truncate: false });
    },
  };
}
