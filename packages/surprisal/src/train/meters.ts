/** What is counted while an epoch runs: the loss, its rows, and the metrics. All of it stays on the device until read. */
import { add, cast, constant, mul, type Node } from "../graph/index.ts";
import { assign, type Cell, type CellGroup, use, type Wiring } from "./cells.ts";
import type { Metric } from "./contract.ts";
import type { Logs } from "./history.ts";

/** A metric under the name it has in the logs. */
export interface NamedMetric {
  readonly key: string;
  readonly metric: Metric;
  /** Whether sample and class weights reach it. */
  readonly weighted: boolean;
}

/** The nodes of one batch that meters look at. */
export interface Measured {
  /** Scalar: the batch's loss with its penalties. */
  readonly loss: Node;
  readonly rows: number;
  readonly yTrue: Node;
  readonly yPred: Node;
  readonly sampleWeight?: Node;
}

export class Meters {
  readonly #group: CellGroup;
  /** Σ rows · loss and Σ rows, float64. */
  readonly #loss: Cell;
  readonly #rows: Cell;
  readonly #metrics: readonly { readonly named: NamedMetric; readonly cells: ReadonlyMap<string, Cell> }[];

  constructor(group: CellGroup, metrics: readonly NamedMetric[]) {
    this.#group = group;
    this.#loss = group.make("loss sum", "float64", []);
    this.#rows = group.make("rows", "float64", []);
    this.#metrics = metrics.map((named) => ({
      named,
      cells: new Map(
        named.metric.state.map((s) => [s.name, group.make(`${named.key}/${s.name}`, "float64", s.shape, s.initial)]),
      ),
    }));
  }

  /** Back to nothing counted. */
  reset(): void {
    this.#group.fill(this.#loss, 0);
    this.#group.fill(this.#rows, 0);
    for (const { named, cells } of this.#metrics) {
      for (const { name, initial } of named.metric.state) this.#group.fill(cells.get(name) as Cell, initial);
    }
  }

  /** Adds the counting of one batch to a program. */
  wire(wiring: Wiring, { loss, rows, yTrue, yPred, sampleWeight }: Measured): void {
    assign(wiring, this.#loss, add(use(wiring, this.#loss), mul(cast(loss, "float64"), rows)));
    assign(wiring, this.#rows, add(use(wiring, this.#rows), constant(rows, "float64")));
    for (const { named, cells } of this.#metrics) {
      const state = Object.fromEntries([...cells].map(([name, cell]) => [name, use(wiring, cell)]));
      const next = named.metric.update({
        yTrue,
        yPred,
        state,
        ...(named.weighted && sampleWeight !== undefined && { sampleWeight }),
      });
      for (const [name, node] of Object.entries(next)) assign(wiring, cells.get(name) as Cell, node);
    }
  }

  /** The values so far: `loss`, then the metrics in their order. The mean over no rows is 0. */
  async read(): Promise<Logs> {
    const number = async (cell: Cell) => (await this.#group.device.read(cell.buffer)).data[0] as number;
    const rows = await number(this.#rows);
    const logs: Record<string, number> = { loss: rows === 0 ? 0 : (await number(this.#loss)) / rows };
    for (const { named, cells } of this.#metrics) {
      const state: Record<string, ArrayLike<number>> = {};
      for (const [name, cell] of cells) state[name] = (await this.#group.device.read(cell.buffer)).data;
      logs[named.key] = named.metric.result(state);
    }
    return logs;
  }
}
