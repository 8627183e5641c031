/** The walk-through as a script: data from files, ten epochs with validation, the test rows. */
import { tensor, version } from "surprisal";
import { givenProblem } from "../../lib/given.mjs";
import { data, fitWhole } from "./fit.mjs";

const problem = givenProblem();
const { testX, testY } = problem.arrays;
const { model, valLoss } = await fitWhole(problem, ...data(problem));
const { loss = Number.NaN } = await model.evaluate(tensor(testX.values, { shape: testX.shape }), tensor(testY.values));
console.log(JSON.stringify({ version, figures: [[valLoss, loss]] }));
