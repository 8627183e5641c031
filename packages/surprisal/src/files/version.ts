/** Which library writes, and in which format. */

/** The version of this library. */
export const version = "0.1.0";

/** Of the configuration in a model file. It goes up when a file could be read wrongly by what came before. */
export const formatVersion = 1;
