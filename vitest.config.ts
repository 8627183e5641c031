import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const library = fileURLToPath(new URL("packages/surprisal/src/", import.meta.url));

/** Tests of what is published, through the built packages; slower, and they need `npm run build` first. */
const built = ["packages/*/test/pack.test.ts", "packages/*/test/{built,journeys}/**/*.test.ts"];

/** Tests of the repository's own tools, each of which starts processes. */
const workshop = ["packages/*/test/workshop/**/*.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    // By default one core stays free, which on two cores is half of them.
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        // The library from its sources, so that no build comes between a change and its tests.
        resolve: {
          alias: [
            { find: /^surprisal$/, replacement: `${library}index.ts` },
            { find: /^surprisal\/(.+)$/, replacement: `${library}$1.ts` },
          ],
        },
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts"],
          exclude: [...built, ...workshop, "**/node_modules/**"],
        },
      },
      {
        extends: true,
        test: { name: "workshop", include: workshop },
      },
      {
        extends: true,
        test: { name: "built", include: built },
      },
    ],
  },
});
