/** `predict`: rows through the network in blocks, by programs that are kept between calls. */
import { allocate } from "../base/dtype.ts";
import { sizeOf } from "../base/shape.ts";
import { Tensor, type TensorLike } from "../base/tensor.ts";
import type { Cell, CellGroup } from "./cells.ts";
import type { Core } from "./core.ts";
import { wholeNumber } from "./fitOptions.ts";
import { takeX } from "./intake.ts";
import { Pacer } from "./pause.ts";
import { blockSizes, nextBlock } from "./rowBlocks.ts";
import { predictStep, widestRow } from "./step.ts";

/** What `predict` and `predictor` take. */
export interface PredictOptions {
  /**
   * Rows that go through the network at once, at least. What is less than suits the caches is raised: it changes no bit of the result,
   * only the time. Default: what suits the caches.
   */
  readonly batchSize?: number;
}

/** Numbers of rows that programs are made for. @throws InvalidArgumentError for a batch size that is none. */
export function predictSizes(core: Core, { batchSize = 1 }: PredictOptions): readonly number[] {
  wholeNumber("batchSize", batchSize, 1);
  core.widest ??= widestRow(core.weights, core.network.inputShape);
  return blockSizes(core.widest, batchSize);
}

/** A program for so many rows, with the cells of its rows and outputs. */
export function predictRows(core: Core, group: CellGroup, rows: number) {
  const { inputShape, outputShape } = core.network;
  const input = group.make("x", core.dtype, [rows, ...inputShape]);
  const output = group.make("output", core.dtype, [rows, ...outputShape]);
  const cells: { input: Cell; output: Cell } = { input, output };
  return { cells, program: predictStep(core.weights, input, output) };
}

/** @returns the output for every row, shape [rows, …outputShape], in the model's dtype. */
export function predict(core: Core, x: TensorLike, options: PredictOptions = {}): Promise<Tensor> {
  core.requireAlive("predict");
  const { device, network, dtype } = core;
  const sizes = predictSizes(core, options);
  const { rows, values } = takeX(x, network.inputShape, dtype, true);
  const widthIn = sizeOf(network.inputShape);
  const widthOut = sizeOf(network.outputShape);
  const result = allocate(dtype, rows * widthOut);
  return core.programs.exclusive(async () => {
    const pacer = new Pacer();
    for (let from = 0; from < rows; ) {
      const size = nextBlock(sizes, rows - from);
      const to = Math.min(rows, from + size);
      const { cells, run } = await core.programs.get(`predict ${size}`, (group) => predictRows(core, group, size));
      device.write(cells.input.buffer, values.subarray(from * widthIn, to * widthIn));
      const running = run();
      // Nothing may come between run and read where both happen at once; elsewhere a promise says when.
      if (running === undefined && device.readNow !== undefined) {
        device.readNow(cells.output.buffer, result, from * widthOut);
      } else {
        await running;
        const { data } = await device.read(cells.output.buffer);
        result.set(data.subarray(0, (to - from) * widthOut), from * widthOut);
      }
      if (pacer.due) await pacer.pause();
      from = to;
    }
    return new Tensor(result, [rows, ...network.outputShape]);
  });
}
