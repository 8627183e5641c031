/**
 * `npm run conformance -- FOLDER [--json]`: runs golden cases against the built package. The runner is TypeScript and shares
 * its dispatch with the tests.
 */
import { runOnBuilt } from "./lib/onBuilt.mjs";

const { status } = await runOnBuilt("conformance", process.argv.slice(2));
process.exit(status);
