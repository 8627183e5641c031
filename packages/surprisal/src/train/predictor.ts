/** `predictor`: one function, made ready once, that answers at once. */
import { allocate } from "../base/dtype.ts";
import { InvalidArgumentError } from "../base/errors.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import { Tensor, type TensorLike } from "../base/tensor.ts";
import type { Device, DeviceBuffer } from "../compile/device.ts";
import { CellGroup } from "./cells.ts";
import { freeWith } from "./collected.ts";
import type { Core } from "./core.ts";
import { type PredictOptions, predictRows, predictSizes } from "./predict.ts";
import { nextBlock } from "./rowBlocks.ts";
import { RowIntake } from "./rowIntake.ts";

/**
 * Outputs for rows [rows, …inputShape]: a tensor [rows, …outputShape]. One row alone, of shape inputShape, gives its output alone, of shape
 * outputShape; where a row is a single number, a flat list is rows.
 * @throws ShapeError, DTypeError, DataError (row and column) for rows that do not fit.
 */
export type Predictor = (rows: TensorLike) => Tensor;

interface Block {
  readonly input: DeviceBuffer;
  readonly output: DeviceBuffer;
  readonly run: () => void | Promise<void>;
}

/** Loads the programs. They have cells of their own, so that no other call comes between. */
export async function makePredictor(core: Core, options: PredictOptions): Promise<Predictor> {
  core.requireAlive("predictor");
  const { device, network, dtype } = core;
  const sizes = predictSizes(core, options);
  const group = new CellGroup(device);
  const blocks = new Map<number, Block>();
  try {
    for (const size of sizes) {
      const { cells, program } = predictRows(core, group, size);
      const executable = await device.load(program);
      const block = { input: cells.input.buffer, output: cells.output.buffer, run: () => executable.run() };
      // The first run is for the engine, which compiles what is called; and it shows whether this device answers at once.
      await requireNow(device, block);
      blocks.set(size, block);
    }
  } catch (error) {
    group.free();
    throw error;
  }

  const widthIn = sizeOf(network.inputShape);
  const widthOut = sizeOf(network.outputShape);
  const outputShape: Shape = Object.freeze([...network.outputShape]);
  const oneRow: Shape = Object.freeze([1, ...outputShape]);
  const intake = new RowIntake(network.inputShape, dtype);

  const predictor: Predictor = (x) => {
    core.requireAlive("the predictor");
    const { values, rows, bare } = intake.take(x);
    const result = allocate(dtype, rows * widthOut);
    for (let from = 0; from < rows; ) {
      const { input, output, run } = blocks.get(nextBlock(sizes, rows - from)) as Block;
      const size = input.shape[0] as number;
      const to = Math.min(rows, from + size);
      const whole = from === 0 && values.length === to * widthIn;
      device.write(input, whole ? values : values.subarray(from * widthIn, to * widthIn));
      run();
      device.readNow?.(output, result, from * widthOut);
      from = to;
    }
    return new Tensor(result, bare ? outputShape : rows === 1 ? oneRow : [rows, ...outputShape]);
  };
  freeWith(predictor, device, [{ buffers: [...group.buffers] }]);
  return predictor;
}

/** @throws InvalidArgumentError on a device whose programs are not done when they return. */
async function requireNow(device: Device, block: Block): Promise<void> {
  const running = block.run();
  await running;
  if (running === undefined && device.readNow !== undefined) return;
  throw new InvalidArgumentError("predictor/not-at-once", {
    received: `predictor was called on the device "${device.name}"`,
    expected: "it does not answer at once",
    hint: "Await model.predict(rows) instead, or make the model on another device.",
  });
}
