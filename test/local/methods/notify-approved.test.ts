/** notify-approved as it was built, and called by the leave flow: the applicant is told, and no failure of that stops the flow. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { InstanceView, RequestRow } from "../../../local/console/wire";
import { folderForTests } from "../../helpers/folder";
import { type Client, form, type PlatformHere, platformHere, platformProcess } from "../../helpers/platform";

const LEAVE = { reason: "探亲", days: 3, startsOn: "2026-12-01" };

async function started(platform: Client, user = "zhangsan"): Promise<InstanceView> {
  const { result } = await platform.test("start-leave", { params: form(LEAVE), user });
  const { processId } = result as { processId: string };
  return await platform.get<InstanceView>(`/_local/instances/${processId}`);
}

function decide(platform: Client, { id, tasks }: InstanceView, action: "agree" | "reject"): Promise<InstanceView> {
  return platform.send("POST", `/_local/instances/${id}/tasks/${tasks[0]?.id}`, { action });
}

const messages = async (platform: Client) =>
  (await platform.get<RequestRow[]>("/_local/requests")).filter(({ path }) => path.endsWith("/message/send"));
const told = ({ timeline }: InstanceView) => timeline.filter(({ what }) => what === "called" || what === "callFailed");

let platform: PlatformHere;
const [data, dataOfKilled] = [folderForTests(), folderForTests()];
beforeAll(async () => {
  platform = await platformHere(data);
});
afterAll(() => platform.stop());
afterEach(() => platform.send("POST", "/_local/reset", {}));

describe("the leave flow", () => {
  it("tells the applicant once when the approver has agreed, and not when he has not", async () => {
    await decide(platform, await started(platform), "reject");
    expect(await messages(platform)).toEqual([]);
    const done = await decide(platform, await started(platform), "agree");
    expect([done.state, told(done).map(({ what, name }) => [what, name])]).toEqual([
      "completed",
      [["called", "通知申请人"]],
    ]);
    expect(await messages(platform)).toMatchObject([
      {
        status: 200,
        query: { access_token: "***" },
        body: { touser: "zhangsan", text: { content: "您的请假申请已通过：2026-12-01 起，3 天，事由：探亲。" } },
      },
    ]);
  });

  it.each(["reject", "down", "error-before", "no-scope", "lost-after"])(
    "is completed all the same where the notice fails (%s), and shows why",
    async (kind) => {
      const asked = await started(platform);
      await platform.send("PUT", "/_local/faults", { qywx: { kind } });
      const done = await decide(platform, asked, "agree");
      expect(done.state).toBe("completed");
      expect(told(done)).toMatchObject([{ what: "callFailed", detail: /^INTERFACE_\w+: .*qywx/ }]);
      expect(JSON.stringify(done)).not.toContain("startflow-corpsecret");
    },
  );

  it("waits for seconds, and for no minute, where a system never answers", async () => {
    const asked = await started(platform);
    await platform.send("PUT", "/_local/faults", { qywx: { kind: "stall" } });
    const before = Date.now();
    const done = await decide(platform, asked, "agree");
    // The function gives up first, unless the machine is very slow.
    const detail = /^INTERFACE_|^FUNCTIONS_TIME_LIMIT_EXCEEDED|^10 秒/;
    expect([done.state, told(done)]).toMatchObject(["completed", [{ what: "callFailed", detail }]]);
    expect(Date.now() - before).toBeLessThan(60_000);
  });

  it("tells nobody twice: a platform that was killed meanwhile goes on without the notice", async () => {
    const first = await platformProcess(dataOfKilled);
    const asked = await started(first);
    await first.send("PUT", "/_local/faults", { qywx: { kind: "stall" } });
    const cut = decide(first, asked, "agree").catch(() => "cut off");
    await expect.poll(async () => (await messages(first)).length + (await stalls(first))).toBe(1);
    await first.kill();
    expect(await cut).toBe("cut off");
    const second = await platformProcess(dataOfKilled);
    const done = await second.get<InstanceView>(`/_local/instances/${asked.id}`);
    expect([done.state, told(done)]).toMatchObject(["completed", [{ what: "callFailed", detail: /not called again/ }]]);
    expect(await messages(second)).toEqual([]);
    await second.kill();
  });
});

/** A stalled token request counts as the try that was begun. */
async function stalls(platform: Client): Promise<number> {
  const rows = await platform.get<RequestRow[]>("/_local/requests");
  return rows.filter(({ engine, status }) => engine === "qywx" && status === 0).length > 0 ? 1 : 0;
}

describe("notify-approved", () => {
  it.each(["code", "main"] as const)("tells what it is given, through %s", async (entry) => {
    const { ok, result } = await platform.test("notify-approved", { params: { userId: "lisi" }, entry });
    expect([ok, result]).toEqual([true, { notified: "lisi", messageId: expect.any(String) }]);
    expect((await messages(platform))[0]?.body).toMatchObject({
      touser: "lisi",
      text: { content: "您的请假申请已通过。" },
    });
  });

  it("tells one member: neither everybody nor several at once", async () => {
    for (const userId of ["@all", "@ALL", " @all", "lisi|wangwu", "|", " "]) {
      const { error } = await platform.test("notify-approved", { params: { userId } });
      expect(error).toMatchObject({ code: "INVALID_PARAMS", outcome: "rejected" });
    }
    expect(await messages(platform)).toEqual([]);
  });

  it("fails clearly for a member that WeCom does not know", async () => {
    const { error } = await platform.test("notify-approved", { params: { userId: "nobody" } });
    expect(error).toMatchObject({ code: "INTERFACE_FAILED", outcome: "rejected", message: { en: /81013/ } });
  });
});
