/**
 * What losses do where a formula has no number: every line is a call, of which docs/losses/policies.md shows the result.
 * packages/surprisal/test/loss/policies.test.ts holds each to its expected values.
 */
import { predictions } from "./predictions.mjs";
import { targets } from "./targets.mjs";

/**
 * @typedef {object} Line
 * @property {string} situation
 * @property {string} loss
 * @property {any} yTrue
 * @property {any} yPred
 * @property {Readonly<Record<string, unknown>>} [options]
 * @property {string} [golden] file and id of the golden case that is this call
 * @property {any} [losses] of each sample, where no golden case says it
 * @property {any} [gradient] of the reduced loss, or of the sum without a reduction
 * @property {number} [value] the reduced loss, where that is the point
 * @property {string} [error] the code of the error
 *
 * @typedef {{ title: string, text: string, lines: readonly Line[] }} Section
 */

/** @type {readonly Section[]} */
export const sections = [...predictions, ...targets];
