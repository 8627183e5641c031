/** The walk-through as a script. */
import { givenProblem } from "../../lib/given.mjs";
import { fitter } from "./fit.mjs";
import { loadJax } from "./jax.mjs";

const { jax, version } = await loadJax();
const { valLoss, testLoss } = fitter(jax, givenProblem())();
console.log(JSON.stringify({ version, figures: [[valLoss, testLoss()]] }));
