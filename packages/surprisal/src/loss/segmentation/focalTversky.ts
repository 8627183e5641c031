import { constant, equal, pow, where } from "../../graph/index.ts";
import { positive } from "../params.ts";
import { defineOverlap } from "./overlap.ts";
import { naiveTversky, tverskyParams, tverskyParts } from "./tversky.ts";

/** (1 − Tversky index)^γ. Where nothing is wrong, value and slope are 0; with γ < 1 the slope grows without bound towards there. */
export const focalTversky = defineOverlap({
  name: "focalTversky",
  aliases: ["focalTverskyLoss"],
  summary: "Tversky with a power: below 1 it keeps pulling on masks that are nearly right.",
  formula: String.raw`\ell = (1 - \mathrm{TI})^\gamma`,
  references: [
    {
      title:
        "Abraham, Khan, A Novel Focal Tversky Loss Function with Improved Attention U-Net for Lesion Segmentation (2018)",
      url: "https://arxiv.org/abs/1810.07842",
    },
  ],
  params: { ...tverskyParams, gamma: positive(0.75, "the power") },
  parts: tverskyParts,
  finish(share, { gamma }) {
    const right = equal(share, 0);
    return where(right, 0, pow(where(right, 1, share), constant(gamma, share.dtype, share.shape)));
  },
  naive: (y, p, params) => naiveTversky(y, p, params) ** params.gamma,
  apart: 1,
  traits: { smooth: true, nonNegative: true },
});
