/** Metrics: `metrics.precision({ thresholds: 0.3 })`. */
export * from "./train/metrics/index.ts";
