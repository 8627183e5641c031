import type { Variants } from "./variants.ts";

export const language: Variants = {
  bradleyTerry: [{ margin: 0.5 }],
  cpo: [{ alpha: 0.25, beta: 2 }],
  dpo: [
    { beta: 0.5, labelSmoothing: 0.125 },
    { variant: "robust", labelSmoothing: 0.25 },
    { variant: "robust" },
    { variant: "hinge", beta: 0.25 },
    { variant: "ipo", beta: 0.5 },
  ],
  kto: [{ beta: 1, kl: 0.5, desirableWeight: 1.5, undesirableWeight: 0.5 }],
  linearCrossentropy: [
    { labelSmoothing: 0.125, softcap: 4 },
    { zLoss: 0.25, softcap: 2 },
    { zLoss: 0.125, ignoreClass: 2 },
  ],
  orpo: [{ beta: 1 }],
  ppoClip: [{ clipLow: 0.5, clipHigh: 0.25, beta: 0.125 }],
  simpo: [{ beta: 1, gamma: 0 }],
  distillationKl: [
    { temperature: 4 },
    { temperature: 0.5, direction: "reverse" },
    { direction: "jsd" },
    { direction: "jsd", beta: 0.125, temperature: 3 },
  ],
  softcapCrossentropy: [{ softcap: 4 }, { softcap: 1, ignoreClass: 2 }],
  zLossCrossentropy: [{ zLoss: 0.125 }, { zLoss: 0 }, { zLoss: 0.25, ignoreClass: 2 }],
};
