/** The console's API over all engines at once, and what a method test shows of the calls to Feishu. */
import { describe, expect, it } from "vitest";
import type { DiagramView, InstanceView, ProcessRow, RequestRow } from "../../../local/console/wire";
import { form } from "../../helpers/platform";
import {
  APPROVE,
  DEFINITION,
  DELETE,
  OPERATOR,
  openFeishuPlatform,
  PROCESSES,
  START_SAMPLE,
  startOf,
  variable,
} from "./open-feishu";

/** Custom code that calls the stand-in as a deployed function does, and something else besides. */
const CALLS = `module.exports = async () => {
  const loaded = await import("node-fetch");
  const fetch = loaded.default;
  const domain = process.env.STARTFLOW_FEISHU_DOMAIN;
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ app_id: "cli_other", app_secret: "x" });
  const url = domain + "/open-apis/auth/v3/tenant_access_token/internal";
  const answer = await (await fetch(url, { method: "POST", headers, body })).json();
  await fetch(domain + "/_local/clock");
  return { domain, code: answer.code };
};`;

const { platform, feishu } = await openFeishuPlatform({ code: { calls: CALLS } });

const leave = () => platform.test("start-leave", { params: form({ reason: "探亲", days: 1, startsOn: "2026-12-01" }) });
const idOf = (answer: { result?: unknown }) => (answer.result as { processId: string }).processId;

describe("the instances of all engines", () => {
  it("are listed together, newest first by their start, each with an id of its own form", async () => {
    const weda = idOf(await leave());
    await feishu.moveClock(1_000);
    const apaas = (await feishu.execute(APPROVE)).json.data.execution_id;
    await feishu.moveClock(2_000);
    const corehr = (await feishu.start(START_SAMPLE)).json.data.process_id;
    await feishu.moveClock(3_000);
    const second = idOf(await leave());
    const all = await platform.instances();
    expect(all.map(({ id, engine }) => [id, engine])).toEqual([
      [second, "weda"],
      [corehr, "corehr"],
      [apaas, "apaas"],
      [weda, "weda"],
    ]);
    expect(await platform.get("/_local/instances?limit=2")).toHaveLength(2);
    expect(new Set([weda, second, corehr]).size).toBe(3);
    expect(corehr > weda && second > corehr).toBe(true);
  });

  it("are drawn, decided and cancelled in one way", async () => {
    const ids = [
      (await feishu.execute(APPROVE)).json.data.execution_id,
      (await feishu.start(START_SAMPLE)).json.data.process_id,
    ];
    for (const id of ids) {
      const { tasks } = await platform.get<InstanceView>(`/_local/instances/${id}`);
      expect((await platform.get<DiagramView>(`/_local/instances/${id}/diagram`)).waiting).toEqual(["Task_approve"]);
      const done = await platform.send<InstanceView>("POST", `/_local/instances/${id}/tasks/${tasks[0]?.id}`, {
        action: "agree",
      });
      expect(done.state).toBe("completed");
      const again = await platform.send("POST", `/_local/instances/${id}/tasks/${tasks[0]?.id}`, { action: "agree" });
      expect(again).toMatchObject({ error: { code: "TASK_NOT_OPEN" } });
    }
    expect((await feishu.call("GET", `${PROCESSES}/${ids[1]}`)).json.data.status).toBe(9);
  });

  it("are gone after a reset, and the ids go on", async () => {
    const before = (await feishu.execute(DELETE, { operator: OPERATOR, idempotent_key: "k1" })).json.data.execution_id;
    await platform.send("POST", "/_local/reset", {});
    expect(await platform.instances()).toEqual([]);
    const { json } = await feishu.execute(DELETE, { operator: OPERATOR, idempotent_key: "k1" });
    expect(json.data.execution_id > before).toBe(true);
  });

  it("are hidden from WeDa, whose processes are its own flows only", async () => {
    const id = (await feishu.start(START_SAMPLE)).json.data.process_id;
    const keys = (await platform.get<ProcessRow[]>("/_local/processes")).map(({ processKey }) => processKey);
    expect(keys).toEqual(["flow_012", "flow_contract"]);
    const answer = await platform.send("POST", "/_local/publish", { processKey: DEFINITION });
    expect(answer).toMatchObject({ error: { code: "PROCESS_NOT_FOUND" } });
    expect((await platform.get<InstanceView>(`/_local/instances/${id}`)).engine).toBe("corehr");
  });
});

describe("what is shown of a Feishu instance and its request", () => {
  const PHONE = "13812345678";

  it("has phone numbers and secrets masked, at any depth", async () => {
    await feishu.start(
      startOf([
        variable("reason", { text_value: `请联系 ${PHONE}` }),
        variable("skills", { list_values: ["a"] }, [{ key: "a", value: { text_value: PHONE } }]),
        variable("custom123", { text_value: `secret=abc ${PHONE}` }),
      ]),
    );
    await feishu.execute(APPROVE, { operator: OPERATOR, params: JSON.stringify({ variable_reason: PHONE }) });
    const shown = JSON.stringify([await platform.instances(), await platform.get<RequestRow[]>("/_local/requests")]);
    expect(shown).not.toContain(PHONE);
    expect(shown).not.toContain("secret=abc");
    expect(shown).toContain("138****5678");
  });

  it("has every id of the published examples unharmed", async () => {
    const { json } = await feishu.start(START_SAMPLE);
    const { request } = await platform.get<InstanceView>(`/_local/instances/${json.data.process_id}`);
    expect(request).toEqual(START_SAMPLE);
    expect((await platform.get<RequestRow[]>("/_local/requests"))[0]?.body).toEqual(START_SAMPLE);
  });
});

describe("a method test", () => {
  it("shows the calls to Feishu of this very test, and none of another", async () => {
    await feishu.token();
    const tests = await Promise.all([1, 2, 3].map(() => platform.test("calls", { params: {} })));
    for (const test of tests) {
      expect(test).toMatchObject({ ok: true, result: { domain: platform.url, code: 10014 } });
      expect(test.requests).toMatchObject([{ engine: "feishu", status: 200, body: { app_id: "cli_other" } }]);
      expect(JSON.stringify(test.requests)).not.toContain("x-startflow-call");
    }
  });
});
