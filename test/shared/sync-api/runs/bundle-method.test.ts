/** The target that runs a method of this bundle within the call: its result is the output, its failure the run's. */
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { StartflowError } from "../../../../shared/base/errors";
import type { WholeInput } from "../../../../shared/engines/function";
import type { Submission } from "../../../../shared/engines/submission";
import type { Call, RunDefinition } from "../../../../shared/method/definition";
import type { MethodContext } from "../../../../shared/platform/context";
import { InterfaceError } from "../../../../shared/proxy/error";
import { bundleMethod } from "../../../../shared/sync-api/runs/bundle-method";
import { submission as common } from "../../engines/workflow/scripted-workflow";

const input = z.strictObject({ customerId: z.string() });
type Run = RunDefinition<typeof input>["run"];
const context: MethodContext = { callWorkflow: async () => undefined };
const submission: Submission<WholeInput> = {
  ...common,
  environment: "production",
  userId: "",
  fields: [{ name: "body", value: { customerId: "12345" }, entry: { whole: true } }],
};
const target = (run: Run, more: Partial<RunDefinition<typeof input>> = {}) =>
  bundleMethod("lookup-customer", {
    title: { zh: "", en: "" },
    input,
    sample: { customerId: "1" },
    run,
    ...more,
  });
const sent = async (run: Run, change: Partial<Submission<WholeInput>> = {}) =>
  (await target(run).prepare({ ...submission, ...change }, context)).send();

describe("a method that is run", () => {
  it("gets its input, the context and whose call it is, once, and nothing before it is sent", async () => {
    const run = vi.fn<Run>(async () => ({}));
    const start = await target(run).prepare(submission, context);
    expect(run).not.toHaveBeenCalled();
    await start.send();
    expect(run).toHaveBeenCalledExactlyOnceWith(
      { customerId: "12345" },
      { context, environment: "production", userId: "", deadline: expect.anything() },
    );
  });

  it("has as much time as the run", async () => {
    const left: number[] = [];
    const run: Run = async (_, { deadline }: Call) => {
      left.push(deadline.remainingMs());
      return {};
    };
    await sent(run, { sendTimeoutMs: 3_000 });
    await sent(run);
    expect(left[0]).toBeLessThanOrEqual(3_000);
    expect(left[0]).toBeGreaterThan(0);
    expect(left[1]).toBeLessThanOrEqual(8_000);
    expect(left[1]).toBeGreaterThan(3_000);
  });

  it.each([[{ id: "12345", name: "张三" }], [{}], [{ code: 500, message: "a customer's own" }]])(
    "ends with %j as its output",
    async (output) => {
      expect(await sent(async () => output)).toStrictEqual({
        processId: null,
        output,
        progress: { phase: "completed" },
      });
    },
  );

  it("is shown with its input, without secrets", async () => {
    const fields = [{ name: "body", value: { customerId: "1", token: "canary" }, entry: { whole: true as const } }];
    const { request } = await target(async () => ({})).prepare({ ...submission, fields }, context);
    expect(request).toEqual({ method: "lookup-customer", input: { customerId: "1", token: "***" } });
  });
});

describe("a method that fails", () => {
  it.each([
    [new StartflowError("NOT_CONFIGURED"), "NOT_CONFIGURED"],
    [new StartflowError("ENGINE_BUSY"), "ENGINE_BUSY"],
    [new StartflowError("OUTCOME_UNKNOWN"), "OUTCOME_UNKNOWN"],
  ])("with %s is a run that failed, so that it is not run again", async (error, code) => {
    const started = await sent(() => Promise.reject(error));
    expect(started).toStrictEqual({
      processId: null,
      problem: { code, message: error.message },
      progress: { phase: "failed", reason: error.message },
    });
  });

  it("because of an interface says which system, and what it said", async () => {
    const text = { zh: "客户系统：没有这个客户", en: "CRM: no such customer" };
    const error = new InterfaceError({ kind: "http", platform: "crm_system", text, status: 404 });
    const started = await sent(() => Promise.reject(error));
    expect(started).toMatchObject({ problem: { code: "INTERFACE_FAILED" }, progress: { phase: "failed" } });
    expect(started.problem?.message).toContain(error.text.en);
  });

  it("with what nobody foresaw says nothing of it", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const throwing: Run[] = [
      () => Promise.reject(new TypeError("canary")),
      () => {
        throw new RangeError("canary");
      },
      () => Promise.reject("canary"),
    ];
    for (const run of throwing) {
      const started = await sent(run);
      expect(started).toMatchObject({ problem: { code: "INTERNAL" }, progress: { phase: "failed" } });
      expect(JSON.stringify(started)).not.toContain("canary");
    }
    vi.restoreAllMocks();
  });

  it("is run once", async () => {
    const run = vi.fn<Run>(() => Promise.reject(new StartflowError("ENGINE_UNREACHABLE")));
    await sent(run);
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe("a definition", () => {
  it("has the method's name and secrets, and answers at the end; it can be asked and ended nowhere", () => {
    const found = target(async () => ({}), { secrets: ["STARTFLOW_CRM_SYSTEM_KEY"] });
    expect(found).toMatchObject({
      kind: "bundle-method",
      processKey: "lookup-customer",
      answersAtEnd: true,
      secrets: ["STARTFLOW_CRM_SYSTEM_KEY"],
    });
    expect(target(async () => ({})).secrets).toEqual([]);
    for (const member of ["status", "cancel", "find", "stamp", "repeatWindowMs"])
      expect(found).not.toHaveProperty(member);
  });
});
