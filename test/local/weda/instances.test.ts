/** The instances themselves: restarts, kills, many at once, and what the console is shown of them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { nextInstanceId } from "../../../local/instances/instance-ids";
import { condition, placeholder, withCondition } from "../engine/flow-of";
import { DAY_MS, idOf, leaveOf, open, startData, temporaryDir } from "./open-weda";

const START = "StartProcessWithParams";

type Opened = Awaited<ReturnType<typeof open>>;

async function decide({ weda }: Opened, id: string, action: "agree" | "reject" = "agree") {
  const task = (await weda.instance(id)).tasks.find(({ state }) => state === "open");
  return await weda.completeTask(id, task?.id ?? "", { action, comment: "好" });
}

describe("an instance", () => {
  it("goes on where it was after a restart between two approvals", async () => {
    const before = await open();
    const id = idOf(await before.call(START, leaveOf(5)));
    expect(await decide(before, id)).toMatchObject({
      state: "waiting",
      tasks: [{ comment: "好" }, { name: "人事审批" }],
    });
    await before.weda.close();
    const after = await open({ dir: before.dir });
    expect(await decide(after, id)).toMatchObject({ state: "completed" });
    await after.weda.close();
    const again = await open({ dir: before.dir });
    expect(await again.weda.instance(id)).toMatchObject({ state: "completed", tasks: [{ action: "agree" }, {}] });
    await again.weda.close();
  });

  it("is changed by one call at a time: of ten that complete one task, one does", async () => {
    const opened = await open();
    const id = idOf(await opened.call(START, leaveOf(5)));
    const task = (await opened.weda.instance(id)).tasks[0]?.id ?? "";
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, () => opened.weda.completeTask(id, task, { action: "agree" })),
    );
    const refused = all.filter((one) => one.status === "rejected").map(({ reason }) => reason.code);
    expect(refused).toEqual(Array(9).fill("TASK_NOT_OPEN"));
    expect((await opened.weda.instance(id)).tasks).toHaveLength(2);
    await opened.weda.close();
  });

  it("fires its reminder when it is looked at after two days on the platform's clock", async () => {
    const { weda, call, clock } = await open();
    const id = idOf(await call(START, leaveOf(1)));
    const reminders = async () => (await weda.instance(id)).timeline.filter(({ what }) => what === "timer").length;
    expect(await reminders()).toBe(0);
    clock.set({ offsetMs: 3 * DAY_MS });
    expect((await weda.instances())[0]?.timeline.some(({ what }) => what === "timer")).toBe(true);
    expect(await reminders()).toBe(1);
    await weda.close();
  });

  it("fires its reminder at once when time is moved on", async () => {
    const { weda, call } = await open();
    const id = idOf(await call(START, leaveOf(1)));
    const { state, timeline } = await weda.fastForward(id);
    expect([state, timeline.some(({ nodeId }) => nodeId === "Task_remind")]).toEqual(["waiting", true]);
    await weda.close();
  });

  it("is drawn with what is done and what waits", async () => {
    const opened = await open();
    const id = idOf(await opened.call(START, leaveOf(5)));
    const waiting = await opened.weda.diagram(id);
    expect(waiting.waiting).toEqual(["Task_manager", "Timer_reminder"]);
    expect(waiting.done).toEqual(["Start_leave", "Flow_submitted"]);
    await decide(opened, id);
    await decide(opened, id, "reject");
    const ended = await opened.weda.diagram(id);
    expect([ended.waiting, ended.failed]).toEqual([[], []]);
    expect(ended.done).toEqual(expect.arrayContaining(["Task_manager", "Flow_long", "Task_hr", "End_declined"]));
    await opened.weda.close();
  });

  it("that comes to a gateway without a way out has failed there, and was started all the same", async () => {
    const flowsDir = join(await temporaryDir(), "flows");
    await mkdir(flowsDir);
    const never = condition(placeholder("environment.services.equals(1, 2)"));
    const xml = withCondition(never)
      .replace(' default="f3"', "")
      .replace(/<sequenceFlow id="f3"[^>]*>/, "");
    await writeFile(join(flowsDir, "flow_test.bpmn"), xml);
    const { weda, call } = await open({ flowsDir });
    const id = idOf(await call(START, { ...leaveOf(1), StartParams: [], ProcessKey: "flow_test" }));
    expect((await weda.instance(id)).state).toBe("failed");
    expect(await weda.diagram(id)).toMatchObject({ waiting: [], failed: ["g"] });
    await weda.close();
  });

  it("that is not there is an error with a code", async () => {
    const { weda } = await open();
    for (const ask of [weda.instance("1"), weda.diagram("1"), weda.fastForward("1")]) {
      await expect(ask).rejects.toMatchObject({ code: "INSTANCE_NOT_FOUND" });
    }
    await weda.close();
  });
});

describe("instances", () => {
  it("are all there, each once and each its own, when 200 start at the same time", async () => {
    const { weda, call, dir } = await open();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => call(START, leaveOf(index))));
    const ids = answers.map(idOf);
    expect(new Set(ids).size).toBe(200);
    await weda.close();
    const after = await open({ dir });
    const listed = await after.weda.instances();
    expect(listed.map(({ id }) => id)).toEqual([...ids].sort().reverse());
    for (const [index, id] of ids.entries()) {
      expect(listed.find((one) => one.id === id)?.variables).toEqual({ days: index });
    }
    expect(await after.weda.instances(3)).toHaveLength(3);
    await after.weda.close();
  });

  it("are all there when their file was compacted in between", async () => {
    const { weda, call, dir } = await open();
    const reason = "事由".repeat(20_000);
    const large = () => call(START, startData([["165708798187000001", "string", reason]]));
    const ids: string[] = [];
    for (let batch = 0; batch < 3; batch += 1)
      ids.push(...(await Promise.all(Array.from({ length: 20 }, large))).map(idOf));
    for (const id of ids) await weda.fastForward(id);
    await weda.close();
    const after = await open({ dir });
    const listed = await after.weda.instances();
    expect(listed.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(listed.every(({ timeline }) => timeline.some(({ what }) => what === "timer"))).toBe(true);
    // Every instance was written twice, and kept twice in `request` and `variables`.
    expect((await stat(join(dir, "instances.jsonl"))).size).toBeLessThan(120 * 2 * Buffer.byteLength(reason));
    await after.weda.close();
  });

  it("have ids that grow, also after a restart, a reset and a clock moved back", async () => {
    const before = await open();
    before.clock.set({ offsetMs: 10 * DAY_MS });
    const ids = [idOf(await before.call(START, leaveOf(1)))];
    await before.weda.close();
    const { weda, call, clock } = await open({ dir: before.dir });
    clock.set({ offsetMs: -1_000 * DAY_MS });
    ids.push(idOf(await call(START, leaveOf(1))));
    await weda.reset();
    expect(await weda.instances()).toEqual([]);
    ids.push(idOf(await call(START, leaveOf(1))));
    await weda.close();
    const after = await open({ dir: before.dir });
    ids.push(idOf(await after.call(START, leaveOf(1))));
    expect(await after.weda.instances()).toHaveLength(2);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(4);
    await after.weda.close();
  });

  it.each([-3.2e12, 0, 1.8e12, 5e12])("have ids of 19 digits at %d ms", (nowMs) => {
    const first = nextInstanceId(undefined, nowMs);
    expect([first, nextInstanceId(first, nowMs - 1)].every((id) => /^\d{19}$/.test(id))).toBe(true);
    expect(nextInstanceId(first, nowMs - 1) > first).toBe(true);
  });

  it("that were acknowledged are all complete after the process was killed in the middle of starting", async () => {
    const dir = await temporaryDir();
    await symlink(resolve("node_modules"), join(dir, "node_modules"));
    const outfile = join(dir, "child.mjs");
    const entry = join("test", "local", "weda", "start-until-killed.ts");
    await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
    const child = spawn(process.execPath, [outfile, join(dir, "state")], { stdio: ["ignore", "pipe", "inherit"] });
    const acknowledged: string[] = [];
    for await (const id of createInterface({ input: child.stdout })) {
      acknowledged.push(id);
      if (acknowledged.length === 40) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
    const opened = await open({ dir: join(dir, "state") });
    const listed = await opened.weda.instances();
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    expect(listed.every(({ tasks, state }) => state === "waiting" && tasks.length === 1)).toBe(true);
    expect((await decide(opened, acknowledged.at(-1) ?? "")).state).toBe("completed");
    await opened.weda.close();
  });
});
