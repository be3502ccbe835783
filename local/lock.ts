/** One platform a state folder: two would write the same files, each without knowing of the other. */
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/** @throws Error that names the folder and the process that has it. @returns gives the folder free */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const file = join(dir, "lock");
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const handle = await open(file, "wx").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return undefined;
      throw error;
    });
    if (handle !== undefined) {
      await handle.writeFile(String(process.pid)).finally(() => handle.close());
      return () => rm(file, { force: true });
    }
    const pid = Number(await readFile(file, "utf8").catch(() => ""));
    if (pid !== process.pid && isRunning(pid)) {
      throw new Error(
        `${dir} is in use by another startflow (process ${pid}). Stop it, or choose a folder: npm start -- --data .startflow-2`,
      );
    }
    // Its owner was killed: what it left is nobody's.
    await rm(file, { force: true });
  }
  throw new Error(`${dir} is in use by another startflow that is just starting`);
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
