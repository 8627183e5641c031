/**
 * `npm run bench [-- WORD…]`: the table of speeds, ours beside others on the same data and weights; with words, the rows whose name
 * contains one. `npm run bench -- losses [LOSS…]`: value and gradient of one loss at a time. `npm run bench -- products [SIZES…]`: matrix
 * products alone. `npm run bench -- compile [PROGRAM…]`: what it takes to make programs ready, pass by pass. README.md in this folder says how to read them. A complete run is written to results/.
 *
 * --rounds N        turns of each engine (3)             --engines ID,ID   only these; the first is the reference
 * --quick           one short round, never recorded      --no-record       show, do not write
 * --label TEXT      in the result's name                 --date YYYY-MM-DD of the result (today)
 * --python PATH     with NumPy, JAX … (python3)          --timeout N       seconds an engine may take (120)
 * --no-pin          on whatever core the system likes
 */

import { benchCompile } from "./compile.mjs";
import { readSetting } from "./lib/options.mjs";
import { benchLosses } from "./losses.mjs";
import { benchProducts } from "./products.mjs";
import { benchTable } from "./table.mjs";

const setting = readSetting();
const [subject, ...words] = setting.words;
if (subject === "losses") await benchLosses({ ...setting, words });
else if (subject === "products") await benchProducts({ ...setting, words });
else if (subject === "compile") await benchCompile({ ...setting, words });
else await benchTable(setting);
