/** How the tests run: two projects, by what a test file needs around it. `npm test` builds first, because most load what was built. */
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Last resort only: a test waits for an event, and a machine may be slow and busy. */
const HANGS_MS = 600_000;
/** Each starts many processes (a browser, the CLI, workers that are killed), or takes the place of parts that others use. */
const SLOW = ["e2e", "faults", "fuzz"].map((folder) => `test/${folder}/**/*.test.ts`);
const SLOW_COMMANDS = ["deploy", "new", "release"].flatMap((name) => [
  `test/scripts/${name}.test.ts`,
  `test/scripts/${name}/**/*.test.ts`,
]);

/** What takes longest begins first, also on a fresh clone, where nobody knows yet how long anything takes. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLater = ({ project }: TestSpecification) => Number(project.name !== "slow");
    return sorted.sort((a, b) => isLater(a) - isLater(b));
  }
}

export default defineConfig({
  test: {
    root: ".",
    silent: "passed-only",
    reporters: ["default", "./test/slowest.ts"],
    // The full counts take twenty times as long.
    testTimeout: process.env.STARTFLOW_FULL === "1" ? 6 * HANGS_MS : HANGS_MS,
    hookTimeout: HANGS_MS,
    expect: { poll: { timeout: HANGS_MS, interval: 25 } },
    // Function processes, browsers and engines run beside the tests: more files at once only wait for each other.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        // The parts, the local platform, the built functions, and the commands: what they import is read once a worker, not once
        // a file, so a file leaves the process as it found it.
        extends: true,
        test: {
          name: "rooms",
          include: ["test/**/*.test.ts"],
          exclude: [...SLOW, ...SLOW_COMMANDS],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: "slow", include: [...SLOW, ...SLOW_COMMANDS] },
      },
    ],
  },
});
