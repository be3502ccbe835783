import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { wedaProcess } from "../../../shared/engines/weda";
import { label } from "../../../shared/form/fields";
import { defineMethod, type StartedAnswer } from "../../../shared/method";
import { recordingContext } from "../../helpers/context";

const start = wedaProcess({ connector: { ConnectorName: "api", FunctionName: "method" }, processKey: "flow_1" });
const input = z.strictObject({
  reason: z.string().max(10).meta(label("事由", "Reason")),
  days: z.number().optional(),
});
const common = { title: { zh: "测试", en: "Test" }, input, sample: { reason: "x" }, start };
const method = defineMethod({
  ...common,
  fields: { reason: { paramCode: "1", fieldType: "string" }, days: { paramCode: "2", fieldType: "number" } },
});

async function thrownBy(params: unknown, context = recordingContext()): Promise<Error & Record<string, unknown>> {
  const error = await method(params, context).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Error) return error as Error & Record<string, unknown>;
  throw new Error("nothing was thrown");
}

afterEach(() => vi.unstubAllGlobals());

describe("a method is refused when it is defined", () => {
  it("where two fields share one paramCode", () => {
    const fields = {
      reason: { paramCode: "1", fieldType: "string" },
      days: { paramCode: "1", fieldType: "number" },
    } as const;
    expect(() => defineMethod({ ...common, fields })).toThrow("fields.days and fields.reason share the code 1");
  });

  it("where an entry is for no field of the form", () => {
    const fields = { raeson: { paramCode: "1", fieldType: "string" } } as object;
    expect(() => defineMethod({ ...common, fields })).toThrow("fields.raeson is no field of the form");
  });

  it.each(["", "a b", "编码", "x".repeat(65)])("where a paramCode is %j", (paramCode) => {
    expect(() => defineMethod({ ...common, fields: { reason: { paramCode, fieldType: "string" } } })).toThrow(
      "fields.reason has a paramCode",
    );
  });

  it.each(["submissionId", "UserId", "ExtraUserInfo"])("where the form has the reserved field %s", (name) => {
    const reserved = z.strictObject({ [name]: z.string() });
    expect(() => defineMethod({ ...common, input: reserved, sample: { [name]: "x" }, fields: {} })).toThrow(name);
  });
});

describe("a start", () => {
  it("answers the outcome, the process, the submission and the target", async () => {
    const context = recordingContext();
    expect(await method({ reason: "x", submissionId: "s-12345678" }, context)).toEqual({
      outcome: "started",
      processId: "1542109022301507586",
      submissionId: "s-12345678",
      target: "weda-process",
    });
    expect(context.calls).toHaveLength(1);
  });

  it("makes one id of equal content by one user, whatever the order of its fields", async () => {
    const idOf = async (params: unknown, uid = "u") =>
      ((await method(params, recordingContext(undefined, { uid }))) as StartedAnswer).submissionId;
    const id = await idOf({ reason: "x", days: 1 });
    expect(id).toMatch(/^d-[0-9a-f]{40}$/);
    expect(await idOf({ days: 1, reason: "x" })).toBe(id);
    expect(await idOf({ days: 2, reason: "x" })).not.toBe(id);
    expect(await idOf({ days: 1, reason: "x" }, "other")).not.toBe(id);
  });

  it.each(["short", "a b c d e f", "x".repeat(65), 12345678, {}, "../../etc/passwd"])(
    "is refused with the submission id %j",
    async (submissionId) => {
      const context = recordingContext();
      const error = await thrownBy({ reason: "x", submissionId }, context);
      expect(error).toMatchObject({ code: "INVALID_PARAMS", issues: [{ path: "submissionId" }] });
      expect(context.calls).toHaveLength(0);
    },
  );

  it("sends nothing where a field is wrong, and names it by its label", async () => {
    const context = recordingContext();
    const error = await thrownBy({ reason: "x".repeat(11), extra: 1 }, context);
    expect(error.message).toContain("「事由」最多 10 个字");
    expect(error.message).toContain('"Reason" takes at most 10 characters');
    expect(context.calls).toHaveLength(0);
  });

  it("says unknown where the engine's failure does not say that nothing was started", async () => {
    const error = await thrownBy(
      { reason: "x" },
      recordingContext(() => Promise.reject(new Error("socket hang up"))),
    );
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(error.submissionId).toMatch(/^d-/);
  });

  it("gives a dry run what would be sent, and sends nothing", async () => {
    const context = recordingContext();
    const dry = await method.dryRun({ reason: "x" }, context);
    expect(dry).toMatchObject({
      outcome: "dry_run",
      request: { action: "StartProcessWithParams", data: { ProcessKey: "flow_1" } },
    });
    expect(context.calls).toHaveLength(0);
  });

  it("needs no auth in the context, where a user is configured", async () => {
    vi.stubEnv("STARTFLOW_EXTRA_USER_ID", "42");
    const { auth: _, ...bare } = recordingContext();
    expect(await method({ reason: "x" }, bare)).toMatchObject({ outcome: "started" });
    vi.unstubAllEnvs();
  });

  it("takes an anonymous visitor for nobody", async () => {
    expect((await thrownBy({ reason: "x" }, recordingContext(undefined, { uid: "a", isAnonymous: true }))).code).toBe(
      "NOT_SIGNED_IN",
    );
  });
});

describe("a failure in custom code", () => {
  class PlatformError extends Error {
    constructor(
      readonly code: string,
      message: string,
    ) {
      super(message);
    }
  }

  it("is the platform's TCBError where that global exists, with the submission id in its message", async () => {
    vi.stubGlobal("TCBError", PlatformError);
    const error = await thrownBy(
      { reason: "x", submissionId: "s-12345678" },
      recordingContext(() => ({ code: "InternalError" })),
    );
    expect(error).toBeInstanceOf(PlatformError);
    expect(error.code).toBe("OUTCOME_UNKNOWN");
    expect(error.message).toContain("s-12345678");
  });

  it("is our own error, with the same code, where it does not", async () => {
    expect(await thrownBy({})).toMatchObject({ name: "StartflowError", code: "INVALID_PARAMS", outcome: "rejected" });
  });
});
