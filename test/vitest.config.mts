/** How the tests run: `npm test` builds first, because most of them load what was built. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: ".",
    include: ["test/**/*.test.ts"],
    silent: "passed-only",
    // The full counts take twenty times as long.
    testTimeout: process.env.STARTFLOW_FULL === "1" ? 1_200_000 : 60_000,
    hookTimeout: 60_000,
    // Function processes, browsers and engines run beside the tests: more files at once only wait for each other.
    maxWorkers: 3,
  },
});
