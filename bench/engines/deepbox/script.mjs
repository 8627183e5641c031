/** The walk-through as a script. */
import { givenProblem } from "../../lib/given.mjs";
import { loadDeepbox } from "./deepbox.mjs";
import { fit } from "./fit.mjs";

const { deepbox, version } = await loadDeepbox();
const { valLoss, testLoss } = fit(deepbox, givenProblem());
console.log(JSON.stringify({ version, figures: [[valLoss, testLoss()]] }));
