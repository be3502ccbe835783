/** The aPaaS target as it prepares a start: the published body, the key, what is refused before anything is sent. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { type ApaasFlowOptions, apaasFlow, KEY_REPEATED, keyOf } from "../../../../shared/engines/apaas";
import type { ApaasVariable } from "../../../../shared/engines/apaas/params";
import type { Submission } from "../../../../shared/engines/submission";
import { labelsOf } from "../../../../shared/form/labels";
import { recordingContext } from "../../../helpers/context";
import { fixture } from "../../../helpers/fixtures";

const options: ApaasFlowOptions = {
  namespace: "package_7344545d87__c",
  flowId: "deleteObject_99c656599f",
  isAsync: true,
};
const FLOW = "package_7344545d87__c/deleteObject_99c656599f";
const submission: Submission<ApaasVariable> = {
  id: "s-12345678",
  environment: "preview",
  userId: "u",
  generation: 1,
  labels: labelsOf(z.unknown()),
  fields: [{ name: "record", value: "5454545", entry: { variable: "variable_rgrtgqworiginal", kind: "record" } }],
};

beforeEach(() => {
  vi.stubEnv("STARTFLOW_FEISHU_APP_ID", "cli_test");
  vi.stubEnv("STARTFLOW_FEISHU_APP_SECRET", "canary-secret");
  vi.stubEnv("STARTFLOW_APAAS_OPERATOR_ID", "1111");
  vi.stubEnv("STARTFLOW_APAAS_OPERATOR_EMAIL", "apaas@bytedance.com");
});
afterEach(() => vi.unstubAllEnvs());

async function bodyOf(change: Partial<ApaasFlowOptions> = {}) {
  const prepared = await apaasFlow({ ...options, ...change }).prepare(submission, recordingContext());
  return (prepared.request as { body: Record<string, unknown> }).body;
}

describe("a start of aPaaS", () => {
  it("sends the published body, byte for byte, and its own key", async () => {
    const { idempotent_key: key, ...body } = await bodyOf();
    expect(JSON.stringify(body)).toBe(JSON.stringify(fixture("feishu/execute-flow-sample.json")));
    expect(key).toBe(keyOf(submission, FLOW));
  });

  it("leaves out what is not configured", async () => {
    expect(Object.keys(await bodyOf({ isAsync: undefined }))).toEqual(["operator", "params", "idempotent_key"]);
    expect((await bodyOf({ loopMasks: ['"'] })).loop_masks).toEqual(['"']);
  });

  it("without an operator is refused, with the variables to set", async () => {
    vi.stubEnv("STARTFLOW_APAAS_OPERATOR_ID", "");
    expect((await bodyOf()).operator).toBe('{"email": "apaas@bytedance.com"}');
    vi.stubEnv("STARTFLOW_APAAS_OPERATOR_EMAIL", "");
    await expect(bodyOf()).rejects.toThrow("STARTFLOW_APAAS_OPERATOR_EMAIL");
  });
});

describe("the key", () => {
  it("is the same for every try of one start, and no other's", () => {
    const keys = [
      submission,
      { ...submission, generation: 2 },
      { ...submission, environment: "production" as const },
      { ...submission, id: "s-12345679" },
    ].map((one) => keyOf(one, FLOW));
    expect(new Set(keys).size).toBe(4);
    expect(keyOf({ ...submission }, FLOW)).toBe(keys[0]);
    expect(keyOf(submission, "other/flow")).not.toBe(keys[0]);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("is known to be repeated only where Feishu's own words name it", () => {
    expect(KEY_REPEATED.test("idempotent_key duplicated")).toBe(true);
    expect(KEY_REPEATED.test("幂等键重复")).toBe(true);
    for (const words of ["param is invalid", "idempotent_key is too long", "duplicated record", "幂等性说明 太长"])
      expect(KEY_REPEATED.test(words)).toBe(false);
  });
});

describe("a definition", () => {
  const WRONG = ["", "..", "a/b", "a?b", "a#b", "%2e%2e", "a b", "a\n", "中文", "a".repeat(129)];
  it.each(WRONG)("with the namespace or the flow %j is refused", (name) => {
    expect(() => apaasFlow({ ...options, namespace: name })).toThrow("namespace");
    expect(() => apaasFlow({ ...options, flowId: name })).toThrow("flowId");
  });

  it("with 21 loop masks, or an operator who is nobody, is refused", () => {
    expect(() => apaasFlow({ ...options, loopMasks: Array.from({ length: 21 }, String) })).toThrow("loopMasks");
    expect(() => apaasFlow({ ...options, operator: "{}" })).toThrow("neither _id nor email");
  });
});
