/** Child processes and folders that must not outlive the runner, however it ends. */
import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";

const running = new Set<ChildProcess>();
const folders = new Set<string>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) removeFolder(folder);
});

export function folderEndsWithRunner(folder: string): void {
  folders.add(folder);
}

export function removeFolder(folder: string): void {
  // A process that was just killed may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}

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
