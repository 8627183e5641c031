/** `surprisal losses`, `surprisal loss` and `surprisal evaluate --loss`, as a user runs them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { losses } from "surprisal";
import { describe, expect, test } from "vitest";
import { csv, dataset, testFolder, write } from "../files.ts";
import { type Ran, surprisal } from "./program.ts";

const folder = testFolder();
const run = (...words: string[]): Ran => surprisal(folder, words);
const lines = ({ stdout }: Ran) => stdout.trimEnd().split("\n");
const number = (text: string | undefined) => Number(text);

describe("surprisal losses", () => {
  test("lists every loss once, under its task, and counts them on standard error", () => {
    const ran = run("losses");
    expect(ran.status, ran.stderr).toBe(0);
    const named = lines(ran).flatMap((line) => (line.startsWith("  ") ? [line.trim().split(" ")[0]] : []));
    expect(named.sort()).toEqual(
      losses
        .list()
        .map(({ name }) => name)
        .sort(),
    );
    const titles = lines(ran).filter((line) => !line.startsWith(" "));
    expect(titles).toEqual([...titles].sort());
    expect(new Set(titles)).toEqual(new Set(losses.list().map(({ definition }) => definition.task)));
    expect(ran.stdout).toMatch(/^ {2}huber +Quadratic for small residuals, linear for large ones\.$/m);
    expect(ran.stderr).toContain(`${losses.list().length} losses`);
    expect(ran.stdout).not.toContain("\u001b");
  });

  test("by task, by a word, as JSON", () => {
    const regression = run("losses", "--task", "regression", "--json").json.losses;
    expect(regression.length).toBe(losses.list().filter(({ definition }) => definition.task === "regression").length);
    expect(regression[0]).toEqual({
      name: expect.any(String),
      task: "regression",
      summary: expect.any(String),
      aliases: expect.any(Array),
    });
    const names = (ran: Ran) => ran.json.losses.map(({ name }: { name: string }) => name);
    expect(names(run("losses", "smooth", "--json"))).toContain("smoothL1");
    expect(names(run("losses", "--search", "huber", "--json"))).toEqual(
      expect.arrayContaining(["huber", "pseudoHuber"]),
    );
    const both = names(run("losses", "smooth", "--task", "binary", "--json"));
    expect(both).toContain("smoothHinge");
    expect(both).not.toContain("smoothL1");
    expect(run("losses", "--search", "nothingatall")).toMatchObject({ status: 0, stdout: "" });
  });

  test("explains one, by name or alias, with its curve", () => {
    const ran = run("losses", "bce");
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    expect(lines(ran)[0]).toBe("binaryCrossentropy   binary");
    for (const part of [
      "ℓ = −[q t log p + (1 − t) log (1 − p)]",
      "when to use",
      "probabilities, numbers from 0 to 1; with fromLogits: true: any numbers",
      "labelSmoothing = 0",
      "proper:",
      "also called",
      "references",
      "yTrue 1, yPred 1 → 0",
      "probability p of the target",
    ]) {
      expect(ran.stdout.replace(/\n +/g, " ")).toContain(part);
    }
    expect(ran.stdout).toMatch(/[\u2801-\u28ff]{3}/);
    expect(run("losses", "bce", "--color").stdout).toContain("\u001b[36m");
  });

  test("--json is the explanation and the curve, with parameters as they are set", () => {
    const { json } = run("losses", "huber", "--param", "delta=2", "--json");
    expect(json).toMatchObject({
      name: "huber",
      task: "regression",
      aliases: ["huberLoss"],
      parameters: [{ name: "delta", kind: "number", default: 1, value: 2, range: "a number above 0" }],
      curve: { axis: { kind: "residual", from: -3, to: 3 } },
    });
    expect(json.curve.points.at(-1)).toEqual({ x: 3, prediction: 4, value: 4, gradient: 2 });
    expect(json.formula).toContain("\\ell");
    const other = run("losses", "hinge", "--true", "-1", "--json").json.curve;
    expect(other.points[0]).toMatchObject({ prediction: 3, value: 4, gradient: 1 });
    // JSON has no infinity.
    expect(run("losses", "bce", "--json").json.curve.points[0]).toMatchObject({ value: null, gradient: null });
  });

  test("--svg writes the picture, or puts it out alone", () => {
    const ran = run("losses", "hinge", "--svg", "hinge.svg");
    expect(ran.stderr).toBe("curve in hinge.svg\n");
    expect(lines(ran)[0]).toBe("hinge   binary");
    const svg = readFileSync(join(folder, "hinge.svg"), "utf8");
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(run("losses", "hinge", "--svg", "-").stdout).toBe(svg);
    expect(run("losses", "huber", "--param", "delta=2", "--svg", "-").stdout).toContain("huber   delta = 2");
  });

  test("a loss of several arrays: the arrays, and no curve", () => {
    const ran = run("losses", "gaussianNll");
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/^mean +any numbers: the mean of the predicted distribution/m);
    expect(ran.stdout).toContain("no curve:");
    expect(run("losses", "gaussianNll", "--json").json.curve).toBeNull();
  });

  test("help teaches", () => {
    for (const command of ["losses", "loss", "evaluate"]) {
      const { stdout, status } = run(command, "--help");
      expect(status).toBe(0);
      expect(stdout).toContain("Examples:");
      expect(stdout).toContain("Exit codes:");
    }
    expect(run("--help").stdout).toContain("surprisal loss binaryCrossentropy --true 1 --logits -20");
  });
});

describe("surprisal loss", () => {
  test("value, unit and gradient, to the last digits", () => {
    const ran = run("loss", "binaryCrossentropy", "--true", "1", "--logits", "-20");
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    const [, value, gradient] = /^(\S+) nats {3}gradient (\S+)\n$/.exec(ran.stdout) ?? [];
    // log(1 + e²⁰) and −1/(1 + e⁻²⁰), to a unit in the last place.
    expect(Math.abs(number(value) - 20.000000002061153)).toBeLessThan(4e-15);
    expect(Math.abs(number(gradient) + 0.9999999979388464)).toBeLessThan(2e-16);
  });

  test.each([
    [["brier", "--true", "0,1", "--probabilities", "0.5,0.5"], "0.5   gradient 1 -1"],
    [["scce", "--true", "1", "--probabilities", "0.5,0.5"], "0.6931471805599453 nats   gradient 0 -2"],
    [["huber", "--true", "3", "--pred", "5", "--param", "delta=0.5"], "0.875   gradient 0.5"],
    [["mse", "--true", "1,2", "--pred", "2,4"], "2.5   gradient 1 2"],
    [["mse", "--true", "1;2", "--pred", "2;4"], "2.5\nrow 1   1   gradient 1\nrow 2   4   gradient 2"],
    [
      ["scce", "--true", "0,1", "--pred", "1,0;0,1"],
      "0 nats\nrow 1   0   gradient -0.5 0\nrow 2   0   gradient 0 -0.5",
    ],
    [
      ["mse", "--true", "1;2", "--pred", "2;4", "--param", "reduction=sum"],
      "5\nrow 1   1   gradient 2\nrow 2   4   gradient 4",
    ],
    [["bce", "--true", "1", "--probabilities", "0"], "Infinity nats   gradient -Infinity"],
    [["--formula", "t*(y - p)^2", "--param", "t=3", "--true", "1", "--pred", "2"], "3   gradient 6"],
    [["--formula", "-(y*log(p) + (1 - y)*log(1 - p))", "--true", "1", "--logits", "-800"], "800 nats   gradient -1"],
    [["--formula", "-sum(y*log(p))", "--true", "0,1", "--logits", "800,0"], "800 nats   gradient 1 -1"],
    [["--formula", "log(1 + exp(-y*z))", "--true", "1", "--logits", "-800"], "800   gradient -1"],
    [
      ["gaussianNll", "--true", "1", "--pred", '{"mean": [[3]], "logVariance": [[0]]}'],
      "2\ngradient of mean   2\ngradient of logVariance   -1.5",
    ],
  ])("%j", (words, wanted) => {
    const ran = run("loss", ...words);
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toBe(`${wanted}\n`);
  });

  test("a formula of a probability takes logits: a sigmoid is put before it, and no digit is lost", () => {
    const far = run("loss", "--formula", "(y - p)^2", "--true", "1", "--logits", "-40", "--json").json;
    expect(far).toMatchObject({ value: 1, predictions: "logits", unit: null });
    expect(far.gradient[0][0] / (-2 * Math.exp(-40))).toBeCloseTo(1, 12);
    const raw = run("loss", "--formula", "(y - yPred)^2", "--true", "1", "--logits", "-40", "--json").json;
    expect(raw.value).toBe(1681);
  });

  test("--json holds everything", () => {
    expect(run("loss", "bce", "--true", "1,0", "--logits", "0,0", "--json").json).toEqual({
      loss: "binaryCrossentropy",
      params: { fromLogits: true, labelSmoothing: 0, posWeight: 1 },
      yTrue: [[1, 0]],
      yPred: [[0, 0]],
      predictions: "logits",
      value: Math.LN2,
      unit: "nats",
      perSample: [Math.LN2],
      gradient: [[-0.25, 0.25]],
    });
  });

  test("a formula that loses digits says so", () => {
    const ran = run("loss", "--formula", "log(1 + exp(y - p)) - log(1 + exp(y - p) + 1)", "--true", "1", "--pred", "1");
    expect(ran.status, ran.stderr).toBe(0);
    const quiet = run("loss", "--formula", "(y - p)^2", "--true", "1", "--pred", "1");
    expect(quiet.stderr).toBe("");
  });
});

const wrong: readonly [what: string, status: number, code: string, words: readonly string[]][] = [
  ["an unknown loss", 2, "loss/unknown-name", ["loss", "bcee", "--true", "1", "--pred", "0.5"]],
  ["no loss", 2, "cli/which-loss", ["loss", "--true", "1", "--pred", "0.5"]],
  ["a loss and a formula", 2, "cli/which-loss", ["loss", "bce", "--formula", "y", "--true", "1", "--pred", "0.5"]],
  ["no prediction", 2, "cli/predictions", ["loss", "bce", "--true", "1"]],
  ["two predictions", 2, "cli/predictions", ["loss", "bce", "--true", "1", "--pred", "0.5", "--logits", "0"]],
  ["logits of an amount", 2, "cli/logits", ["loss", "poisson", "--true", "1", "--logits", "2"]],
  ["no number", 2, "cli/numbers", ["loss", "bce", "--true", "one", "--pred", "0.5"]],
  ["a label out of the domain", 3, "loss/out-of-domain", ["loss", "bce", "--true", "2", "--pred", "0.5"]],
  ["no probability", 3, "loss/out-of-domain", ["loss", "bce", "--true", "1", "--probabilities", "1.5"]],
  ["shapes that differ", 3, "loss/shapes", ["loss", "bce", "--true", "1", "--pred", "0.5,0.5"]],
  [
    "a parameter out of range",
    2,
    "loss/option",
    ["loss", "huber", "--true", "1", "--pred", "2", "--param", "delta=-1"],
  ],
  ["an unknown parameter", 2, "huber-option/unknown-name", ["losses", "huber", "--param", "detla=1"]],
  ["a parameter without a value", 2, "cli/option", ["losses", "huber", "--param", "delta"]],
  [
    "a formula with a mistake",
    2,
    "formula/unknown-function",
    ["loss", "--formula", "lgo(p)", "--true", "1", "--pred", "1"],
  ],
  ["a name with a mistake", 2, "loss/unknown-name", ["losses", "hubre"]],
  ["an unknown task", 2, "cli/option", ["losses", "--task", "regresion"]],
  ["a picture of all", 2, "cli/which-loss", ["losses", "--svg", "all.svg"]],
  ["a picture of a word", 2, "cli/which-loss", ["losses", "smooth", "--svg", "smooth.svg"]],
  ["a picture and JSON at once", 2, "cli/option", ["losses", "huber", "--svg", "-"]],
  ["a picture of several arrays", 2, "cli/no-curve", ["losses", "gaussianNll", "--svg", "g.svg"]],
  ["a picture in no folder", 2, "cli/out", ["losses", "huber", "--svg", "nowhere/h.svg"]],
  ["a target outside the domain", 3, "loss/out-of-domain", ["losses", "bce", "--true", "2"]],
  ["two names", 2, "cli/usage", ["losses", "huber", "hinge"]],
];

describe("what is wrong ends with its own code, in three parts", () => {
  test.each(wrong)("%s: %i", (_, status, code, words) => {
    const ran = run(...words, "--json");
    expect(ran.status, ran.stdout + ran.stderr).toBe(status);
    const record = ran.json.error;
    expect(record.code).toBe(code);
    expect(record.message).toBe(`${record.received}, but ${record.expected}. ${record.hint}`);
    expect(ran.stderr).not.toContain("    at ");
  });

  test("all of them were tried, and nothing was written", () => {
    expect(wrong).toHaveLength(23);
    for (const name of ["all.svg", "smooth.svg", "g.svg"]) expect(existsSync(join(folder, name))).toBe(false);
    expect(run("losses", "hubre", "--json").json.error.hint).toContain('"huber"');
    expect(run("loss", "bce", "--eposh", "1", "--json").json.error.hint).toContain("surprisal loss --help");
  });
});

describe("surprisal evaluate --loss", () => {
  const penguins = dataset("penguins.json");
  const fitted = () => {
    if (!existsSync(join(folder, "penguins.safetensors"))) {
      expect(run("fit", penguins, "-t", "Species", "-q", "--epochs", "8").status).toBe(0);
    }
    return "penguins.safetensors";
  };
  const evaluate = (...words: string[]) => run("evaluate", ...words, "--json").json;

  test("classes: the same predictions under another loss", () => {
    const own = evaluate(fitted(), penguins);
    expect(own.lossName).toBe("sparseCategoricalCrossentropy");
    for (const loss of ["scce", "categoricalCrossentropy", "-sum(y*log(p))", "klDivergence"]) {
      const same = evaluate(fitted(), penguins, "--loss", loss);
      expect(same.loss / own.loss).toBeCloseTo(1, 5);
      expect(same.confusion).toEqual(own.confusion);
    }
    // Of the predictions that predict writes.
    const rows = run("predict", fitted(), penguins, "--json").json;
    const labels: string[] = JSON.parse(readFileSync(penguins, "utf8")).map(
      ({ Species }: { Species: string }) => Species,
    );
    const scores = labels.map((label, i) =>
      (rows.classes as string[]).reduce(
        (sum, name) => sum + ((rows.predictions[i][`p(${name})`] as number) - (name === label ? 1 : 0)) ** 2,
        0,
      ),
    );
    const brier = evaluate(fitted(), penguins, "--loss", "brier");
    expect(brier.lossName).toBe("brier");
    expect(brier.loss / (scores.reduce((a, b) => a + b, 0) / scores.length)).toBeCloseTo(1, 4);
    expect(run("evaluate", fitted(), penguins, "--loss", "brier").stderr).toContain("loss: brier\n");
  });

  test("two classes: a formula is exact where the probability is 0", () => {
    const sides = Array.from({ length: 60 }, (_, i) => ({
      x: i % 2 ? 1 + i / 100 : -1 - i / 100,
      side: i % 2 ? "b" : "a",
    }));
    write(folder, "sides.csv", csv(sides));
    expect(run("fit", "sides.csv", "-t", "side", "-q", "--model", "linear", "--learning-rate", "0.1").status).toBe(0);
    write(
      folder,
      "far.csv",
      csv([
        { x: 1e4, side: "a" },
        { x: -1e4, side: "b" },
      ]),
    );
    const own = evaluate("sides.safetensors", "far.csv");
    expect(own.loss).toBeGreaterThan(1000);
    const formula = evaluate("sides.safetensors", "far.csv", "--loss", "-(y*log(p) + (1 - y)*log(1 - p))");
    expect(formula.loss / own.loss).toBeCloseTo(1, 6);
  });

  test("numbers: in the model's units, or for a formula in the target's own", () => {
    const rows = Array.from({ length: 80 }, (_, i) => ({ x: i, y: 100 + 3 * i + 5 * Math.sin(i) }));
    write(folder, "line.csv", csv(rows));
    expect(run("fit", "line.csv", "-t", "y", "-q", "--epochs", "30").status).toBe(0);
    const own = evaluate("line.safetensors", "line.csv");
    expect(evaluate("line.safetensors", "line.csv", "--loss", "mse").loss).toBeCloseTo(own.loss, 12);
    const absolute = evaluate("line.safetensors", "line.csv", "--loss", "abs(y - p)");
    expect(absolute.loss).toBeCloseTo(own.mae, 9);
    expect(absolute.mae).toBe(own.mae);
    expect(run("evaluate", "line.safetensors", "line.csv", "--loss", "mae").stderr).toContain(
      "loss: meanAbsoluteError, in standard deviations of the target",
    );
    const gate = run("evaluate", "line.safetensors", "line.csv", "--loss", "abs(y - p)", "--max", "loss=0");
    expect(gate.status).toBe(1);
  });

  test("a loss that does not suit is refused", () => {
    const ran = run("evaluate", fitted(), penguins, "--loss", "huber", "--json");
    expect([ran.status, ran.json.error.code]).toEqual([2, "cli/loss"]);
    expect(run("evaluate", fitted(), penguins, "--loss", "hubre", "--json").json.error.code).toBe("loss/unknown-name");
  });
});
