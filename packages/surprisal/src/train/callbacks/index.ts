/** Every callback there is. */
export { type CsvLoggerOptions, csvLogger } from "./csvLogger.ts";
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from "./earlyStopping.ts";
export { lambda } from "./lambda.ts";
export { learningRateScheduler } from "./learningRateScheduler.ts";
export { type ModelCheckpointOptions, modelCheckpoint } from "./modelCheckpoint.ts";
export { type ProgressOptions, progress } from "./progress.ts";
export { type ReduceLROnPlateau, type ReduceLROnPlateauOptions, reduceLROnPlateau } from "./reduceLROnPlateau.ts";
export { type TerminateOnNaNOptions, terminateOnNaN } from "./terminateOnNaN.ts";
