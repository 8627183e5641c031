import { classification } from "./classification.ts";
import { divergence } from "./divergence.ts";
import { embedding } from "./embedding.ts";
import { language } from "./language.ts";
import { margin } from "./margin.ts";
import { ranking } from "./ranking.ts";
import { regression } from "./regression.ts";
import { segmentation } from "./segmentation.ts";
import { sequence } from "./sequence.ts";
import { survival } from "./survival.ts";
import type { Variants } from "./variants.ts";

export { settled } from "./settled.ts";

/** Every loss's sets: each parameter stands at a value that is not its default in one of them. */
export const variants: Variants = {
  ...classification,
  ...divergence,
  ...embedding,
  ...language,
  ...margin,
  ...ranking,
  ...regression,
  ...segmentation,
  ...sequence,
  ...survival,
};
