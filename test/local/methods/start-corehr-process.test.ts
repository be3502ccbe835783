/** start-corehr-process as it was built: every kind of variable, files, how the process stands, and whether it started. */
import { describe, expect, it } from "vitest";
import type { InstanceView, MethodRow } from "../../../local/console/wire";
import { fixture } from "../../helpers/fixtures";
import { form } from "../../helpers/platform";
import { COREHR, DEFINITION, openMethods, resultOf, SETTLED_MS, transfer } from "./feishu-helpers";

const { platform, feishu } = await openMethods();

const sentBody = async () => (await feishu.starts()).at(-1)?.body as { flow_data: Record<string, unknown>[] };
const itemOf = async (variable: string) =>
  (await sentBody()).flow_data.find((item) => item.variable_api_name === variable);

describe.each(["code", "main"] as const)("through %s", (entry) => {
  it("starts its sample: ids as text, dates as days, moments as milliseconds, rows with their keys", async () => {
    const methods = await platform.get<MethodRow[]>("/_local/methods");
    const { sample } = methods.find(({ name }) => name === COREHR) as { sample: object };
    const params = form(sample);
    const result = resultOf(await feishu.start(COREHR, params, { entry }));
    expect(result).toMatchObject({ outcome: "started", target: "corehr-process" });
    expect(result.processId).toMatch(/^\d{19}$/);
    const { flow_data: data, ...head } = await sentBody();
    expect(head).toEqual({
      flow_definition_id: DEFINITION,
      initiator_id: "ou_91791271921729102012",
      system_initiator: true,
    });
    expect(data).toContainEqual({ variable_api_name: "starts_on", variable_value: { date_value: "19838" } });
    expect(data).toContainEqual({ variable_api_name: "meet_at", variable_value: { date_time_value: "1714013877000" } });
    expect(data).toContainEqual({
      variable_api_name: "submission_id",
      variable_value: { text_value: `preview:${params.submissionId}` },
    });
    const [request] = await feishu.starts();
    expect(request?.query).toEqual({ user_id_type: "open_id", department_id_type: "open_department_id" });
  });
});

it("passes ready flow_data on unchanged, null and empty members and all", async () => {
  const { flow_data: ready } = fixture<{ flow_data: object[] }>("feishu/start-process-sample.json");
  resultOf(await feishu.start(COREHR, transfer({ flowData: ready })));
  expect(JSON.stringify(await itemOf("custom123"))).toBe(JSON.stringify(ready[0]));
});

describe("how the process stands", () => {
  const stateOf = async (submissionId: string) =>
    ((await feishu.look(submissionId)).process as { code: number; state: string; text: object } | undefined) ?? {};

  it.each([
    ["agree", 9, "completed", "completed"],
    ["reject", 2, "rejected", "declined"],
  ] as const)("is told by submission-status: waiting, then after %s %s", async (action, code, state, phase) => {
    const params = transfer();
    const { processId } = resultOf(await feishu.start(COREHR, params));
    expect(await stateOf(params.submissionId)).toMatchObject({
      code: 1,
      state: "running",
      text: { zh: "审批中" },
      progress: { phase: "waiting", places: [{ name: "人事审批" }] },
      timeline: [{ what: "created" }, { what: "entered" }],
    });
    const { tasks } = await platform.get<InstanceView>(`/_local/instances/${processId}`);
    await platform.send("POST", `/_local/instances/${processId}/tasks/${tasks[0]?.id}`, { action });
    expect(await stateOf(params.submissionId)).toMatchObject({ code, state, progress: { phase } });
  });

  it("is told as withdrawn where somebody took it back in Feishu", async () => {
    const params = transfer();
    const { processId } = resultOf(await feishu.start(COREHR, params));
    const withdrawn = await fetch(`${platform.url}/open-apis/corehr/v2/process_withdraw/${processId}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${await feishu.token()}`, "content-type": "application/json" },
      body: JSON.stringify({ system_user: true, reason: "填错了" }),
    });
    expect(await withdrawn.json()).toMatchObject({ code: 0 });
    expect(await stateOf(params.submissionId)).toMatchObject({
      code: 4,
      state: "withdrawn",
      text: { zh: "已撤回", en: "withdrawn" },
      progress: { phase: "cancelled" },
    });
    expect(resultOf(await feishu.start(COREHR, params))).toMatchObject({ outcome: "duplicate", processId });
  });

  it("is left out where Feishu does not answer: that it started is known all the same", async () => {
    const params = transfer();
    await feishu.start(COREHR, params);
    await feishu.fault("corehr", "down");
    const looked = await feishu.look(params.submissionId);
    expect(looked).toMatchObject({ outcome: "started", processId: expect.any(String) });
    expect(looked).not.toHaveProperty("process");
  });
});

describe("an answer that was lost", () => {
  it("is unknown, and nothing is sent again; the sweep finds the process in Feishu's list", async () => {
    const params = transfer();
    // Others of the same time must not be taken for it.
    await feishu.start(COREHR, transfer());
    await feishu.fault("corehr", "lost-after");
    expect(await feishu.start(COREHR, params)).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN" } });
    expect(await feishu.start(COREHR, params)).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN" } });
    expect(await feishu.starts()).toHaveLength(2);
    expect(await feishu.sweep()).toMatchObject({ checked: 1, started: 1 });
    const [newest] = await platform.instances();
    expect(resultOf(await feishu.start(COREHR, params))).toMatchObject({ outcome: "duplicate", processId: newest?.id });
  });

  it("before the work was done is free once the settle time is over, and not before", async () => {
    const params = transfer();
    await feishu.start(COREHR, transfer());
    await feishu.fault("corehr", "lost-before");
    await feishu.start(COREHR, params);
    expect(await feishu.sweep()).toMatchObject({ checked: 1, left: 1, freed: 0 });
    await feishu.later(SETTLED_MS);
    expect(await feishu.sweep()).toMatchObject({ checked: 1, freed: 1 });
    expect(resultOf(await feishu.start(COREHR, params)).outcome).toBe("started");
    expect(await platform.instances()).toHaveLength(2);
  });

  it.each(["rate-limit", "no-scope", "error-before"])(
    "stays unknown where Feishu answers the look with %s",
    async (kind) => {
      await feishu.fault("corehr", "lost-before");
      await feishu.start(COREHR, transfer());
      await feishu.later(SETTLED_MS);
      await feishu.fault("corehr", kind);
      expect(await feishu.sweep()).toMatchObject({ checked: 1, freed: 0, started: 0, left: 1 });
    },
  );
});

describe("a refusal", () => {
  it.each([
    ["reject", "1161002"],
    ["flow-disabled", "1161059"],
    ["no-scope", "99991672"],
  ])("(%s) has its own text in both languages, with Feishu's code and log id", async (kind, told) => {
    await feishu.fault("corehr", kind);
    const { error } = await feishu.start(COREHR, transfer());
    expect(error).toMatchObject({ code: "ENGINE_REFUSED", outcome: "rejected" });
    expect(error?.message.zh).toMatch(new RegExp(`^飞书.*${told}.*log_id`));
    expect(error?.message.en).toMatch(new RegExp(`^Feishu.*${told}.*log_id`));
  });
});

describe("bad input", () => {
  const ready = (item: object) => ({ flowData: [item] });
  it.each([
    ["an option's label", { addressType: "家庭住址" }, "addressType", "choice_label"],
    [
      "seconds",
      ready({ variable_api_name: "custom123", variable_value: { date_time_value: "1714013877" } }),
      "flowData[0].variable_value.date_time_value",
      "seconds_given",
    ],
    [
      "a number as a number",
      ready({ variable_api_name: "custom123", variable_value: { number_value: 100 } }),
      "flowData[0].variable_value.number_value",
      undefined,
    ],
    [
      "a key without its value",
      ready({ variable_api_name: "custom123", variable_value: { list_values: ["k"] } }),
      "flowData[0].variable_value.list_values[0]",
      "missing_sub_value",
    ],
    [
      "a file with a path in its name",
      ready({
        variable_api_name: "custom123",
        variable_value: { file_value: { open_file_id: "a", file_name: "../x" } },
      }),
      "flowData[0].variable_value.file_value.file_name",
      "invalid_file_name",
    ],
    [
      "a file of 50 MB and a byte",
      ready({ variable_api_name: "custom123", variable_value: { file_value: { length: 52_428_801 } } }),
      "flowData[0].variable_value.file_value.length",
      undefined,
    ],
    ["who starts it", { initiator_id: "ou_c57053dad6eea0aea4696c48433d8562" }, "initiator_id", "unknown_field"],
    ["no flow_data at all", { flowData: "x" }, "flowData", "expected_list"],
  ])("(%s) is refused with the field's path, and nothing is sent", async (_, change, path, code) => {
    const { ok, error } = await feishu.start(COREHR, transfer(change));
    expect({ ok, code: error?.code }).toEqual({ ok: false, code: "INVALID_PARAMS" });
    expect(error?.issues?.[0]).toMatchObject({ path, ...(code === undefined ? {} : { code }) });
    expect(await feishu.requests(/open-apis/)).toEqual([]);
  });

  it("a ready variable that the method does not know is refused with those that it knows, and nothing is sent", async () => {
    const { error } = await feishu.start(
      COREHR,
      transfer(ready({ variable_api_name: "nothing", variable_value: { bool_value: true } })),
    );
    expect(error?.issues?.[0]).toMatchObject({
      path: "flowData[0].variable_api_name",
      message: { en: expect.stringContaining("custom123") },
    });
    expect(await feishu.requests(/open-apis/)).toEqual([]);
  });
});
