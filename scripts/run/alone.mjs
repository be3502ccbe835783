/** What two processes at once would ruin, one after the other: an install, a build. */
import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const RETRY_MS = 100;
const OWNER = "owner";
/** "Somebody has it", as the systems say when a folder is moved onto one that is there. */
const TAKEN = new Set(["ENOTEMPTY", "EEXIST", ...(process.platform === "win32" ? ["EPERM", "EACCES"] : [])]);
/** Of this process: its id alone may be that of one that has died. */
const own = new Set();

/**
 * Runs the task when no other process has `lock`, a folder. It is moved into place with its owner in it, so nobody ever
 * sees it without; and what a killed process left is moved away under a name that only one can take.
 * @param task gets a function for ids of processes that it starts: until they are gone too, the lock is not given to others
 * @param onWait is called once, where another process has it
 */
export async function alone(lock, task, onWait = () => {}) {
  const token = randomUUID();
  const ours = `${lock}.${token}`;
  mkdirSync(ours, { recursive: true });
  writeFileSync(join(ours, OWNER), `${token} ${process.pid}`);
  own.add(token);
  try {
    let isWaiting = false;
    while (!move(ours, lock)) {
      const owner = ownerOf(lock);
      if (owner !== undefined && !owner.isAtWork) move(lock, `${lock}.${owner.token}.left`);
      else {
        if (owner !== undefined && !isWaiting) onWait(owner.pid);
        isWaiting ||= owner !== undefined;
        await pause(RETRY_MS);
      }
    }
    return await task((pid) => appendFileSync(join(lock, OWNER), ` ${pid}`));
  } finally {
    // Moved before it is removed: half of it is never seen. Whoever waited in vain has only his own folder.
    if (ownerOf(lock)?.token === token) move(lock, ours);
    rmSync(ours, { recursive: true, force: true });
    own.delete(token);
  }
}

/** Whether the folder is there now. */
function move(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    // Somebody was faster, or the owner has just gone.
    if (TAKEN.has(error.code) || error.code === "ENOENT") return false;
    throw error;
  }
}

function ownerOf(lock) {
  try {
    const [token, ...pids] = readFileSync(join(lock, OWNER), "utf8").split(" ");
    const isAtWork = pids.map(Number).some((pid) => (pid === process.pid ? own.has(token) : isRunning(pid)));
    return { token, pid: pids[0], isAtWork };
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
