/**
 * What a workload says of itself: the data, who takes part, how it is known that all did the same work, and what is to be reached.
 *
 * @typedef {object} Workload
 * @property {string} name as on the command line
 * @property {string} title as tables have it, with the operation that is timed
 * @property {"ms" | "µs"} unit of that operation in tables
 * @property {string} kind of work: the file of each engine that does it
 * @property {readonly string[]} engines who take part; the first is ours and the one that others' figures are compared with
 * @property {readonly string[]} [once] those among them that are so slow that they have one turn, and none in a quick run
 * @property {(folder: string) => Written | Promise<Written>} write puts the data into a folder
 * @property {number} tolerance how far figures may be from the first engine's, relative
 * @property {(figures: readonly number[], reference: readonly number[]) => number} [apart] how far they are, where that is not the largest relative difference
 * @property {Readonly<Record<string, number>>} [ownTolerance] of engines that cannot begin with the given weights or masks
 * @property {number} checked units whose figures are compared
 * @property {number} warmMs
 * @property {number} measureMs
 * @property {number} least measured units of a process
 * @property {number} most
 * @property {readonly Target[]} targets
 * @property {number} [flops] of matrix products in the operation
 * @property {Readonly<Record<string, (bench: string, python: string) => readonly string[]>>} [programs] where whole processes are timed: the command of each engine, and of those beside
 *
 * @typedef {object} Written
 * @property {any} problem with `arrays`: `{ name: { file, dtype, shape } }`
 * @property {object} [first] what is different for the first piece of work
 * @property {number} per operations a unit
 * @property {number} [truth] the first figure in float64, where it is a value that can be right or wrong
 *
 * @typedef {object} Target a figure of ours, at most `must`, if it can be `aim`
 * @property {"time" | "extraMB" | "workspaceMB" | "off"} of time by that of another engine; memory; what is counted of it; relative error of the value
 * @property {string} [beside] whose time
 * @property {number} [must]
 * @property {number} [aim]
 */

export {};
