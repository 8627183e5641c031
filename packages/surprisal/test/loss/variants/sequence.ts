import type { Variants } from "./variants.ts";

export const sequence: Variants = {
  ctc: [{ blank: 2 }, { fromLogProbabilities: true }, { zeroInfinity: true }],
  sequenceCrossentropy: [{ perToken: false }],
  softDtw: [{ gamma: 0.25 }],
  transducer: [{ blank: 3 }],
};
