/** Runs of every kind through `/v1`: answered at their first end or wait, asked for afterwards, and cancelled. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LOCAL_SYNC } from "../../../local/functions/environment";
import { signatureOf } from "../../../shared/sync-api/gate/signature";
import { folderForTests } from "../../helpers/folder";
import { type PlatformHere, platformHere } from "../../helpers/platform";
import { type Api, apiOf, LOGIN, startedFromNow, TOKEN } from "./open-api";

let platform: PlatformHere;
let api: Api;
let started: Awaited<ReturnType<typeof startedFromNow>>;
const data = folderForTests();
beforeAll(async () => {
  platform = await platformHere(data);
  api = apiOf(platform);
});
afterAll(() => platform.stop());
beforeEach(async () => {
  started = await startedFromNow(platform);
});
afterEach(() => platform.send("PUT", "/_local/clock", { offsetMs: 0 }));

const flow = (name: string, headers: object = {}) =>
  api.call(`/api/demo/flows/${name}`, { headers: { ...TOKEN, ...headers }, body: { name: "x" } });
const leave = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
const startLeave = (headers: object = {}, body: object = leave) =>
  api.call("/api/demo/leave/start", { headers: { ...LOGIN, ...headers }, body });
const look = (uid: string, headers: Record<string, string> = TOKEN) => api.call(`/runs/${uid}`, { headers });

async function agree(id: string): Promise<void> {
  const instance = (await platform.instances()).find((one) => one.id === id);
  const task = instance?.tasks.find(({ state }) => state === "open");
  await platform.send("POST", `/_local/instances/${id}/tasks/${task?.id}`, { action: "agree" });
}

describe("a workflow", () => {
  it("with an output answers it, and one without an empty text", async () => {
    expect(await flow("hello")).toMatchObject({
      status: 200,
      body: { data: { name: "hello world" }, code: 0, msg: "" },
    });
    expect(await flow("quiet")).toMatchObject({ status: 200, body: { data: "", code: 0, msg: "" } });
  });

  it("that fails is answered at once, with its node", async () => {
    const { status, body } = await flow("broken");
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 1001, data: "", node: { id: "Gateway_broken", name: "没有出口" } });
    expect(body.msg).toContain("没有出口");
    expect((await look(body.uid)).body).toMatchObject({ state: "failed", code: 1001, node: { name: "没有出口" } });
  });

  it("that waits for a person says at once for whom, and where", async () => {
    const { status, headers, body } = await flow("approval");
    expect(status).toBe(202);
    expect(headers.get("location")).toBe(`/v1/runs/${body.uid}`);
    expect(body).toMatchObject({ code: 1003, waiting: [{ name: "主管审批", assignees: ["主管"] }] });
    expect(body.msg).toContain("主管");
  });

  it("that takes longer than the wait goes on, and nobody can be asked about it", async () => {
    const { status, headers, body } = await flow("slow", { prefer: "wait=1" });
    expect(status).toBe(504);
    expect(headers.get("location")).toBe(`/v1/runs/${body.uid}`);
    expect(body).toMatchObject({ code: 1002, data: "" });
    expect((await look(body.uid)).body).toMatchObject({ state: "unknown", code: 1002 });
    await platform.send("PUT", "/_local/clock", { offsetMs: 30_000 });
    expect(await started()).toMatchObject([{ state: "completed" }]);
    const cancelled = await api.call(`/runs/${body.uid}/cancel`, { method: "POST", headers: TOKEN });
    expect(cancelled).toMatchObject({ status: 501, body: { error: { code: "serverError.notSupported" } } });
  });
});

describe("a WeDa process", () => {
  it("that waits for its approver is answered at once, asked for later, and told as it stands then", async () => {
    const { status, body } = await startLeave();
    expect(status).toBe(202);
    expect(body).toMatchObject({ code: 1003, waiting: [{ name: "主管审批", assignees: ["主管"] }] });
    const [instance] = await started();
    expect((await look(body.uid, LOGIN)).body).toMatchObject({ state: "waiting", processId: instance?.id });
    await agree(instance?.id as string);
    expect((await look(body.uid, LOGIN)).body).toMatchObject({ state: "succeeded", code: 0 });
  });

  it("is cancelled once", async () => {
    const { body } = await startLeave();
    const cancel = () => api.call(`/runs/${body.uid}/cancel`, { method: "POST", headers: LOGIN });
    expect(await cancel()).toMatchObject({ status: 200, body: { state: "cancelled", code: 1004 } });
    expect(await started()).toMatchObject([{ state: "cancelled" }]);
    expect(await cancel()).toMatchObject({ status: 409 });
  });

  it("starts nothing for an input that is wrong, and names the fields", async () => {
    const { status, body } = await startLeave({}, { reason: "", days: "many" });
    expect(status).toBe(400);
    expect(body.error?.code).toBe("requestError.invalidParams");
    expect(body.error?.fields?.map(({ path }) => path).sort()).toEqual(["days", "reason", "startsOn"]);
    expect(body.error?.message).toContain("天数");
    expect(await started()).toEqual([]);
  });

  it("is started by the configured user, whoever the input names", async () => {
    const { status, body } = await startLeave({}, { ...leave, ExtraUserInfo: { UserId: "1" } });
    expect(status).toBe(400);
    expect(body.error?.message).toContain("ExtraUserInfo");
    await startLeave();
    expect(await started()).toMatchObject([{ startedBy: "1000000000000000000" }]);
  });
});

describe("the other engines", () => {
  it("CoreHR: a signed request waits for its approver, and is withdrawn", async () => {
    const { status, body } = await platform.send<{ status: number; body: { response: { uid: string; code: number } } }>(
      "POST",
      "/_local/apis/demo/staff/transfer/run",
      {},
    );
    expect({ status, code: body.response.code }).toEqual({ status: 202, code: 1003 });
    const path = `/runs/${body.response.uid}/cancel`;
    const at = String(Math.floor(Date.now() / 1_000));
    const parts = { at, method: "POST", path: `/v1${path}`, query: "", key: "", body: "" };
    const headers = { "x-signature": `t=${at},v1=${signatureOf(LOCAL_SYNC.hmacKey, parts)}` };
    expect((await api.call(path, { method: "POST", headers })).body).toMatchObject({ state: "cancelled", code: 1004 });
    expect(await started()).toMatchObject([{ engine: "corehr", state: "cancelled" }]);
  });

  it("aPaaS: a flow that is not waited for is answered with its uid, and stays unknown after", async () => {
    const { status, body } = await api.call("/api/demo/records/delete", {
      headers: { ...TOKEN, "idempotency-key": "k-1" },
      body: { record: "5454545" },
    });
    expect(status).toBe(202);
    await expect.poll(async () => (await look(body.uid)).body.state).toMatch(/unknown|succeeded/);
    expect(await started()).toMatchObject([{ engine: "apaas" }]);
  });

  it("a function: its result is the output", async () => {
    const found = await api.call("/api/demo/customers/get?customerId=12345", { headers: TOKEN });
    expect(found).toMatchObject({ status: 200, body: { code: 0, data: { id: "12345" } } });
    const absent = await api.call("/api/demo/customers/get?customerId=none", { headers: TOKEN });
    expect(absent).toMatchObject({ status: 500, body: { code: 1001 } });
  });
});

describe("a run", () => {
  it("is told to nobody without the credentials of its route", async () => {
    const { body } = await flow("hello");
    expect((await api.call(`/runs/${body.uid}`)).body.error?.message).toBe("Token is required");
    expect((await api.call(`/runs/${body.uid}`, { headers: { token: "1234567" } })).status).toBe(401);
    const login = await startLeave();
    expect((await look(login.body.uid)).body.error?.message).toBe("User/Password is required");
  });

  it("that nobody knows is not found", async () => {
    expect(await look("100000000000000000")).toMatchObject({ status: 404 });
    expect(await api.call("/runs/abc")).toMatchObject({ status: 404 });
  });

  it("has a uid that sorts by time", async () => {
    const uids: string[] = [];
    for (let at = 0; at < 5; at += 1) uids.push((await flow("quiet")).body.uid);
    expect([...uids].sort()).toEqual(uids);
    expect(new Set(uids).size).toBe(5);
  });
});
