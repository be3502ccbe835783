/** Printed at the end of a run: the twenty slowest test files, and the share of each in the time of all. */
import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

const SHOWN = 20;

interface Row {
  file: string;
  ms: number;
}

export default class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.map(rowOf).sort((a, b) => b.ms - a.ms);
    const allMs = rows.reduce((sum, { ms }) => sum + ms, 0);
    if (rows.length < 2 || allMs === 0) return;
    console.log(`\nslowest of ${rows.length} files (imports, hooks and tests; ${seconds(allMs)} s in all):`);
    for (const { file, ms } of rows.slice(0, SHOWN)) {
      console.log(`${seconds(ms).padStart(8)} s ${((100 * ms) / allMs).toFixed(1).padStart(5)} %  ${file}`);
    }
  }
}

function rowOf(module: TestModule): Row {
  const { collectDuration, setupDuration, duration } = module.diagnostic();
  return { file: relative(".", module.moduleId), ms: collectDuration + setupDuration + duration };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
