/** The console of a test that starts thousands of things: kept here, not sent line by line to the process of the reporter. */
import { format } from "node:util";
import { afterAll, beforeAll } from "vitest";

export interface KeptLog {
  /** All that was printed since it was last taken. */
  take(): string;
}

/** For the whole test file. */
export function keptLog(): KeptLog {
  const saved = { ...console };
  let lines: string[] = [];
  beforeAll(() => {
    for (const level of ["log", "info", "warn", "error", "debug"] as const) {
      console[level] = (...values: unknown[]) => void lines.push(format(...values));
    }
  });
  afterAll(() => Object.assign(console, saved));
  return {
    take() {
      const text = lines.join("\n");
      lines = [];
      return text;
    },
  };
}
