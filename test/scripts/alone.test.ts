/** What must not run twice at once, and what becomes of it when somebody is killed in the middle. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { alone } from "../../scripts/run/alone.mjs";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "startflow-alone-"));
  lock = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const leaveLock = (owner: string) => {
  mkdirSync(lock);
  writeFileSync(join(lock, "owner"), owner);
};

it("runs one after the other, also after one that fails, and leaves nothing", async () => {
  let running = 0;
  const task = async () => {
    running += 1;
    expect(running).toBe(1);
    await new Promise(setImmediate);
    running -= 1;
    return "done";
  };
  const failing = alone(lock, () => task().then(() => Promise.reject(new Error("failed"))));
  await expect(failing).rejects.toThrow("failed");
  expect(await Promise.all(Array.from({ length: 5 }, () => alone(lock, task)))).toEqual(Array(5).fill("done"));
  expect(readdirSync(folder)).toEqual([]);
});

/** @returns for whom it says that it waits, and its end */
function waiter() {
  const saidFor: string[] = [];
  let ended = Promise.resolve("");
  const waits = new Promise<void>((said) => {
    ended = alone(
      lock,
      () => "done",
      (pid) => {
        saidFor.push(pid);
        said();
      },
    );
  });
  return { saidFor, waits, ended };
}

it("says once for whom it waits, and goes on when that one has ended", async () => {
  let letGo = () => {};
  const first = alone(lock, () => new Promise<void>((done) => (letGo = done)));
  const { saidFor, waits, ended } = waiter();
  await waits;
  letGo();
  await first;
  expect(await ended).toBe("done");
  expect(saidFor).toEqual([String(process.pid)]);
});

it("takes what a process has left that is gone, or that had this one's number", async () => {
  leaveLock(`of-another-life ${process.pid}`);
  expect(await alone(lock, () => "done")).toBe("done");
  leaveLock(`of-the-dead ${2 ** 30}`);
  expect(await Promise.all([alone(lock, () => "a"), alone(lock, () => "b")])).toEqual(["a", "b"]);
});

it("waits for what a process has started, too", async () => {
  await alone(lock, (alsoRuns) => {
    alsoRuns(4321);
    expect(readFileSync(join(lock, "owner"), "utf8")).toMatch(new RegExp(` ${process.pid} 4321$`));
  });
  leaveLock(`half-dead ${2 ** 30} ${process.ppid}`);
  const { waits, ended } = waiter();
  await waits;
  rmSync(lock, { recursive: true });
  expect(await ended).toBe("done");
});
