/** Learning-rate schedules: `schedules.cosineDecay({ initialLearningRate: 0.01, decaySteps: 1000 })`. */
export * from "./train/schedules/index.ts";
