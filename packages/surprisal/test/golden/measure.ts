/** `npm run accuracy`: measures the built package and prints the result as JSON. The folder of golden files is its argument. */
import { wasmDevice } from "surprisal/internals";
import { measureAccuracy } from "./accuracy.ts";
import { readGoldenLosses } from "./goldenLosses.ts";

const native = { dtype: "float32", arithmetic: "float32", device: wasmDevice({ fusedMultiplyAdd: false }) } as const;
const { accuracy } = await measureAccuracy(readGoldenLosses(process.argv[2] as string), native);
process.stdout.write(`${JSON.stringify(accuracy)}\n`);
