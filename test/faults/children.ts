/** Child processes that must not outlive the runner, however it ends. */
import type { ChildProcess } from "node:child_process";

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Resolves when the process is gone and everything that it said is read. */
export function endsWithRunner(child: ChildProcess): Promise<void> {
  running.add(child);
  return new Promise((gone) => {
    child.on("close", () => {
      running.delete(child);
      gone();
    });
  });
}
