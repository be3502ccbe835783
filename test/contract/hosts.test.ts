/** The built functions on every host that can be had here: the same call, the same answer. */
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";
import { answerJson, openScriptedServer, type ScriptedServer } from "../helpers/scripted-server";
import { cliBootstrap } from "./hosts/cli";
import { type Host, type HostParts, localPlatform, plainNode } from "./hosts/host";
import { functionsFramework } from "./hosts/tcb-ff";

const OPERATOR_KEY = "hosts-operator-key";
const MAKERS = [localPlatform, plainNode, functionsFramework, cliBootstrap];

let platform: PlatformHere;
let cloud: ScriptedServer;
let hosts: Host[];
const folders: string[] = [];
const folder = () => {
  const made = temporaryFolder();
  folders.push(made);
  return made;
};
beforeAll(async () => {
  const envVariables = { STARTFLOW_OPERATOR_KEY: OPERATOR_KEY };
  platform = await platformHere(folder(), { functions: [{ name: "submission-status", envVariables }] });
  cloud = await openScriptedServer();
  const EnvList = [{ EnvId: "startflow-local", Status: "NORMAL", Functions: [{ Namespace: "startflow-local" }] }];
  cloud.answer = (_, response) => answerJson(response, 200, { Response: { RequestId: "r", EnvList } });
  const parts: HostParts = { url: platform.url, fakeCloudUrl: cloud.url, operatorKey: OPERATOR_KEY, folder };
  hosts = MAKERS.map((make) => make(parts));
});
afterAll(async () => {
  for (const host of hosts) await host.stop();
  await cloud.close();
  await platform.stop();
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

/** Every call of the CLI is a start of it: what it could do to an answer, a few of them show. */
const quick = () => hosts.filter(({ name }) => name !== "tcb fn run");

/** The same call on each of them; ids are another each time. */
async function onAll(
  name: string,
  eventOf: (host: Host) => unknown,
  those: readonly Host[] = hosts,
): Promise<[host: string, answer: unknown][]> {
  const called = those.map(async (host) => [host.name, await host.call(name, eventOf(host))] as [string, unknown]);
  return Promise.all(called);
}

function expectEqual(answers: [host: string, answer: unknown][], without: (answer: unknown) => unknown): void {
  const [[, first] = []] = answers;
  for (const [host, answer] of answers) expect([host, without(answer)]).toEqual([host, without(first)]);
}

const LEAVE = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
const ids = new Map<string, string>();
const submissionOf = ({ name }: Host) => {
  const id = ids.get(name) ?? randomUUID();
  ids.set(name, id);
  return id;
};
const withoutIds = (answer: unknown) => {
  const { processId, submissionId, ...others } = answer as Record<string, unknown>;
  return { ...others, processId: typeof processId, submissionId: typeof submissionId };
};

it("start-leave starts its own sample once, and knows the repeat", async () => {
  const started = await onAll("start-leave", (host) => ({ ...LEAVE, submissionId: submissionOf(host) }));
  expect(started[0]?.[1]).toMatchObject({ outcome: "started", target: "weda-process" });
  expectEqual(started, withoutIds);
  const again = await onAll("start-leave", (host) => ({ ...LEAVE, submissionId: submissionOf(host) }));
  expect(again[0]?.[1]).toMatchObject({ outcome: "duplicate" });
  expectEqual(again, withoutIds);
  const processIds = started.map(([, answer]) => (answer as { processId: string }).processId);
  expect((await platform.instances()).map(({ id }) => id).sort()).toEqual(processIds.sort());
});

it("submission-status tells an operator what became of each of them", async () => {
  const event = (host: Host) => ({ submissionId: submissionOf(host), operatorKey: OPERATOR_KEY });
  const told = await onAll("submission-status", event, quick());
  expect(told[0]?.[1]).toMatchObject({ outcome: "started", target: "weda-process" });
  expectEqual(told, (answer) => {
    const { since, ...others } = withoutIds(answer) as Record<string, unknown>;
    return { ...others, since: typeof since };
  });
});

it("a wrong input is refused in the same words", async () => {
  const refused = await onAll("start-leave", () => ({ reason: "", days: -3, startsOn: "someday", more: 1 }));
  expect(refused[0]?.[1]).toMatchObject({ code: "INVALID_PARAMS", outcome: "rejected" });
  expectEqual(refused, (answer) => answer);
});

it("a submission that there is not is told of in the same words", async () => {
  const event = { submissionId: randomUUID() };
  const told = await onAll("submission-status", () => event, quick());
  expect(told[0]?.[1]).toMatchObject({ outcome: "none", submissionId: event.submissionId });
  expectEqual(told, (answer) => answer);
});

function httpEvent(token: string) {
  return {
    path: "/v1/api/admin/test/sync",
    httpMethod: "GET",
    headers: { host: "env-id.service.tcloudbase.com", token, "x-real-ip": "203.0.113.7" },
    queryStringParameters: {},
    requestContext: { requestId: "r-1", envId: "env-id", appId: 1, uin: 1 },
    isBase64Encoded: false,
    body: "",
  };
}
const responseOf = (answer: unknown) => {
  const { statusCode, headers, body } = answer as { statusCode: number; headers: Record<string, string>; body: string };
  const parsed = JSON.parse(body.replaceAll(/"(uid|request_id)":"[^"]+"/g, '"$1":"<id>"'));
  return { statusCode, type: headers["content-type"] ?? headers["Content-Type"], body: parsed };
};

it("sync-api answers an HTTP event with an HTTP response, and a wrong token with a refusal", async () => {
  const answered = await onAll("sync-api", () => httpEvent("123456"));
  expect(responseOf(answered[0]?.[1])).toMatchObject({ statusCode: 200 });
  expectEqual(answered, responseOf);
  const refused = await onAll("sync-api", () => httpEvent("wrong"), quick());
  expect(responseOf(refused[0]?.[1])).toMatchObject({ statusCode: 401 });
  expectEqual(refused, responseOf);
});

it("no host reached beyond this machine, but for what was answered in the cloud's place", () => {
  const reached = new Set(cloud.received.map(({ headers }) => headers.host));
  // The CLI checks its login, and tells its makers about each command.
  expect([...reached].filter((host) => !/^(tcb\.tencentcloudapi|otheve\.beacon\.qq)\.com$/.test(host ?? ""))).toEqual(
    [],
  );
  expect(reached).toContain("tcb.tencentcloudapi.com");
});
