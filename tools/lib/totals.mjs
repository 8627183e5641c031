/** Counts of what a test run did, from vitest's JSON report. */

/**
 * @typedef {object} Totals
 * @property {number} files
 * @property {number} passed
 * @property {number} failed tests that failed, and files that did so without running a test
 * @property {number} skipped
 * @property {Record<string, number>} cases golden cases run, by folder: what tests put into `task.meta.golden`
 */

/** @returns {Totals} */
export function emptyTotals() {
  return { files: 0, passed: 0, failed: 0, skipped: 0, cases: {} };
}

/**
 * @param {any} report as vitest's `json` reporter writes it
 * @returns {Totals}
 */
export function readTotals(report) {
  const totals = emptyTotals();
  for (const file of report.testResults) {
    totals.files++;
    let failures = 0;
    for (const test of file.assertionResults) {
      if (test.status === "passed") totals.passed++;
      else if (test.status === "failed") failures++;
      else totals.skipped++;
      for (const [folder, count] of Object.entries(test.meta?.golden ?? {})) {
        totals.cases[folder] = (totals.cases[folder] ?? 0) + Number(count);
      }
    }
    // A file that cannot be loaded, or whose hook throws, fails without a failing test.
    totals.failed += file.status === "failed" ? Math.max(failures, 1) : failures;
  }
  return totals;
}

/** Adds in place. @param {Totals} into @param {Totals} more */
export function addTotals(into, more) {
  into.files += more.files;
  into.passed += more.passed;
  into.failed += more.failed;
  into.skipped += more.skipped;
  for (const [folder, count] of Object.entries(more.cases)) into.cases[folder] = (into.cases[folder] ?? 0) + count;
}

/** "12 passed, 0 failed", and ", 3 skipped" where there are any. @param {Totals} totals */
export function describeTotals({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
