/** surprisal's linearCrossentropy as a process: a job as JSON on standard input, an answer on one line. The protocol of ../numpy_linear.py. */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { losses, version } from "surprisal";
import { wasm } from "surprisal/devices";
import { gradient, input, stabilise } from "surprisal/graph";

const job = JSON.parse(await text(process.stdin));
const { rows, width, classes } = job.size;
const device = wasm();
const yTrue = input("yTrue", "int32", [rows]);
const hidden = input("hidden", "float32", [rows, width]);
const weight = input("weight", "float32", [classes, width]);
const sources = /** @type {const} */ ([
  [yTrue, "labels"],
  [hidden, "hidden"],
  [weight, "weight"],
]);
const bindings = new Map(
  sources.map(([node, file]) => {
    const buffer = device.allocate(node.dtype, node.shape);
    const { buffer: bytes, byteOffset, length } = readFileSync(job.files[file]);
    device.write(buffer, new (node === yTrue ? Int32Array : Float32Array)(bytes, byteOffset, length / 4));
    return [node, buffer];
  }),
);
const [value] = stabilise([losses.linearCrossentropy().graph(yTrue, { hidden, weight }, {}).value]);
if (value === undefined) throw new Error("the loss has no value");
const outputs = [value, ...gradient(value, [hidden, weight])].map((node) => ({
  node,
  into: device.allocate(node.dtype, node.shape),
}));
const before = process.memoryUsage.rss();

const began = performance.now();
const executable = await device.load({ outputs, bindings, label: "linearCrossentropy" });
await executable.run();
const firstMs = performance.now() - began;
const ms = [];
for (let i = 0; i < job.runs; i++) {
  const start = performance.now();
  await executable.run();
  ms.push(performance.now() - start);
}
const extraMb = Math.max(0, process.resourceUsage().maxRSS * 1024 - before) / 1e6;

const gradients = [];
for (const { into } of outputs.slice(1)) {
  const { data } = await device.read(into);
  for (let i = 0; i < 64; i++) gradients.push(Number(data[Math.floor((i * (data.length - 1)) / 63)]));
}
const answer = {
  version,
  firstMs,
  ms,
  value: (await device.read(/** @type {any} */ (outputs[0]).into)).item(),
  gradients,
  extraMb,
  workspaceMb: executable.report().scratchBytes / 1e6,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exit(0);
