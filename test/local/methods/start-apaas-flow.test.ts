/** start-apaas-flow as it was built: what goes on the wire, what comes back, and whether it started where the answer was lost. */
import { describe, expect, it } from "vitest";
import type { InstanceView } from "../../../local/console/wire";
import { fixture } from "../../helpers/fixtures";
import { APAAS, flow, openMethods, resultOf } from "./feishu-helpers";

const { platform, feishu } = await openMethods();

const started = async () => (await platform.instances()).filter(({ engine }) => engine === "apaas");

describe.each(["code", "main"] as const)("through %s", (entry) => {
  it("sends the published body, and answers with the execution's id, its status and its outputs", async () => {
    const params = flow();
    const result = resultOf(await feishu.start(APAAS, params, { entry }));
    expect(result).toMatchObject({
      outcome: "started",
      submissionId: params.submissionId,
      target: "apaas-flow",
      status: "end",
      output: { _flowExecutionID: Number(result.processId) },
    });
    const [sent, ...others] = await feishu.starts();
    expect(others).toEqual([]);
    const { idempotent_key: key, ...body } = (sent?.body ?? {}) as Record<string, unknown>;
    expect(JSON.stringify(body)).toBe(JSON.stringify(fixture("feishu/execute-flow-sample.json")));
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    const instance = await platform.get<InstanceView>(`/_local/instances/${result.processId}`);
    expect(instance).toMatchObject({ engine: "apaas", processKey: "package_7344545d87__c/deleteObject_99c656599f" });
  });

  it("answers a repeat with the very same, and sends nothing", async () => {
    const params = flow();
    const first = resultOf(await feishu.start(APAAS, params, { entry }));
    const again = resultOf(await feishu.start(APAAS, params, { entry }));
    expect(again).toEqual({ ...first, outcome: "duplicate" });
    expect(await feishu.starts()).toHaveLength(1);
  });
});

describe("an answer that was lost", () => {
  it.each(["lost-after", "error-after"])(
    "after the work (%s): the repeated key is refused, so it had started",
    async (kind) => {
      await feishu.fault("apaas", kind);
      const result = resultOf(await feishu.start(APAAS, flow()));
      expect(result).toMatchObject({ outcome: "started", processId: null });
      expect(await started()).toHaveLength(1);
      const keys = (await feishu.starts()).map(({ body }) => (body as { idempotent_key: string }).idempotent_key);
      expect(keys).toEqual([keys[0], keys[0]]);
    },
  );

  it.each(["lost-before", "error-before"])(
    "before the work (%s): the key is accepted, so it has started now",
    async (kind) => {
      await feishu.fault("apaas", kind);
      const result = resultOf(await feishu.start(APAAS, flow()));
      expect(result.processId).toMatch(/^\d{16}$/);
      expect(await started()).toMatchObject([{ id: result.processId }]);
    },
  );

  it("again and again leaves it unknown, and the next submission of the form finds out", async () => {
    const params = flow();
    await feishu.fault("apaas", "lost-after", 3);
    expect(await feishu.start(APAAS, params)).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN" } });
    expect(await feishu.look(params.submissionId)).toMatchObject({ outcome: "unknown" });
    expect(resultOf(await feishu.start(APAAS, params))).toMatchObject({ outcome: "started", processId: null });
    expect(await started()).toHaveLength(1);
    expect(await feishu.look(params.submissionId)).toMatchObject({ outcome: "started", processId: null });
  });

  it("is not asked about by the sweep, which has no API for it: an operator is told", async () => {
    await feishu.fault("apaas", "lost-after", 3);
    await feishu.start(APAAS, flow());
    await feishu.later(130_000);
    expect(await feishu.sweep()).toMatchObject({ checked: 1, noticed: 1, left: 1, freed: 0, started: 0 });
  });
});

describe("a refusal", () => {
  it.each([
    ["apaas", "reject", "ENGINE_REFUSED", "2320001"],
    ["apaas", "no-scope", "ENGINE_REFUSED", "99991672"],
    ["apaas", "flow-disabled", "ENGINE_REFUSED", "2320001"],
    ["feishu", "reject", "ENGINE_REFUSED", "10014"],
  ])(
    "of %s (%s) is told with Feishu's code, and the form may be corrected under its id",
    async (engine, kind, code, told) => {
      const params = flow();
      await platform.send("POST", "/_local/feishu/revoke-tokens", {});
      await feishu.fault(engine, kind);
      const { error } = await feishu.start(APAAS, params);
      expect(error).toMatchObject({ code, outcome: "rejected" });
      expect(error?.message.zh).toContain(told);
      expect(await started()).toEqual([]);
      expect(resultOf(await feishu.start(APAAS, { ...params, record: "5454545" })).outcome).toBe("started");
    },
  );

  it("by a rate limit is never unknown, and is tried again while there is time", async () => {
    await feishu.fault("apaas", "rate-limit", 1);
    await feishu.switches({ limits: false });
    const answer = await feishu.start(APAAS, flow());
    if (answer.ok) expect(resultOf(answer).outcome).toBe("started");
    else
      expect(answer.error).toMatchObject({
        code: "ENGINE_BUSY",
        outcome: "rejected",
        retryAfterMs: expect.any(Number),
      });
    expect((await started()).length).toBe(answer.ok ? 1 : 0);
  });

  it("of the token alone is healed with one refresh and one more try", async () => {
    await feishu.start(APAAS, flow());
    await platform.send("POST", "/_local/feishu/revoke-tokens", {});
    const before = (await feishu.requests(/open-apis/)).length;
    expect(resultOf(await feishu.start(APAAS, flow())).outcome).toBe("started");
    const paths = (await feishu.requests(/open-apis/)).slice(before).map(({ path }) => path.split("/").at(-1));
    expect(paths).toEqual(["execute", "internal", "execute"]);
  });
});

describe("bad input", () => {
  it.each([
    {},
    { record: "" },
    { record: "abc" },
    { record: "1}" },
    { record: 2 ** 60 },
    { record: "5454545", operator: "{}" },
  ])("%j is refused with the field's name, and nothing is sent", async (params) => {
    const { ok, error } = await feishu.start(APAAS, { ...params, submissionId: flow().submissionId });
    expect({ ok, code: error?.code }).toEqual({ ok: false, code: "INVALID_PARAMS" });
    expect(error?.issues?.[0]?.path).toMatch(/^(record|operator)$/);
    expect(await feishu.requests(/open-apis/)).toEqual([]);
  });

  it("a dry run shows the call, and sends nothing, not even for a token", async () => {
    const { result } = await feishu.start(APAAS, flow(), { dryRun: true });
    expect(result).toMatchObject({ outcome: "dry_run", request: { method: "POST", body: { is_async: true } } });
    expect(await feishu.requests(/open-apis/)).toEqual([]);
  });
});
