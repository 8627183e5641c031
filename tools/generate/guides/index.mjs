/** What docs/guides holds that is made: figures as files, tables between comments. All from the built package. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../lib/repo.mjs";
import { manyClassesTable, startTable, trainedOnManyClasses } from "./manyClasses.mjs";
import { lossesByLogit, oneUnit, trainedBothWays, trainedTable } from "./squaredError.mjs";
import { costByProbability } from "./stepByStep.mjs";
import { tasksTable } from "./tasks.mjs";

const guide = (/** @type {string} */ name) => `docs/guides/${name}.md`;

/** Parts of pages. */
export const guideParts = [
  { page: guide("cross-entropy-or-squared-error"), name: "trained-both-ways", make: trainedTable },
  { page: guide("many-classes"), name: "start", make: startTable },
  { page: guide("many-classes"), name: "trained", make: manyClassesTable },
  { page: guide("choosing-a-loss"), name: "tasks", make: tasksTable },
];

/** Where the figures are; nothing else is there. */
export const guideImages = "docs/guides/images";

const figures = [
  { name: "loss-by-logit", make: lossesByLogit },
  { name: "one-unit", make: oneUnit },
  { name: "trained-both-ways", make: trainedBothWays },
  { name: "many-classes", make: trainedOnManyClasses },
  { name: "cost-by-probability", make: costByProbability },
];

/** Whole files; none in a repository without guides. @returns {Promise<{ path: string, text: string }[]>} */
export async function guideFigures() {
  if (!existsSync(join(root, "docs/guides"))) return [];
  const made = [];
  for (const { name, make } of figures) made.push({ path: `${guideImages}/${name}.svg`, text: await make() });
  return made;
}
