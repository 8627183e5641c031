/**
 * `npm run bench [-- SHAPE…]`: milliseconds a training step, ours beside others on the same data and weights; then what whole
 * programs take. `npm run bench -- losses [LOSS…]`: value and gradient of one loss at a time. `npm run bench -- linearCrossentropy`: a last
 * layer over many classes and its loss in one. README.md in this folder says how to read them. A complete run is written to results/.
 *
 * --rounds N        turns of each engine (5)             --engines ID,ID   only these; the first is the reference
 * --quick           one short round, never recorded      --no-record       show, do not write
 * --label TEXT      in the result's name                 --date YYYY-MM-DD of the result (today)
 * --python PATH     where NumPy is (python3)             --timeout N       seconds an engine may take (120)
 * --no-pin          on whatever core the system likes    --no-journeys     without walk-through and MNIST
 */

import { readSetting } from "./lib/options.mjs";
import { benchLinearCrossentropy } from "./linearCrossentropy.mjs";
import { benchLosses } from "./losses.mjs";
import { benchNetworks } from "./networks.mjs";

const setting = readSetting();
const [subject, ...words] = setting.words;
if (subject === "losses") await benchLosses({ ...setting, words });
else if (subject === "linearCrossentropy") await benchLinearCrossentropy({ ...setting, words });
else await benchNetworks(setting);
