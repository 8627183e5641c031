/** A date as numbers that a model can use: the year as a line, the season (and the hour) as a circle. */

const dayLength = 86_400_000;

export const dateParts = ["year", "season sin", "season cos"] as const;
export const timeParts = ["hour sin", "hour cos"] as const;

/** Whether a column has times of day. */
export function hasTimes(values: Float64Array): boolean {
  return values.some((value) => !Number.isNaN(value) && value % dayLength !== 0);
}

/** Columns in the order of `dateParts`, then `timeParts` if wanted; NaN where the date is missing. In UTC. */
export function datesAsNumbers(values: Float64Array, withTimes: boolean): Float64Array[] {
  const parts = [...dateParts, ...(withTimes ? timeParts : [])].map(() => new Float64Array(values.length));
  values.forEach((value, row) => {
    const set = (part: number, number: number) => {
      const column = parts[part];
      if (column !== undefined) column[row] = number;
    };
    const year = new Date(value).getUTCFullYear();
    const start = Date.UTC(year, 0, 1);
    const season =
      (2 * Math.PI * (Math.floor(value / dayLength) * dayLength - start)) / (Date.UTC(year + 1, 0, 1) - start);
    const hour = (2 * Math.PI * (value - Math.floor(value / dayLength) * dayLength)) / dayLength;
    [year, Math.sin(season), Math.cos(season), Math.sin(hour), Math.cos(hour)].forEach((number, part) => {
      set(part, number);
    });
  });
  return parts;
}
