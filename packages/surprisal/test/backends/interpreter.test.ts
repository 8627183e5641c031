/** The interpreter as a device. */
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { backendContract } from "./contract.ts";

backendContract("interpreter", interpreterDevice, {
  // Its values are the reference's own, so fewer graphs do.
  graphs: 40,
  skip: [
    {
      reason: "it walks the graph and has no kernels",
      tests: ["every op is in a kernel", "every op of a loss is in a kernel"],
    },
  ],
});
