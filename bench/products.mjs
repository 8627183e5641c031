/** Matrix products alone, ours with and without fused multiply-add beside NumPy's, and how near they come to what the innermost loop does. */
import { compareProducts } from "./lib/compareProducts.mjs";
import { benchFolder } from "./lib/install.mjs";
import { refuse } from "./lib/options.mjs";
import { participants } from "./lib/participants.mjs";
import { productCases } from "./lib/productCases.mjs";
import { productContenders } from "./lib/productEngines.mjs";
import { record } from "./lib/record.mjs";
import { shownNumber, table } from "./lib/statistics.mjs";

const heading = ["product", "engine", "GFLOP/s", "of ceiling", "min ms", "median", "max", "ratio"];

/** @param {import("./lib/options.mjs").Setting} setting whose words are the beginnings of products' names; none: all */
export async function benchProducts(setting) {
  const { words, quick, rounds, seconds, prefix, python, reasons, date, label } = setting;
  const cases = productCases.filter(({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)));
  if (cases.length === 0)
    refuse(`no product's name begins with that; they are\n${productCases.map(({ name }) => name).join("\n")}`);
  if (cases.length < productCases.length) reasons.push("not all products");
  const taking = await participants(productContenders, setting);
  console.log(`\n${cases.length} products, float32`);
  const job = { cases, warmMs: quick ? 10 : 100, measureMs: quick ? 10 : 200 };
  const { products, ceilings, problems, versions } = await compareProducts(taking, job, {
    rounds,
    seconds,
    command: (contender) => [...prefix, ...contender.command(benchFolder, python)],
    say: (line) => console.log(`  ${line}`),
  });
  const shown = ceilings.map(({ engine, arithmetic, gigaflops: { min, median, max } }) => [
    engine,
    arithmetic,
    ...[max, median, min].map(shownNumber),
  ]);
  console.log(`\n${table([["innermost loop alone", "arithmetic", "GFLOP/s, most", "median", "least"], ...shown])}`);
  const rows = products.flatMap(({ product, rows }) =>
    rows.map(({ engine, gigaflops, share, ms, ratio }) => [
      product,
      engine,
      shownNumber(gigaflops),
      share === undefined ? "" : `${Math.round(100 * share)} %`,
      ...[ms.min, ms.median, ms.max, ratio].map(shownNumber),
    ]),
  );
  console.log(`\n${table([heading, ...rows])}`);
  record(setting, `${date}-${label}-products`, { versions, ceilings, products }, problems, "all products are right");
}
