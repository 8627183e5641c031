/** Limits that a result must keep: `--min accuracy=.9`, `--max mae=3`. */
import { InvalidArgumentError, suggestNames } from "surprisal";

export interface Gate {
  readonly figure: string;
  readonly limit: "min" | "max";
  readonly value: number;
}

export interface GateResult extends Gate {
  readonly found: number;
  readonly passed: boolean;
}

/** `accuracy=.9` */
export function parseGate(limit: "min" | "max", text: string): Gate {
  const [, figure, number] = /^\s*([A-Za-z][\w-]*)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
  const value = number === undefined ? Number.NaN : Number(number);
  if (figure !== undefined && Number.isFinite(value)) return { figure, limit, value };
  throw new InvalidArgumentError("cli/gate", {
    received: `--${limit} ${text} was given`,
    expected: "a figure and its limit are needed",
    hint: `Write e.g. --${limit} ${limit === "min" ? "accuracy=.9" : "loss=.3"}.`,
  });
}

/** @throws InvalidArgumentError for a figure that this task does not have. */
export function checkGateNames(gates: readonly Gate[], figures: readonly string[]): void {
  const unknown = gates.find(({ figure }) => !figures.includes(figure));
  if (unknown === undefined) return;
  throw new InvalidArgumentError("cli/gate", {
    received: `--${unknown.limit} names the figure ${JSON.stringify(unknown.figure)}`,
    expected: "this task has no such figure",
    hint: suggestNames(unknown.figure, figures),
  });
}

/** NaN passes no gate. */
export function applyGates(gates: readonly Gate[], figures: Readonly<Record<string, number>>): GateResult[] {
  return gates.map((gate) => {
    const found = figures[gate.figure] ?? Number.NaN;
    return { ...gate, found, passed: gate.limit === "min" ? found >= gate.value : found <= gate.value };
  });
}
