/** One program in a process of its own: reads {name, warmMs} as JSON, writes what its compilation took. */
import { readFileSync } from "node:fs";
import * as graph from "surprisal/graph";
import { capabilities, link, lower, plan, structureOf, symbol, wasmDevice, wasmTarget } from "surprisal/internals";
import { compilePrograms } from "./compilePrograms.mjs";
import { rounded, spread } from "./statistics.mjs";

const { name, warmMs } = JSON.parse(readFileSync(0, "utf8"));
const target = wasmTarget(capabilities());
const began = performance.now();
const program = await /** @type {() => any} */ (compilePrograms[name])();
const graphMs = performance.now() - began;

/** Every stage with its time. @returns {{ stages: [string, number][], kernels: number, codeBytes: number }} */
function compile() {
  /** @type {[string, number][]} */
  const stages = [];
  let last = performance.now();
  const mark = (/** @type {string} */ stage) => {
    const now = performance.now();
    stages.push([stage, now - last]);
    last = now;
  };
  const { buffers } = structureOf(program);
  const regions = new Map(buffers.map((buffer, i) => [/** @type {object} */ (buffer), symbol(2 + i)]));
  mark("structure");
  const lowered = lower(program, target.properties, (pass) => mark(pass.name));
  mark("kernels");
  const layout = plan(lowered.program);
  mark("plan");
  const module = target.emit(lowered.program, (buffer) =>
    buffer.place.kind === "bound"
      ? /** @type {number} */ (regions.get(buffer.place.binding))
      : buffer.place.kind === "temporary"
        ? symbol(0) + /** @type {number} */ (layout.offsets.get(buffer))
        : symbol(1),
  );
  mark("emit");
  const bytes = link(module, [64, 64, ...buffers.map((_, i) => 64 * (i + 2))]);
  mark("link");
  new WebAssembly.Module(bytes);
  mark("engine");
  return { stages, kernels: lowered.program.kernels.length, codeBytes: bytes.length };
}

const total = (/** @type {readonly [string, number][]} */ stages) => stages.reduce((sum, [, ms]) => sum + ms, 0);
const first = compile();
const runs = [];
for (const start = performance.now(); performance.now() - start < warmMs || runs.length < 3; )
  runs.push(compile().stages);
// Half of the time is for the engine to warm up.
const warm = runs.slice(Math.floor(runs.length / 2));
const passes = first.stages.map(([stage], i) => [
  stage,
  Number(spread(warm.map((stages) => stages[i]?.[1] ?? 0)).median.toPrecision(4)),
]);

const device = wasmDevice();
const again = [];
for (let i = 0; i < 12; i++) {
  const there = new Map();
  const buffer = (/** @type {any} */ like) => {
    if (!there.has(like)) there.set(like, device.allocate(like.dtype, like.shape));
    return there.get(like);
  };
  const bound = {
    outputs: program.outputs.map((/** @type {any} */ { node, into }) => ({ node, into: buffer(into) })),
    bindings: new Map([...program.bindings].map(([node, like]) => [node, buffer(like)])),
  };
  const start = performance.now();
  const executable = await device.load(bound);
  if (executable.report().cached) again.push(performance.now() - start);
}
console.log(
  JSON.stringify({
    nodes: graph.topological(program.outputs.map((/** @type {any} */ { node }) => node)).length,
    kernels: first.kernels,
    codeBytes: first.codeBytes,
    graph: graphMs,
    first: total(first.stages),
    warm: rounded(spread(warm.map(total))),
    passes: Object.fromEntries(passes),
    again: rounded(spread(again)),
  }),
);
