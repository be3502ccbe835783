/** A form's way through the whole platform: both entries, both slots, approvals, custom code, the real SDK by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InstanceView, MethodRow } from "../../local/console/wire";
import { sdkVariables } from "../../local/functions/environment";
import { copyAlone, runScript, startingNames } from "../helpers/built";
import { fixture } from "../helpers/fixtures";
import { form, type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";

let platform: PlatformHere;
beforeAll(async () => {
  platform = await platformHere(temporaryFolder());
});
afterAll(() => platform.stop());

const leave = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
const idOf = (answer: { result?: unknown }) => (answer.result as { processId: string }).processId;
const instance = (id: string) => platform.get<InstanceView>(`/_local/instances/${id}`);

async function decide(id: string, action: "agree" | "reject", name?: string): Promise<InstanceView> {
  const { tasks } = await instance(id);
  const task = tasks.find((one) => one.state === "open" && (name === undefined || one.name === name));
  return platform.send("POST", `/_local/instances/${id}/tasks/${task?.id}`, { action, comment: "好" });
}

describe.each(["code", "main"] as const)("the leave form through %s", (entry) => {
  it("starts one process with exactly the StartParams that it received", async () => {
    const params = form(leave);
    const answer = await platform.test("start-leave", { params, entry });
    expect(answer).toMatchObject({ ok: true, result: { outcome: "started", target: "weda-process" } });
    const { variables, request, startedBy, state, tasks } = await instance(idOf(answer));
    expect({ variables, startedBy, state }).toEqual({ variables: leave, startedBy: "user-local", state: "waiting" });
    expect(request).toEqual({
      TriggerType: 6,
      ConnectorParam: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_5b12595a75119" },
      ProcessKey: "flow_012",
      StartParams: [
        { paramCode: "165708798187000001", fieldType: "string", entityCode: "", value: "探亲" },
        { paramCode: "165708798187000002", fieldType: "number", entityCode: "", value: 3 },
        { paramCode: "165708798187000003", fieldType: "string", entityCode: "", value: "2026-12-01" },
      ],
    });
    expect(tasks).toMatchObject([{ name: "主管审批", state: "open" }]);
    expect(answer.requests).toMatchObject([{ engine: "weda", body: { params: { action: "StartProcessWithParams" } } }]);
  });

  it("tells a wrong field by its label, in both languages, and starts nothing", async () => {
    const before = (await platform.instances()).length;
    const answer = await platform.test("start-leave", { params: form({ ...leave, days: 61 }), entry });
    expect(answer).toMatchObject({
      ok: false,
      error: {
        code: "INVALID_PARAMS",
        outcome: "rejected",
        message: { zh: expect.stringContaining("天数"), en: expect.stringContaining("Days") },
        issues: [{ path: "days", label: { zh: "天数", en: "Days" }, code: "too_big" }],
      },
    });
    expect((await platform.instances()).length).toBe(before);
  });

  it("keeps the submission id of the form", async () => {
    const submissionId = `5f3b1c2e-8d54-4a43-9d53-${entry}`;
    const answer = await platform.test("start-leave", { params: { ...leave, submissionId }, entry });
    expect(answer.result).toMatchObject({ submissionId });
  });

  it("shows in a dry run what would be sent, and sends nothing", async () => {
    const before = (await platform.instances()).length;
    const answer = await platform.test("start-leave", { params: form(leave), entry, dryRun: true });
    expect(answer).toMatchObject({
      ok: true,
      result: { outcome: "dry_run", request: { data: { ProcessKey: "flow_012" } } },
      requests: [],
    });
    expect((await platform.instances()).length).toBe(before);
  });
});

describe("the approval of a leave", () => {
  it("of three days ends with the first approver", async () => {
    const id = idOf(await platform.test("start-leave", { params: form(leave) }));
    expect(await decide(id, "agree")).toMatchObject({ state: "completed" });
  });

  it("of five days goes on to the second one", async () => {
    const id = idOf(await platform.test("start-leave", { params: form({ ...leave, days: 5 }) }));
    expect(await decide(id, "agree")).toMatchObject({ state: "waiting" });
    expect(await decide(id, "agree")).toMatchObject({ state: "completed" });
  });

  it("is declined by a reject, and a task that is done is not done again", async () => {
    const id = idOf(await platform.test("start-leave", { params: form(leave) }));
    const { tasks } = await instance(id);
    expect(await decide(id, "reject")).toMatchObject({ state: "declined" });
    const again = await platform.send("POST", `/_local/instances/${id}/tasks/${tasks[0]?.id}`, { action: "agree" });
    expect(again).toMatchObject({ error: { code: expect.stringMatching(/TASK_NOT_OPEN|INSTANCE_ENDED/) } });
  });
});

describe("the contract form", () => {
  it("sends an object with its record id, an object list and files, and runs a parallel review", async () => {
    const { fileID } = (await (
      await fetch(`${platform.url}/_local/files?name=${encodeURIComponent("合同.pdf")}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: "%PDF-1.7",
      })
    ).json()) as { fileID: string };
    const contract = {
      _id: "contract-1",
      title: "服务器采购合同",
      amount: 120_000,
      signedOn: "2026-12-01",
      attachments: [fileID],
    };
    const items = [{ name: "服务器", quantity: 2, price: 50_000 }];
    const answer = await platform.test("start-contract", {
      params: { data: { contract, items, urgent: null }, ...form({}) },
    });
    const id = idOf(answer);
    expect((await instance(id)).variables).toMatchObject({ contract, items });
    expect((await instance(id)).request).toMatchObject({
      StartParams: [
        { name: "contract", fieldType: "object", entityCode: "contract", fieldValueMap: contract },
        { name: "items", fieldType: "objectList", entityCode: "contract_item", fieldValueMap: items },
        { name: "submissionId", fieldType: "string", entityCode: "", value: expect.any(String) },
      ],
    });
    expect((await instance(id)).tasks.filter(({ state }) => state === "open")).toHaveLength(2);
    await decide(id, "agree");
    await decide(id, "agree");
    expect((await instance(id)).tasks.filter(({ state }) => state === "open")).toMatchObject([{ name: "总经理审批" }]);
    expect(await decide(id, "agree")).toMatchObject({ state: "completed" });
  });
});

describe("the two slots of a process", () => {
  it("production refuses a process that is only saved, with words that say what to do, until it is published", async () => {
    const refused = await platform.test("start-contract", { params: sampleOf("start-contract"), env: "production" });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "ENGINE_REFUSED", outcome: "rejected", message: { zh: expect.stringContaining("发布") } },
    });
    await platform.send("POST", "/_local/publish", { processKey: "flow_contract" });
    const started = await platform.test("start-contract", { params: sampleOf("start-contract"), env: "production" });
    expect(started).toMatchObject({ ok: true, result: { outcome: "started" } });
    expect(started.requests).toMatchObject([{ path: "/lowcode-datasource" }]);
  });
});

describe("nobody signed in", () => {
  it("starts on behalf of the configured user in a deployed function", async () => {
    const answer = await platform.test("start-leave", { params: form(leave), entry: "main", user: null });
    const { startedBy, request } = await instance(idOf(answer));
    expect(startedBy).toBe("1000000000000000000");
    expect(request).toMatchObject({ ExtraUserInfo: { UserId: 1_000_000_000_000_000_000, Source: 4 } });
  });

  it("is refused in custom code that was built without one", async () => {
    const answer = await platform.test("start-leave", { params: form(leave), user: null });
    expect(answer).toMatchObject({ ok: false, error: { code: "NOT_SIGNED_IN" } });
  });

  it("cannot name himself in the form", async () => {
    const answer = await platform.test("start-leave", {
      params: { ...leave, ExtraUserInfo: { UserId: 1, Source: 4 } },
      user: null,
    });
    expect(answer).toMatchObject({ ok: false, error: { code: "IDENTITY_IN_FORM" } });
  });
});

describe("WeDa's published sample, unedited", () => {
  it("runs as a method, and starts a process with its very data", async () => {
    const answer = await platform.test("official-sample", { params: { any: "thing" }, user: null });
    expect(answer).toMatchObject({ ok: true, result: { InstanceId: expect.stringMatching(/^\d{19}$/) } });
    expect(answer.logs).toEqual(["{ any: 'thing' }"]);
    const { InstanceId: id } = answer.result as { InstanceId: string };
    expect((await instance(id)).request).toEqual(fixture<{ data: unknown }>("weda/start-process-sample.json").data);
  });
});

describe("the real SDK, started by hand", () => {
  it("calls a function with app.callFunction", async () => {
    const folder = copyAlone("LICENSE", ["@cloudbase/node-sdk"]);
    const script = `const tcb = require("@cloudbase/node-sdk");
      const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
      app.callFunction({ name: "start-leave", data: ${JSON.stringify(leave)} }).then(({ result }) => console.log(JSON.stringify(result)));`;
    const { stdout } = await runScript(folder, script, { ...sdkVariables(`${platform.url}/admin`), SILENCE: "true" });
    const result = JSON.parse(stdout) as { outcome: string; processId: string };
    expect(result.outcome).toBe("started");
    expect(await instance(result.processId)).toMatchObject({ variables: leave, startedBy: "1000000000000000000" });
  });
});

it("every function of the bundle is listed with a schema, a sample and its target", async () => {
  const rows = await platform.get<MethodRow[]>("/_local/methods");
  expect(
    rows
      .filter(({ target }) => target !== null)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(startingNames);
  for (const { target, inputSchema, sample } of rows) {
    if (target !== null)
      expect({ inputSchema, sample }).toMatchObject({ inputSchema: { type: "object" }, sample: expect.any(Object) });
  }
});

function sampleOf(name: string): unknown {
  const rows = fixtureMethods();
  return rows.find((row) => row.name === name)?.sample;
}

function fixtureMethods(): MethodRow[] {
  return fixture<MethodRow[]>("../../dist/methods.json");
}
