/** Runs of the shipped workflows through the real SDK: what the call gives back, and the instance that it leaves. */
import { describe, expect, it } from "vitest";
import type { InstanceView } from "../../../local/console/wire";
import { openWorkflows, soon } from "./open-workflows";

const { platform, run, instance, clock, requests } = await openWorkflows({
  code: {
    "as-user": `module.exports = async (params, context) =>
      (await context.app.callFunction({ name: "cloudbase_module", data: { name: "wf_hello", data: params } })).result;`,
  },
});

const waiting = () => soon(async () => ((await instance())?.state === "waiting" ? await instance() : undefined));

describe("a workflow that ends at once", () => {
  it("gives its output, and leaves an instance with what it was called with", async () => {
    const { result, requestId } = await run("wf_hello", { reason: "探亲" });
    expect(result).toEqual({ name: "hello world" });
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await instance()).toMatchObject({
      id: expect.stringMatching(/^\d{19}$/),
      engine: "workflow",
      processKey: "wf_hello",
      name: "问候",
      state: "completed",
      startedBy: "",
      variables: { trigger: { reason: "探亲" } },
      request: { name: "wf_hello", data: { reason: "探亲" } },
      tasks: [],
    });
  });

  it("gives null where it has no output", async () => {
    expect((await run("wf_quiet", {})).result).toBeNull();
    expect(await instance()).toMatchObject({ state: "completed" });
  });

  it.each([null, 0, false, "text", [1, [2]], { a: { b: [null] } }])("takes %j as its data", async (data) => {
    expect((await run("wf_hello", data)).result).toEqual({ name: "hello world" });
    expect((await instance())?.variables).toEqual({ trigger: data });
  });

  it("takes no data at all, which is null to it", async () => {
    await run("wf_hello");
    expect(await instance()).toMatchObject({ variables: { trigger: null }, request: { name: "wf_hello" } });
  });
});

describe("a workflow that fails on its way", () => {
  it("says at which node and why, and its instance is failed", async () => {
    expect((await run("wf_broken", {})).result).toEqual({
      code: "WORKFLOW_RUN_FAILED",
      message: expect.stringContaining("Gateway_broken"),
      node: { id: "Gateway_broken", name: "没有出口" },
    });
    expect(await instance()).toMatchObject({ state: "failed" });
  });
});

describe("a workflow that waits for an approver", () => {
  it.each([
    ["agree", "completed"],
    ["reject", "declined"],
  ])("is answered at once with where and for whom, and is done when he says %s: %s", async (action, state) => {
    expect((await run("wf_approval", { days: 3 })).result).toEqual({
      code: "WORKFLOW_WAITING",
      message: expect.any(String),
      waiting: [{ node: { id: "Task_manager", name: "主管审批" }, assignee: "主管" }],
    });
    const { id, tasks } = (await instance()) as InstanceView;
    const path = `/_local/instances/${id}/tasks/${tasks[0]?.id}`;
    expect(await platform.send("POST", path, { action, comment: "好" })).toMatchObject({ id, state });
  });
});

describe("a workflow that takes its time", () => {
  it("is answered with its output when its timer comes due on the platform's clock", async () => {
    await clock({ rate: 200 });
    const from = Date.now();
    expect((await run("wf_slow", {})).result).toBe("done");
    expect(Date.now() - from).toBeGreaterThanOrEqual(90);
    expect(await instance()).toMatchObject({ state: "completed" });
  });

  it.each([
    ["the clock is sped up", () => clock({ rate: 100_000 })],
    ["the clock is moved on", () => clock({ offsetMs: 60_000 })],
    [
      "it is moved on by hand",
      async () => platform.send("POST", `/_local/instances/${(await instance())?.id}/fast-forward`, {}),
    ],
  ])("is answered soon after %s in the middle of it", async (_, move) => {
    const called = run("wf_slow", {});
    expect(await waiting()).toMatchObject({ processKey: "wf_slow", tasks: [] });
    await move();
    expect((await called).result).toBe("done");
  });

  it("goes on where the clock was stopped, as soon as it runs again", async () => {
    await clock({ rate: 0 });
    const called = run("wf_slow", {});
    await waiting();
    await clock({ rate: 100_000 });
    expect((await called).result).toBe("done");
  });

  it("outlives a caller that gives up: its instance is there, and ends by itself", async () => {
    await expect(run("wf_slow", {}, 200)).rejects.toMatchObject({ code: "ESOCKETTIMEDOUT" });
    expect(await instance()).toMatchObject({ state: "waiting", processKey: "wf_slow" });
    expect(await requests()).toMatchObject([{ engine: "workflow", path: "/cloudbase_module", status: 200 }]);
    await clock({ rate: 100_000 });
    const ended = await soon(async () => ((await instance())?.state === "completed" ? await instance() : undefined));
    expect(ended?.timeline.filter(({ what }) => what === "timer")).toHaveLength(1);
  });

  it("holds no other call up", async () => {
    const slow = [run("wf_slow", 1), run("wf_slow", 2)];
    await waiting();
    expect((await run("wf_hello", 3)).result).toEqual({ name: "hello world" });
    await clock({ rate: 100_000 });
    expect((await Promise.all(slow)).map(({ result }) => result)).toEqual(["done", "done"]);
    expect(await platform.instances()).toHaveLength(3);
  });

  it("is told to have failed where the platform is reset meanwhile", async () => {
    const called = run("wf_slow", {});
    await waiting();
    await platform.send("POST", "/_local/reset", {});
    expect((await called).result).toMatchObject({ code: "WORKFLOW_RUN_FAILED" });
  });
});

describe("a call that runs nothing", () => {
  it("names a workflow that there is not", async () => {
    expect((await run("wf_nothing", {})).result).toEqual({ code: "WORKFLOW_NOT_FOUND", message: expect.any(String) });
    // WeDa's flows are no workflows, and neither is a path.
    expect((await run("flow_012", {})).result).toMatchObject({ code: "WORKFLOW_NOT_FOUND" });
    expect(await platform.instances()).toEqual([]);
  });

  it.each([5, null, "", "../flow_012"])("has %j for a name", async (name) => {
    await expect(run(name, {})).rejects.toMatchObject({ code: "INVALID_PARAM" });
    expect(await platform.instances()).toEqual([]);
    expect(await requests()).toMatchObject([{ engine: "workflow", body: { name } }]);
  });
});

describe("who calls", () => {
  it("is the user of the function that calls, and its test shows what was received", async () => {
    const { result, requests } = await platform.test("as-user", { params: { a: 1 }, user: "user-7" });
    expect(result).toEqual({ name: "hello world" });
    expect(requests).toMatchObject([
      {
        engine: "workflow",
        method: "POST",
        path: "/cloudbase_module",
        body: { name: "wf_hello", data: { a: 1 } },
        status: 200,
      },
    ]);
    expect(await instance()).toMatchObject({ startedBy: "user-7" });
  });
});
