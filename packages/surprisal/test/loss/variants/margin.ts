import type { Variants } from "./variants.ts";

export const margin: Variants = {
  marginRanking: [{ margin: 0.5 }],
  categoricalHinge: [{ rule: "others" }],
  hingeEmbedding: [{ margin: 2 }],
  multiLabelSoftMargin: [{ classWeight: [2, 2, 2, 2] }],
  multiMargin: [{ p: 2 }, { margin: 0.5 }, { classWeight: [0.5, 2, 1, 3] }],
};
