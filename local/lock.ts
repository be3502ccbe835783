/** One platform a state folder: two would write the same files, each without knowing of the other. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Holder, takeSystemLock } from "./system-lock";

/**
 * The lock is the operating system's, so whatever ends the owner frees the folder. The file `lock` only says to people who
 * has it, and nothing is decided by it: what a killed owner left there is a pid that may be a zombie's, or another
 * process's by now. An older version decided by that file; what it left is no more than a pid either.
 *
 * @throws Error that names the folder and the process that has it, or says why it cannot be locked
 * @returns gives the folder free; more than once does no harm
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const file = join(dir, "lock");
  const held: (() => void | Promise<void>)[] = [];
  const free = async () => {
    for (let last = held.pop(); last !== undefined; last = held.pop()) await last();
  };
  let holder: Holder | undefined;
  try {
    holder = await takeSystemLock(dir, file, held);
    if (holder === undefined) {
      writeFileSync(file, String(process.pid));
      held.push(() => empty(file));
      return free;
    }
  } catch (error) {
    await free();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${dir} cannot be locked: ${why}. Choose another folder: npm start -- --data <folder>`, {
      cause: error,
    });
  }
  const message = inUse(dir, file, holder);
  await free();
  throw new Error(message);
}

/** Not removed: where the file itself is locked, whoever made it anew would lock another one. */
function empty(file: string): void {
  try {
    writeFileSync(file, "");
  } catch {
    // The folder is gone, or the disk is full: a pid that is left there decides nothing.
  }
}

function inUse(dir: string, file: string, holder: Holder): string {
  const pid = signedBy(file);
  const who = {
    here: pid !== undefined && isRunning(pid) ? ` (process ${pid})` : "",
    elsewhere: ` in another container${pid === undefined ? "" : ` (process ${pid} there)`}`,
  }[holder];
  return `${dir} is in use by another startflow${who}. Stop it, or choose a folder: npm start -- --data .startflow-2`;
}

function signedBy(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** False for what a killed owner left: who has the lock now is about to write its own. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
