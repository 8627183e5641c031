import type { FloatDType } from "../../base/dtype.ts";

/** log 2 = high + low; `high` has so few bits that its product with any exponent is exact. */
export const log2: Record<FloatDType, { high: number; low: number }> = {
  float32: { high: 0.693145751953125, low: 1.4286068203094173e-6 },
  float64: { high: 0.6931471805601177, low: -1.7239444525614835e-13 },
};
