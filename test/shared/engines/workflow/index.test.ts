/** The target of CloudBase workflows as it is defined, and the call that it makes. */
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import type { Submission } from "../../../../shared/engines/submission";
import {
  type CloudbaseWorkflowOptions,
  cloudbaseWorkflow,
  type WorkflowInput,
} from "../../../../shared/engines/workflow";
import { defineMethod } from "../../../../shared/method";
import type { MethodContext } from "../../../../shared/platform/context";
import { failureOf } from "../../../helpers/failure";
import { options, scripted, submission, wholeOf } from "./scripted-workflow";

async function prepared(change: Partial<Submission<WorkflowInput>> = {}, more: Partial<CloudbaseWorkflowOptions> = {}) {
  const { context, calls } = scripted();
  const start = await cloudbaseWorkflow({ ...options, ...more }).prepare({ ...submission, ...change }, context);
  return { start, calls };
}

afterEach(() => vi.unstubAllEnvs());

describe("a call of a workflow", () => {
  it("is the published one, with a member for each field, and is shown as it is sent", async () => {
    const { start, calls } = await prepared();
    const call = { name: "cloudbase_module", data: { name: "wf_hello", data: { reason: "探亲", howLong: 3 } } };
    expect(start.request).toEqual(call);
    expect(calls).toEqual([]);
    await start.send();
    expect(calls).toEqual([[call, { timeout: 8_000 }]]);
  });

  it.each([{ a: [1, { b: null }] }, [1, 2], "text", 0, false, null])(
    "has the one field %j as its whole data",
    async (value) => {
      const { start, calls } = await prepared({ fields: wholeOf(value) });
      await start.send();
      expect(calls[0]?.[0]).toEqual({ name: "cloudbase_module", data: { name: "wf_hello", data: value } });
    },
  );

  it("has its data in a list of one, where the workflow takes a list", async () => {
    const { start } = await prepared({}, { inList: true });
    expect(start.request).toHaveProperty("data.data", [{ reason: "探亲", howLong: 3 }]);
    const whole = await prepared({ fields: wholeOf([1]) }, { inList: true });
    expect(whole.start.request).toHaveProperty("data.data", [[1]]);
  });

  it("without any field has an empty object as its data", async () => {
    expect((await prepared({ fields: [] })).start.request).toHaveProperty("data.data", {});
  });

  it("waits as long as the submission says, or else as long as is configured", async () => {
    vi.stubEnv("STARTFLOW_SEND_TIMEOUT_MS", "12000");
    const configured = await prepared();
    await configured.start.send();
    expect(configured.calls[0]?.[1]).toEqual({ timeout: 12_000 });
    const told = await prepared({ sendTimeoutMs: 55_000 });
    await told.start.send();
    expect(told.calls[0]?.[1]).toEqual({ timeout: 55_000 });
  });

  it("is shown with secrets masked, however deep they are, and is sent as it is", async () => {
    const deep = { a: { b: { c: { d: { e: { f: { apiKey: "canary", phone: "13812345678" } } } } } } };
    const { start, calls } = await prepared({ fields: wholeOf(deep) });
    expect(start.request).toHaveProperty("data.data.a.b.c.d.e.f", { apiKey: "***", phone: "138****5678" });
    await start.send();
    expect(calls[0]?.[0]).toHaveProperty("data.data", deep);
  });
});

describe("a start that cannot be made", () => {
  it.each([{}, { app: { getTempFileURL: async () => ({}) } }])(
    "for want of app.callFunction is refused before",
    async (part) => {
      const context: MethodContext = { callWorkflow: async () => undefined, ...part };
      const failure = await failureOf(cloudbaseWorkflow(options).prepare(submission, context));
      expect(failure).toMatchObject({ code: "NOT_CONFIGURED", outcome: "rejected" });
      expect(failure.message).toContain("callFunction");
    },
  );

  it("because a field stands beside the one that is the whole, is refused before", async () => {
    const fields = [...wholeOf({ a: 1 }), ...submission.fields];
    expect(await failureOf(prepared({ fields }))).toMatchObject({ code: "NOT_CONFIGURED", outcome: "rejected" });
  });
});

describe("a definition", () => {
  const method = (fields: Record<string, WorkflowInput>) => () =>
    defineMethod({
      title: { zh: "", en: "" },
      input: z.strictObject({ a: z.string(), b: z.string() }),
      sample: { a: "1", b: "2" },
      start: cloudbaseWorkflow(options),
      fields,
    });

  it("says what it starts, needs no secret, and can be asked and cancelled nowhere", () => {
    const target = cloudbaseWorkflow(options);
    expect(target).toMatchObject({
      kind: "cloudbase-workflow",
      processKey: "wf_hello",
      answersAtEnd: true,
      secrets: [],
    });
    for (const member of ["status", "cancel", "find", "stamp", "repeatWindowMs"])
      expect(target).not.toHaveProperty(member);
  });

  it.each(["", "a b", "编号", "../x", "x".repeat(129)])("with the workflow %j is refused", (workflow) => {
    expect(() => cloudbaseWorkflow({ workflow })).toThrow("cloudbaseWorkflow: the workflow's id");
  });

  it.each(["", "__proto__", "a.b", "1a", "x".repeat(65)])("with the member %j is refused", (name) => {
    expect(method({ a: { name } })).toThrow("fields.a has a name");
  });

  it("is refused where two fields become one member, or each is the whole", () => {
    expect(method({ a: { name: "x" }, b: { name: "x" } })).toThrow("share the code data.x");
    expect(method({ a: { whole: true }, b: { whole: true } })).toThrow("share the code data");
    expect(method({ a: { name: "姓名" }, b: { name: "$b-1" } })).not.toThrow();
  });
});
