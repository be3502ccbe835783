/** Who gets the lock of a state folder: against real processes that are killed, stopped, left as zombies, or come at once. */
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { lockFolder } from "../../local/lock";
import { counted } from "../helpers/counts";
import { platformProcess } from "../helpers/platform";
import type { Order, Report } from "./lock-contender";

const isLinux = process.platform === "linux";
const hasFlock = isLinux && spawnSync("flock", ["--version"]).error === undefined;
/** Only there can a process be given a network of its own, as a container is. */
const hasNamespaces = hasFlock && spawnSync("unshare", ["-rn", "true"]).status === 0;
/** Node.js finds itself by its whole path; the command flock it does not. */
const WITHOUT_FLOCK = { ...process.env, PATH: "/nowhere" };

let root: string;
let script: string;
let dir: string;
const children: ChildProcess[] = [];
const owners: { child: ChildProcess; pid: number }[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "startflow-lock-"));
  script = join(root, "contender.mjs");
  const entry = join("test", "local", "lock-contender.ts");
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: "node", format: "esm" });
});
beforeEach(() => {
  dir = mkdtempSync(join(root, "data-"));
});
afterEach(async () => {
  // Before the process that started them: until that ends, the pid is theirs, also as a zombie's.
  for (const { child, pid } of owners.splice(0)) if (isAlive(child)) process.kill(pid, "SIGKILL");
  await Promise.all(children.splice(0).map(end));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const isAlive = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

interface Contender {
  child: ChildProcess;
  pid: number;
  ask(order: Order): Promise<Report>;
}

function contender(env: NodeJS.ProcessEnv = process.env): Contender {
  const child = fork(script, [], { env, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  children.push(child);
  const ask = (order: Order) =>
    new Promise<Report>((settle, reject) => {
      const ended = () => reject(new Error("the contender ended"));
      child.once("exit", ended);
      child.once("message", (report: Report) => {
        child.off("exit", ended);
        settle(report);
      });
      child.send(order);
    });
  return { child, pid: child.pid as number, ask };
}

const LET_IN: Report = { beside: 0 };
const refusedBy = (pid: number) => ({
  beside: 0,
  refused: `${dir} is in use by another startflow (process ${pid}). Stop it, or choose a folder: npm start -- --data .startflow-2`,
});

async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error("it ended without a word");
}

/** A process that was let in, started by this command line. */
async function owner(command: string, args: string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const pid = Number(await firstLine(child.stdout));
  owners.push({ child, pid });
  return { child, pid };
}
const plainOwner = () => owner(process.execPath, [script, dir]);

describe("a folder that is in use", () => {
  it("is refused to a second holder in the same process, which is let in once the folder is free", async () => {
    const free = await lockFolder(dir);
    await expect(lockFolder(dir)).rejects.toThrow(refusedBy(process.pid).refused);
    await free();
    await (await lockFolder(dir))();
  });

  it("is refused to another process, which is let in once the folder is free", async () => {
    const [first, second] = [contender(), contender()];
    expect(await first.ask({ order: "take", dir })).toEqual(LET_IN);
    expect(await second.ask({ order: "take", dir })).toEqual(refusedBy(first.pid));
    await first.ask({ order: "free" });
    expect(await second.ask({ order: "take", dir })).toEqual(LET_IN);
    expect(await first.ask({ order: "take", dir })).toEqual(refusedBy(second.pid));
  });

  it("is not freed by a holder who frees it twice", async () => {
    const free = await lockFolder(dir);
    await Promise.all([free(), free()]);
    const next = await lockFolder(dir);
    await free();
    await expect(lockFolder(dir)).rejects.toThrow("is in use");
    await next();
  });

  it("is refused under each of its names", async () => {
    const other = join(root, "another-name");
    symlinkSync(dir, other);
    const free = await lockFolder(dir);
    await expect(lockFolder(other)).rejects.toThrow(`${other} is in use`);
    await free();
  });

  it("is refused while its owner is stopped and answers nobody", async () => {
    const { child, pid } = await plainOwner();
    child.kill("SIGSTOP");
    expect(await contender().ask({ order: "take", dir })).toEqual(refusedBy(pid));
    child.kill("SIGCONT");
    expect(await contender().ask({ order: "take", dir })).toEqual(refusedBy(pid));
  });

  it("does not keep its owner from ending", async () => {
    const { child } = await owner(process.execPath, [script, dir, "leave"]);
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(0);
    await (await lockFolder(dir))();
  });

  it.runIf(hasNamespaces)("is refused in another container, which has a network of its own", async () => {
    const { child, pid } = await owner("unshare", ["-rn", process.execPath, script, dir]);
    const elsewhere = `${dir} is in use by another startflow in another container (process ${pid} there). Stop it`;
    await expect(lockFolder(dir)).rejects.toThrow(elsewhere);
    expect(readFileSync(join(dir, "lock"), "utf8")).toBe(String(pid));
    await end(child);
    const free = await lockFolder(dir);
    expect(spawnSync("unshare", ["-rn", process.execPath, script, dir], { encoding: "utf8" }).stderr).toContain(
      `in use by another startflow in another container (process ${process.pid} there)`,
    );
    await free();
  });

  it.runIf(isLinux)("keeps its number when it is removed: no other folder counts as in use for it", async () => {
    const free = await lockFolder(dir);
    rmSync(dir, { recursive: true });
    for (let count = 0; count < 20; count += 1) await (await lockFolder(mkdtempSync(join(root, "data-"))))();
    await free();
  });
});

describe("a folder whose owner has gone", () => {
  it("lets in the next one at once after a SIGKILL, again and again", async () => {
    for (let round = 0; round < 5; round += 1) {
      const first = contender();
      expect(await first.ask({ order: "take", dir })).toEqual({ beside: round === 0 ? 0 : 1 });
      await end(first.child);
    }
  });

  it.runIf(isLinux)("lets in the next one while its owner is a zombie that nobody reaps", async () => {
    // What the shell becomes knows of no child: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#exec
    const { child, pid } = await owner("sh", ["-c", '"$0" "$1" "$2" & exec sleep 600', process.execPath, script, dir]);
    await expect(lockFolder(dir)).rejects.toThrow(`(process ${pid})`);
    process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(stateOf(pid)).toBe("Z"), { timeout: 20_000, interval: 5 });
    const free = await lockFolder(dir);
    expect([stateOf(pid), child.exitCode, child.signalCode]).toEqual(["Z", null, null]);
    await expect(lockFolder(dir)).rejects.toThrow(`(process ${process.pid})`);
    await free();
  });

  it("lets in the next one while its pid is another process's, and so where an older version left a pid", async () => {
    for (const left of [process.ppid, process.pid, 999_999_999, "", "no pid"]) {
      writeFileSync(join(dir, "lock"), String(left));
      const free = await lockFolder(dir);
      expect(await contender().ask({ order: "take", dir })).toEqual(refusedBy(process.pid));
      await free();
    }
  });
});

/** Of proc_pid_stat(5); its threads have all ended when it is the last one that is listed. */
function stateOf(pid: number): string {
  const threads = readdirSync(`/proc/${pid}/task`);
  const state = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? "";
  return threads.length === 1 ? state : "";
}

describe("many that come at once", () => {
  const ROUNDS = counted(200);

  /** All of them, as near to the same moment as it goes: who is let in keeps the folder until all have their answer. */
  async function race(contenders: Contender[]) {
    const reports = await Promise.all(contenders.map((one) => one.ask({ order: "take", dir })));
    expect(reports.map(({ beside }) => beside)).toEqual(reports.map(() => 0));
    const winners = contenders.filter((_, at) => reports[at]?.refused === undefined);
    expect(winners).toHaveLength(1);
    const refused = reports.flatMap((report) => report.refused ?? []);
    for (const message of refused) expect(message).toContain(`${dir} is in use by another startflow`);
    return winners[0] as Contender;
  }

  const CASES: [string, () => Promise<void>][] = [
    ["nothing", async () => undefined],
    ["what an older version left", async () => writeFileSync(join(dir, "lock"), String(process.ppid))],
    [
      "a dead owner's lock",
      async () => {
        const { child } = await plainOwner();
        await end(child);
      },
    ],
  ];
  it.each(CASES)("over %s: one is let in, and the next one when that one has gone", async (_, prepare) => {
    const contenders = Array.from({ length: 4 }, () => contender());
    for (let round = 0; round < ROUNDS; round += 1) {
      dir = mkdtempSync(join(root, "race-"));
      await prepare();
      const first = await race(contenders);
      await first.ask({ order: "free" });
      const second = await race(contenders);
      // Every other round its owner is killed instead, and a new one takes its place.
      if (round % 2 === 0) await second.ask({ order: "free" });
      else {
        await end(second.child);
        rmSync(join(dir, "held"));
        contenders[contenders.indexOf(second)] = contender();
        await (await race(contenders)).ask({ order: "free" });
      }
    }
  });

  it("and try until they are let in, all are, one at a time", async () => {
    const contenders = Array.from({ length: 4 }, () => contender());
    const reports = await Promise.all(contenders.map((one) => one.ask({ order: "again", dir, times: counted(500) })));
    expect(reports).toEqual(contenders.map(() => LET_IN));
  });
});

describe("a folder", () => {
  it("with a path longer than a socket's may be is locked like any other", async () => {
    dir = join(dir, ...Array.from({ length: 4 }, () => "a-long-name".repeat(10)));
    mkdirSync(dir, { recursive: true });
    expect(dir.length).toBeGreaterThan(400);
    const free = await lockFolder(dir);
    expect(await contender().ask({ order: "take", dir })).toEqual(refusedBy(process.pid));
    await free();
  });

  it("into which nothing can be written is refused with what to do", async () => {
    mkdirSync(join(dir, "lock"));
    await expect(lockFolder(dir)).rejects.toThrow(
      /cannot be locked: EISDIR.*\. Choose another folder: npm start -- --data <folder>$/,
    );
    rmSync(join(dir, "lock"), { recursive: true });
    // What was taken before it failed was let go again.
    await (await lockFolder(dir))();
  });

  it("that is no folder is refused with what to do", async () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    await expect(lockFolder(file)).rejects.toThrow(/cannot be locked: ENOTDIR.* Choose another folder/);
    await expect(lockFolder(join(dir, "none"))).rejects.toThrow(/cannot be locked: ENOENT.* Choose another folder/);
  });

  it.runIf(isLinux)("is locked without the command flock too, which is said, beside one who has it", async () => {
    const [without, alike, beside] = [contender(WITHOUT_FLOCK), contender(WITHOUT_FLOCK), contender()];
    const said = firstLine(without.child.stderr as Readable);
    expect(await without.ask({ order: "take", dir })).toEqual(LET_IN);
    expect(await said).toBe(
      `startflow: another startflow on ${dir} would not be noticed if it ran in another container: there is no command flock`,
    );
    expect(await alike.ask({ order: "take", dir })).toEqual(refusedBy(without.pid));
    expect(await beside.ask({ order: "take", dir })).toEqual(refusedBy(without.pid));
    await without.ask({ order: "free" });
    expect(await beside.ask({ order: "take", dir })).toEqual(LET_IN);
    expect(await alike.ask({ order: "take", dir })).toEqual(refusedBy(beside.pid));
  });
});

describe.runIf(isLinux)("the name of the lock", () => {
  /** As /proc/net/unix shows it: with @ for each zero byte. */
  function nameOf(folder: string): string {
    const number = `-${statSync(folder).ino.toString(16)}-`;
    const rows = readFileSync("/proc/net/unix", "utf8").split("\n");
    return (
      rows
        .map((row) => row.split(" ").at(-1) ?? "")
        .find((name) => /^@startflow-/.test(name) && name.includes(number)) ?? ""
    );
  }

  it("is as long as it can be, so that every Node.js makes the same of it", async () => {
    const free = await lockFolder(dir);
    expect(nameOf(dir)).toMatch(/^@startflow-[0-9a-f]+-[0-9a-f]+-+$/);
    expect(nameOf(dir)).toHaveLength(108);
    await free();
    expect(nameOf(dir)).toBe("");
  });

  it("can be called by anybody, who does no harm with it", async () => {
    const { child, pid } = await plainOwner();
    const path = `\0${nameOf(dir).slice(1)}`;
    for (let count = 0; count < 50; count += 1) {
      const caller = connect({ path });
      caller.on("error", () => undefined);
      caller.write("x".repeat(100_000));
      if (count % 2 === 1) caller.destroy();
      await new Promise((closed) => caller.on("close", closed));
    }
    expect(await contender().ask({ order: "take", dir })).toEqual(refusedBy(pid));
    expect(child.exitCode).toBeNull();
  });
});

describe("the platform", () => {
  it("starts again on its folder each time that it was killed, its whole process group or itself alone", async () => {
    for (let round = 0; round < 2; round += 1) {
      const platform = await platformProcess(dir, process.env, { ownGroup: round % 2 === 0 });
      children.push(platform.process);
      // A function's process, which outlives the platform's for a moment where only that is killed.
      await platform.test("start-leave", { params: {} });
      expect(await contender().ask({ order: "take", dir })).toEqual(refusedBy(platform.process.pid as number));
      await platform.kill();
    }
  });
});
