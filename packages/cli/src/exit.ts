/** Exit codes, and which error ends with which. */
import {
  AbortError,
  DataError,
  DTypeError,
  FileError,
  InvalidArgumentError,
  ModelFileError,
  NumericError,
  ShapeError,
  SurprisalError,
  UnknownNameError,
} from "surprisal";

export const exit = {
  done: 0,
  gate: 1,
  usage: 2,
  data: 3,
  diverged: 4,
  modelFile: 5,
  bug: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** The first that fits. */
const kinds: readonly (readonly [new (...args: never[]) => Error, ExitCode])[] = [
  [DataError, exit.data],
  [ShapeError, exit.data],
  [DTypeError, exit.data],
  [NumericError, exit.diverged],
  [ModelFileError, exit.modelFile],
  [FileError, exit.modelFile],
  [AbortError, exit.interrupted],
  [InvalidArgumentError, exit.usage],
  [UnknownNameError, exit.usage],
  [SurprisalError, exit.usage],
];

export function exitCodeOf(error: unknown): ExitCode {
  return kinds.find(([kind]) => error instanceof kind)?.[1] ?? exit.bug;
}
