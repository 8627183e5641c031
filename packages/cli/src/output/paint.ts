/** Colour, where it is wanted: on a terminal, unless NO_COLOR is set or an option says otherwise. */

export type Paint = Readonly<Record<"bold" | "dim" | "red" | "green" | "yellow" | "cyan", (text: string) => string>>;

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export function paint(on: boolean): Paint {
  const one =
    ([start, end]: readonly [number, number]) =>
    (text: string) =>
      on ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return Object.fromEntries(Object.entries(codes).map(([name, code]) => [name, one(code)])) as Paint;
}

/** `asked`: --color or --no-color; undefined when neither was given. */
export function wantsColor(
  asked: boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (asked !== undefined) return asked;
  if ((environment.NO_COLOR ?? "") !== "") return false;
  return isTerminal && environment.TERM !== "dumb";
}
