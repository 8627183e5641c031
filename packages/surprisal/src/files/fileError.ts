/** Trouble with the file system, in words: each errno that a save or a load meets has a code and a way out. */
import { SurprisalError } from "../base/errors.ts";

/** A file that cannot be read or written. The system's own error is the `cause`. */
export class FileError extends SurprisalError {
  readonly path: string;
  /** What the system said: `"ENOSPC"`. */
  readonly errno: string | undefined;

  constructor(
    code: string,
    parts: { received: string; expected: string; hint: string },
    path: string,
    options: ErrorOptions & { errno?: string | undefined } = {},
  ) {
    super(code, parts, options);
    this.path = path;
    this.errno = options.errno;
  }

  override get name(): string {
    return "FileError";
  }
}

interface Trouble {
  readonly code: string;
  /** Why, as the second half of "… could not be saved, but …". */
  readonly why: string;
  readonly hint: string;
}

const permission: Trouble = {
  code: "permission-denied",
  why: "the system does not permit it",
  hint: "Choose another folder, or change its permissions.",
};
const tooManyFiles: Trouble = {
  code: "too-many-open-files",
  why: "too many files are open",
  hint: "Close some, or raise the limit (ulimit -n), and try again.",
};
const troubles: ReadonlyMap<string, Trouble> = new Map([
  [
    "ENOSPC",
    { code: "no-space", why: "the disk is full", hint: "Free some space or choose another disk, and save again." },
  ],
  [
    "EDQUOT",
    { code: "quota-exceeded", why: "your disk quota is used up", hint: "Free some space or choose another disk." },
  ],
  ["EACCES", permission],
  ["EPERM", permission],
  ["EROFS", { code: "read-only", why: "the disk is mounted read-only", hint: "Choose a folder that can be written." }],
  [
    "ENOENT",
    { code: "not-found", why: "no such file or folder exists", hint: "Check the path; make the folder first." },
  ],
  ["ENOTDIR", { code: "not-found", why: "a part of the path is not a folder", hint: "Check the path." }],
  ["EISDIR", { code: "not-a-file", why: "it is a folder", hint: "Give the path of a file." }],
  ["EMFILE", tooManyFiles],
  ["ENFILE", tooManyFiles],
  ["ENAMETOOLONG", { code: "name-too-long", why: "the name is too long", hint: "Choose a shorter one." }],
  ["ELOOP", { code: "link-loop", why: "its symbolic links lead nowhere", hint: "Give the path of the file itself." }],
  ["EFBIG", { code: "too-big", why: "the file system takes no file so big", hint: "Choose another disk." }],
  ["EIO", { code: "io", why: "the disk reported a fault", hint: "Check the disk and its connection, and try again." }],
]);

/** The errno of a system's error, if it is one. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** The error for a system call that failed. `received` is a clause: `"m.safetensors could not be saved"`. */
export function fileError(path: string, received: string, cause: unknown): FileError {
  if (cause instanceof FileError) return cause;
  const errno = errnoOf(cause);
  const { code, why, hint } = troubles.get(errno ?? "") ?? {
    code: "failed",
    why: `the system answered ${errno ?? JSON.stringify(String(cause))}`,
    hint: "Try again, or choose another folder.",
  };
  return new FileError(`file/${code}`, { received, expected: why, hint }, path, { cause, errno });
}
