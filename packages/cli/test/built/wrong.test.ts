/** What ends with which exit code, and that nothing is lost. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { csv, dataset, testFolder, write } from "../files.ts";
import { surprisal } from "./program.ts";

const folder = testFolder();
const penguins = dataset("penguins.json");
const sides = csv(
  Array.from({ length: 60 }, (_, i) => ({ x: (i % 2 ? 1 : -1) + Math.sin(i) / 4, side: i % 2 ? "right" : "left" })),
);
write(folder, "sides.csv", sides);
mkdirSync(join(folder, "folder.csv"));
write(folder, "empty.csv", "");
write(folder, "header.csv", "x,side\n");
write(folder, "ragged.csv", "x,side\n1,left\n2\n");
write(folder, "one-class.csv", "x,side\n1,left\n2,left\n3,left\n");
write(folder, "one-row.csv", "x,side\n1,left\n");
write(folder, "infinite.csv", sides.replace(/^[^,\n]+,right/m, "inf,right"));
write(folder, "not-a-model.safetensors", "hello");

const cases: readonly [what: string, code: number, error: string, words: readonly string[]][] = [
  ["no target", 2, "cli/usage", ["fit", "sides.csv"]],
  ["an unknown option", 2, "cli/usage", ["fit", "sides.csv", "-t", "side", "--eposh", "3"]],
  ["an unknown command", 2, "cli/usage", ["fitt", "sides.csv"]],
  ["no table", 2, "cli/usage", ["fit", "-t", "side"]],
  ["too many tables", 2, "cli/usage", ["fit", "sides.csv", "more.csv", "-t", "side"]],
  ["epochs of none", 2, "cli/option", ["fit", "sides.csv", "-t", "side", "--epochs", "0"]],
  ["an unknown loss", 2, "loss/unknown-name", ["fit", "sides.csv", "-t", "side", "--loss", "crossentrapy"]],
  ["a loss of another task", 2, "cli/loss", ["fit", "sides.csv", "-t", "side", "--loss", "mse"]],
  ["an unknown optimizer", 2, "optimizer/unknown-name", ["fit", "sides.csv", "-t", "side", "--optimizer", "adamm"]],
  ["an unknown figure", 2, "cli/gate", ["fit", "sides.csv", "-t", "side", "--min", "precision=1"]],
  ["weights of a regression", 2, "cli/weights", ["fit", "sides.csv", "-t", "x", "--weights", "balanced"]],
  [
    "a folder to save in that is not there",
    2,
    "cli/out",
    ["fit", "sides.csv", "-t", "side", "-o", "nowhere/m.safetensors"],
  ],
  [
    "a column to ignore that is not there",
    2,
    "cli/no-such-column",
    ["fit", "sides.csv", "-t", "side", "--ignore", "z"],
  ],
  ["a target that is not there", 3, "table/no-such-target", ["fit", "sides.csv", "-t", "sied"]],
  ["a file that is not there", 3, "table/not-found", ["fit", "nowhere.csv", "-t", "side"]],
  ["a folder", 3, "table/folder", ["fit", "folder.csv", "-t", "side"]],
  ["an empty file", 3, "table/empty", ["fit", "empty.csv", "-t", "side"]],
  ["zero rows", 3, "table/no-rows", ["fit", "header.csv", "-t", "side"]],
  ["a ragged row", 3, "table/ragged", ["fit", "ragged.csv", "-t", "side"]],
  ["one class", 3, "table/one-class", ["fit", "one-class.csv", "-t", "side"]],
  ["one row", 3, "table/one-class", ["fit", "one-row.csv", "-t", "side"]],
  ["an infinite number", 3, "table/not-a-number", ["fit", "infinite.csv", "-t", "side"]],
  ["words as amounts", 3, "table/not-a-number", ["fit", "sides.csv", "-t", "side", "--task", "regression"]],
  [
    "a rate that diverges",
    4,
    "train/diverged",
    ["fit", "sides.csv", "-t", "x", "--optimizer", "sgd", "--learning-rate", "1e20", "-o", "diverged.safetensors"],
  ],
  ["a model that is none", 5, "", ["predict", "not-a-model.safetensors", "sides.csv"]],
  ["a model that is not there", 5, "file/not-found", ["predict", "nowhere.safetensors", "sides.csv"]],
  ["a table as a model", 5, "", ["evaluate", "sides.csv", "sides.csv"]],
];

describe("ends with its own code", () => {
  test.each(cases)("%s: %i", (_, code, error, words) => {
    const ran = surprisal(folder, [...words, "--json"]);
    expect(ran.status, ran.stderr).toBe(code);
    const record = ran.json.error;
    expect(Object.keys(record).sort()).toEqual(["code", "expected", "hint", "message", "received"]);
    if (error !== "") expect(record.code).toBe(error);
    expect(record.message).toBe(`${record.received}, but ${record.expected}. ${record.hint}`);
    expect(ran.stderr).not.toContain("    at ");
    const said = surprisal(folder, words);
    expect([said.status, said.stdout]).toEqual([code, ""]);
    expect(said.stderr).toContain(record.received);
    expect(said.stderr).toContain(record.hint);
  });

  test("all of them were tried", () => {
    expect(cases).toHaveLength(27);
    expect(existsSync(join(folder, "diverged.safetensors"))).toBe(false);
  });

  test("a failed gate is 1, and the model is kept", () => {
    const ran = surprisal(folder, ["fit", penguins, "-t", "Species", "--min", "accuracy=1.01", "--epochs", "2"]);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("gate failed: accuracy is");
    expect(existsSync(join(folder, "penguins.safetensors"))).toBe(true);
  });

  test("help and version are 0; nothing at all is 2 and shows the help", () => {
    for (const words of [["--help"], ["fit", "--help"], ["help", "predict"], ["--version"]]) {
      const ran = surprisal(folder, words);
      expect([ran.status, ran.stderr]).toEqual([0, ""]);
      expect(ran.stdout).not.toBe("");
    }
    const help = surprisal(folder, ["fit", "--help"]).stdout;
    for (const part of ["Examples:", "--target <column>", "Exit codes:", "What happens:"]) expect(help).toContain(part);
    expect(surprisal(folder, []).status).toBe(2);
  });
});

test("a damaged model file is refused, wherever the damage is", () => {
  expect(surprisal(folder, ["fit", "sides.csv", "-t", "side", "-q", "--epochs", "2"]).status).toBe(0);
  const bytes = readFileSync(join(folder, "sides.safetensors"));
  for (const at of [0, 9, 300, bytes.length >> 1, bytes.length - 1]) {
    const damaged = Uint8Array.from(bytes);
    damaged[at] = (damaged[at] as number) ^ 0x15;
    write(folder, "damaged.safetensors", damaged);
    const ran = surprisal(folder, ["predict", "damaged.safetensors", "sides.csv", "--json"]);
    expect(ran.status, `byte ${at}: ${ran.stdout}${ran.stderr}`).toBe(5);
  }
});

describe("a full disk", () => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", disk]).status === 0;
  afterAll(() => {
    if (mounted) spawnSync("umount", [disk]);
  });

  test.skipIf(!mounted)(
    "(a small file system, which takes root) keeps the old file, and the new model elsewhere",
    () => {
      write(disk, "sides.safetensors", "old");
      const temporary = join(folder, "temporary");
      mkdirSync(temporary);
      const ran = surprisal(
        folder,
        ["fit", "sides.csv", "-t", "side", "--epochs", "30", "-o", "disk/sides.safetensors", "--json"],
        { env: { TMPDIR: temporary } },
      );
      expect(ran.status, ran.stderr).toBe(5);
      expect(ran.json.error.code).toBe("file/no-space");
      expect(ran.json.error.hint).toContain("Nothing is lost");
      expect(readFileSync(join(disk, "sides.safetensors"), "utf8")).toBe("old");
      expect(readdirSync(disk)).toEqual(["sides.safetensors"]);
      const [rescued] = readdirSync(temporary).filter((name) => name.endsWith(".safetensors"));
      expect(
        surprisal(folder, ["evaluate", join("temporary", rescued ?? ""), "sides.csv", "--json"]).json.accuracy,
      ).toBeGreaterThan(0.5);
      write(folder, "many.csv", sides.repeat(1) + sides.split("\n").slice(1).join("\n").repeat(40));
      const predicted = surprisal(folder, [
        "predict",
        join("temporary", rescued ?? ""),
        "many.csv",
        "-o",
        "disk/p.csv",
        "--json",
      ]);
      expect([predicted.status, predicted.json.error.code]).toEqual([2, "cli/out"]);
      expect(readdirSync(disk)).toEqual(["sides.safetensors"]);
    },
  );
});

test.skipIf(process.getuid?.() === 0)("a table that may not be read", () => {
  const path = write(folder, "secret.csv", sides);
  spawnSync("chmod", ["000", path]);
  expect(surprisal(folder, ["fit", "secret.csv", "-t", "side", "--json"]).json.error.code).toBe(
    "table/permission-denied",
  );
  expect(statSync(path).isFile()).toBe(true);
});
