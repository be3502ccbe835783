/** submission-status as it was built, on the real platform: who sees what, through both entries, and no key anywhere. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { InstanceView, TestRequest } from "../../local/console/wire";
import { pasteNames } from "../helpers/built";
import { folderForTests } from "../helpers/folder";
import { type PlatformHere, platformHere } from "../helpers/platform";

const [OLD_KEY, NEW_KEY] = ["canary-old-operator-key", "canary-new-operator-key"];
/** Custom code that revokes, in the name of whoever calls it. */
const REVOKE = `module.exports = async ({ id }, context) =>
  context.callWorkflow({ action: "Revoke", data: { InstanceId: id, RevokeType: 2 } });`;
const data = folderForTests();
let platform: PlatformHere;
beforeAll(async () => {
  const envVariables = { STARTFLOW_OPERATOR_KEY: `${OLD_KEY},${NEW_KEY}` };
  platform = await platformHere(data, {
    code: { revoke: REVOKE },
    functions: [{ name: "submission-status", envVariables }],
  });
});
afterAll(() => platform.stop());
afterEach(() => platform.send("PUT", "/_local/faults", {}));

const leave = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
async function submitted(request: Partial<TestRequest> = {}): Promise<string> {
  const submissionId = randomUUID();
  await platform.test("start-leave", { params: { ...leave, submissionId }, ...request });
  return submissionId;
}
const look = (params: object, request: Partial<TestRequest> = {}) =>
  platform.test("submission-status", { params, ...request });
const outcome = async (...args: Parameters<typeof look>) =>
  ((await look(...args)).result as { outcome?: string } | undefined)?.outcome;

describe.each(["code", "main"] as const)("a look through %s", (entry) => {
  it("tells the one who submitted what became of it", async () => {
    const submissionId = await submitted();
    const { result } = await look({ submissionId }, { entry });
    const [instance] = await platform.instances();
    expect(result).toMatchObject({ outcome: "started", submissionId, processId: instance?.id, target: "weda-process" });
  });

  it("tells him of a lost answer that nobody knows", async () => {
    await platform.send("PUT", "/_local/faults", { weda: { kind: "lost-after", rate: 1 } });
    const submissionId = await submitted();
    expect(await outcome({ submissionId }, { entry })).toBe("unknown");
  });

  it("tells everybody else the very words for an id that there is not", async () => {
    const submissionId = await submitted();
    const missing = randomUUID();
    const told = JSON.stringify((await look({ submissionId: missing }, { entry })).result);
    for (const request of [
      { user: "user-other" },
      { user: null },
      { env: "production" as const },
      { user: "user-other", params: { submissionId, operatorKey: "canary-wrong-operator-key" } },
      { user: null, params: { submissionId, operatorKey: "" } },
      { user: null, params: { submissionId, operatorKey: `${OLD_KEY},${NEW_KEY}` } },
    ]) {
      const { ok, result } = await platform.test("submission-status", { params: { submissionId }, entry, ...request });
      expect({ ok, told: JSON.stringify(result) }).toEqual({ ok: true, told: told.replace(missing, submissionId) });
    }
  });

  it.each([OLD_KEY, NEW_KEY])("tells an operator of every submission, with either key", async (operatorKey) => {
    const submissionId = await submitted();
    expect(await outcome({ submissionId, operatorKey }, { entry, user: null })).toBe("started");
  });

  it("refuses what is no submission id", async () => {
    for (const submissionId of [undefined, "", "short", "x".repeat(65), 12345678, { $gt: "" }, "../../etc/passwd"]) {
      const { ok, error } = await look({ submissionId }, { entry });
      expect({ ok, code: error?.code, path: error?.issues?.[0]?.path }).toEqual({
        ok: false,
        code: "INVALID_PARAMS",
        path: "submissionId",
      });
    }
  });
});

describe("how a WeDa process stands", () => {
  const processOf = async (submissionId: string, request: Partial<TestRequest> = {}) =>
    ((await look({ submissionId }, request)).result as { process?: object }).process;
  const decide = async (action: "agree" | "reject") => {
    const [instance] = (await platform.instances()) as [InstanceView];
    await platform.send("POST", `/_local/instances/${instance.id}/tasks/${instance.tasks[0]?.id}`, { action });
  };

  it.each([
    ["agree", { code: 3, state: "passed", progress: { phase: "completed" } }],
    ["reject", { code: 2, state: "rejected", progress: { phase: "declined" } }],
  ] as const)("is told where it waits, and after %s how it ended", async (action, ended) => {
    const submissionId = await submitted();
    expect(await processOf(submissionId)).toEqual({
      code: 0,
      state: "running",
      text: { zh: "审批中", en: "in approval" },
      progress: { phase: "waiting", places: [{ id: "Task_manager", name: "主管审批", assignees: ["主管"] }] },
    });
    await decide(action);
    expect(await processOf(submissionId)).toMatchObject(ended);
  });

  it("is told as terminated where the function that started it for nobody who is signed in has revoked it", async () => {
    const submissionId = await submitted({ user: null, entry: "main" });
    const [instance] = (await platform.instances()) as [InstanceView];
    expect(await platform.test("revoke", { params: { id: instance.id } })).toMatchObject({ ok: false });
    expect(await platform.test("revoke", { params: { id: instance.id }, user: null })).toMatchObject({ ok: true });
    const process = await processOf(submissionId, { user: null });
    expect(process).toMatchObject({ code: 1, state: "terminated", progress: { phase: "cancelled" } });
  });

  it("is left out where WeDa does not answer: that it started is known all the same", async () => {
    const submissionId = await submitted();
    await platform.send("PUT", "/_local/faults", { weda: { kind: "down", rate: 1 } });
    const { result } = await look({ submissionId });
    expect(result).toMatchObject({ outcome: "started", processId: expect.any(String) });
    expect(result).not.toHaveProperty("process");
  });
});

it("lets nobody who is not signed in see what he himself submitted, under the id of his form", async () => {
  const submissionId = await submitted({ user: null, entry: "main" });
  expect(await outcome({ submissionId }, { user: null })).toBe("started");
  expect(await outcome({ submissionId }, { user: "user-local" })).toBe("none");
});

it("the operator key is in no answer, no log, no record and no paste file", async () => {
  const submissionId = await submitted();
  const answers = await Promise.all([
    look({ submissionId, operatorKey: NEW_KEY }),
    look({ submissionId, operatorKey: NEW_KEY }, { entry: "main" }),
    look({ submissionId, operatorKey: NEW_KEY }, { dryRun: true }),
    look({ submissionId: "short", operatorKey: NEW_KEY }),
    look({ submissionId, operatorKey: NEW_KEY.repeat(20) }),
  ]);
  await platform.send("PUT", "/_local/faults", { store: { kind: "down", rate: 1 } });
  answers.push(await look({ submissionId, operatorKey: NEW_KEY }));
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, false, false, false]);
  expect(answers.at(-1)).toMatchObject({ error: { code: "OUTCOME_UNKNOWN", outcome: "unknown" } });
  const seen = [
    JSON.stringify(answers),
    JSON.stringify(await platform.get("/_local/requests")),
    JSON.stringify(await platform.get("/_local/methods")),
    readFileSync(join(data, "documents.jsonl"), "utf8"),
  ];
  expect(seen.filter((text) => text.includes("canary-"))).toEqual([]);
  expect(pasteNames).not.toContain("submission-status");
  const pasted = pasteNames.map((name) => readFileSync(join("dist", "paste", `${name}.js`), "utf8"));
  expect(pasted.filter((text) => text.includes("OPERATOR_KEY"))).toEqual([]);
});
