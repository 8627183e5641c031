/**
 * What every backend must do, as tests: the values of every op, every loss and random graphs, the same bits whatever else a
 * program computes, and state that stays in buffers. A backend's test is one call; what it does not do it names, with a reason.
 */
import { describe, expect, test } from "vitest";
import { bitsContract } from "./contract/bits.ts";
import { bufferContract } from "./contract/buffers.ts";
import { edgeContract } from "./contract/edges.ts";
import { lossContract } from "./contract/losses.ts";
import { opContract } from "./contract/ops.ts";
import { randomContract } from "./contract/random.ts";
import { stateContract } from "./contract/state.ts";
import type { GuardedDevice } from "./harness.ts";

export interface Skip {
  readonly reason: string;
  /** Names of contract tests, without the parts of the suite they are in. */
  readonly tests: readonly string[];
}

export interface ContractOptions {
  readonly skip?: readonly Skip[];
  /** Random graphs for each precision. Default 500. */
  readonly graphs?: number;
}

/** What the parts of the contract are written with. */
export interface Contract {
  readonly name: string;
  readonly graphs: number;
  /** A device that nothing else uses. */
  makeDevice(): GuardedDevice;
  /** A test that a backend may skip by its name. */
  check(name: string, run: () => void | Promise<void>): void;
}

/** @param makeDevice makes a new device each time, with red zones if it has them. */
export function backendContract(name: string, makeDevice: () => GuardedDevice, options: ContractOptions = {}): void {
  const skipped = new Map(options.skip?.flatMap(({ reason, tests }) => tests.map((name) => [name, reason])));
  const used = new Set<string>();
  const contract: Contract = {
    name,
    makeDevice,
    graphs: options.graphs ?? 500,
    check(name, run) {
      const reason = skipped.get(name);
      if (reason === undefined) test(name, run);
      else {
        used.add(name);
        test.skip(`${name} (${reason})`, run);
      }
    },
  };
  describe(name, () => {
    for (const part of [
      bufferContract,
      stateContract,
      opContract,
      edgeContract,
      lossContract,
      randomContract,
      bitsContract,
    ])
      part(contract);
    test("every skip names a test", () => {
      expect([...skipped.keys()].filter((name) => !used.has(name))).toEqual([]);
    });
  });
}
