/** Compiles C programs with the machine's compiler and runs them, each in a memory of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The first C compiler that answers; undefined where there is none. */
export const compiler: string | undefined = ["cc", "gcc", "clang"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

/** Why tests are skipped where there is no compiler. */
export const withoutCompiler = "no C compiler: cc, gcc and clang were looked for";

export interface Compiled {
  readonly text: string;
  /** What its memory holds at first. */
  readonly memory: Uint8Array;
}

/** One program is compiled as users are told to; of many, only the bits count, and compiling is what takes long. */
const optimise = (count: number): string => (count === 1 ? "-O2" : "-O0");
const flags = ["-std=c99", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"];

/** Runs each program `times` times, one after another; gives their memories afterwards. */
export function runC(programs: readonly Compiled[], times: number): Uint8Array[] {
  const folder = mkdtempSync(join(tmpdir(), "surprisal-c-"));
  try {
    // `run` gets a name for each program, the rest is `static`.
    programs.forEach(({ text }, i) => {
      writeFileSync(
        join(folder, `program${i}.c`),
        `#define run run${i}\nvoid run${i}(unsigned char *memory);\n${text}`,
      );
    });
    writeFileSync(join(folder, "main.c"), driver(programs, times));
    const sources = ["main.c", ...programs.map((_, i) => `program${i}.c`)];
    command(folder, compiler as string, [...flags, optimise(programs.length), "-o", "all", ...sources, "-lm"]);
    const all = new Uint8Array(programs.reduce((sum, { memory }) => sum + memory.length, 0));
    let at = 0;
    for (const { memory } of programs) {
      all.set(memory, at);
      at += memory.length;
    }
    writeFileSync(join(folder, "memory"), all);
    command(folder, join(folder, "all"), ["memory"]);
    const after = new Uint8Array(readFileSync(join(folder, "memory")));
    at = 0;
    return programs.map(({ memory }) => after.slice(at, (at += memory.length)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function command(folder: string, name: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(name, words, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} ended with ${status}\n${stderr.slice(0, 4000)}`);
}

function driver(programs: readonly Compiled[], times: number): string {
  const names = programs.map((_, i) => `run${i}`);
  return `#include <stdio.h>
#include <stdlib.h>

${names.map((name) => `void ${name}(unsigned char *memory);`).join("\n")}

static void (*const programs[])(unsigned char *) = {${names.join(", ")}};
static const size_t sizes[] = {${programs.map(({ memory }) => memory.length).join(", ")}};

int main(int count, char **words) {
  FILE *file = count > 1 ? fopen(words[1], "r+b") : NULL;
  if (file == NULL) return 2;
  long at = 0;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    unsigned char *raw = malloc(sizes[i] + 64);
    if (raw == NULL) return 3;
    unsigned char *memory = raw + (64 - (size_t)raw % 64);
    if (fseek(file, at, SEEK_SET) != 0 || fread(memory, 1, sizes[i], file) != sizes[i]) return 4;
    for (int time = 0; time < ${times}; time++) programs[i](memory);
    if (fseek(file, at, SEEK_SET) != 0 || fwrite(memory, 1, sizes[i], file) != sizes[i]) return 5;
    at += (long)sizes[i];
    free(raw);
  }
  return fclose(file);
}
`;
}
