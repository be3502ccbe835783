/** The CoreHR target as it prepares a start: the published body, who starts it, what is refused before anything is sent. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { StartflowError } from "../../../../shared/base/errors";
import { type CorehrProcessOptions, corehrProcess, MAX_BODY_BYTES } from "../../../../shared/engines/corehr";
import type { CorehrVariable } from "../../../../shared/engines/corehr/fields";
import { labelsOf } from "../../../../shared/form/labels";
import type { UserInfo } from "../../../../shared/platform/context";
import { recordingContext } from "../../../helpers/context";
import { fixture } from "../../../helpers/fixtures";

const SAMPLE = fixture<{ flow_definition_id: string; initiator_id: string; flow_data: object[] }>(
  "feishu/start-process-sample.json",
);
const options: CorehrProcessOptions = { flowDefinitionId: SAMPLE.flow_definition_id, systemInitiator: true };

beforeEach(() => {
  vi.stubEnv("STARTFLOW_FEISHU_APP_ID", "cli_test");
  vi.stubEnv("STARTFLOW_FEISHU_APP_SECRET", "canary-secret");
  vi.stubEnv("STARTFLOW_COREHR_INITIATOR_ID", SAMPLE.initiator_id);
});
afterEach(() => vi.unstubAllEnvs());

async function requestOf(
  fields: { name: string; value: unknown; entry: CorehrVariable }[],
  change: Partial<CorehrProcessOptions> = {},
  user: UserInfo = { uid: "u" },
) {
  const submission = { id: "s-12345678", environment: "preview" as const, userId: "u", generation: 1 };
  const target = corehrProcess({ ...options, ...change });
  const prepared = await target.prepare(
    { ...submission, fields, labels: labelsOf(z.unknown()) },
    recordingContext(undefined, user),
  );
  return prepared.request as { query: object; body: Record<string, unknown> };
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof StartflowError ? error.code : String(error)),
  );
const ready = (value: unknown) => [{ name: "flowData", value, entry: { kind: "flowData" as const } }];

describe("a start of CoreHR", () => {
  it("sends the published body, byte for byte, with both kinds of ids in its query", async () => {
    const { body, query } = await requestOf(ready(SAMPLE.flow_data));
    expect(JSON.stringify(body)).toBe(JSON.stringify(SAMPLE));
    expect(query).toEqual({ user_id_type: "open_id", department_id_type: "open_department_id" });
  });

  it("says always whether the system starts it", async () => {
    expect((await requestOf([])).body.system_initiator).toBe(true);
    expect((await requestOf([], { systemInitiator: false })).body.system_initiator).toBe(false);
  });

  it("in nobody's name is refused, with the variable to set, before anything is sent", async () => {
    vi.stubEnv("STARTFLOW_COREHR_INITIATOR_ID", "");
    await expect(requestOf([], { systemInitiator: false })).rejects.toThrow("STARTFLOW_COREHR_INITIATOR_ID");
    expect((await requestOf([])).body).not.toHaveProperty("initiator_id");
  });

  it("takes its initiator from the signed-in user where it is told how, and from nobody else", async () => {
    const initiator = ({ customUserId }: UserInfo) => customUserId;
    const change = { systemInitiator: false, initiator };
    expect((await requestOf([], change, { customUserId: "ou_1" })).body.initiator_id).toBe("ou_1");
    expect(await codeOf(requestOf([], change, {}))).toBe("NOT_SIGNED_IN");
    expect(await codeOf(requestOf([], change, { customUserId: '"},{"' }))).toBe("NOT_SIGNED_IN");
  });

  it("carries the submission's id with its environment, where the flow has a variable for it", async () => {
    const { body } = await requestOf([], { stamp: { variable: "submission_id", abstract: "提交编号" } });
    const value = { variable_api_name: "submission_id", variable_value: { text_value: "preview:s-12345678" } };
    expect(body.flow_data).toEqual([value]);
  });

  it("shows the name of a file in a dry run, and uploads nothing", async () => {
    const entry = { variable: "attachments", kind: "list", of: { kind: "file" } } as const;
    const { body } = await requestOf([{ name: "files", value: ["cloud://env.bucket/a/%E5%90%88.pdf"], entry }]);
    expect(JSON.stringify(body.flow_data)).toContain('"file_value":{"file_name":"合.pdf"}');
  });

  it("of more than an event of a function holds is refused before anything is sent", async () => {
    const item = (at: number) => ({ variable_api_name: `v${at}`, variable_value: { text_value: "中".repeat(20) } });
    const items = Array.from({ length: 60_000 }, (_, at) => item(at));
    expect(Buffer.byteLength(JSON.stringify(items))).toBeGreaterThan(MAX_BODY_BYTES);
    expect(await codeOf(requestOf(ready(items)))).toBe("PARAMS_TOO_LARGE");
  });

  it.each(["STARTFLOW_FEISHU_APP_ID", "STARTFLOW_FEISHU_APP_SECRET"])(
    "without %s is refused by its name",
    async (name) => {
      vi.stubEnv(name, "");
      await expect(requestOf([])).rejects.toThrow(name);
    },
  );

  it.each(["ftp://x", "http://feishu.cn", "https://u:p@open.feishu.cn", "https://open.feishu.cn/"])(
    "to the domain %s is refused",
    async (domain) => {
      vi.stubEnv("STARTFLOW_FEISHU_DOMAIN", domain);
      await expect(requestOf([])).rejects.toThrow("STARTFLOW_FEISHU_DOMAIN");
    },
  );
});

describe("a definition", () => {
  it.each(["", "people_1", "people_1_2/..", "people_1_2?x", "%2e%2e", "people_1_2\n"])(
    "of the flow %j is refused",
    (id) => {
      expect(() => corehrProcess({ ...options, flowDefinitionId: id })).toThrow("people_<digits>_<digits>");
    },
  );

  it.each([
    { variable: "a b", abstract: "x" },
    { variable: "id", abstract: "" },
  ])("with the stamp %j is refused", (stamp) => {
    expect(() => corehrProcess({ ...options, stamp })).toThrow("stamp");
  });

  it("whose field has the variable of the stamp is told so", () => {
    const { problemOf } = corehrProcess({ ...options, stamp: { variable: "id", abstract: "x" } });
    expect(problemOf({ variable: "id", kind: "text" })).toContain("stamp");
  });
});
