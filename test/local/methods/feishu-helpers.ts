/** The Feishu methods as they were built, on the local platform: what the tests of this folder share. */
import { rmSync } from "node:fs";
import { afterAll, afterEach } from "vitest";
import type { FeishuSettings, RequestRow, TestAnswer, TestRequest } from "../../../local/console/wire";
import { form, type PlatformHere, platformHere, temporaryFolder } from "../../helpers/platform";

export const APAAS = "start-apaas-flow";
export const COREHR = "start-corehr-process";
export const DEFINITION = "people_7023711013443944467_7437160904904494892";
export const SETTLED_MS = 130_000;
const TOKEN = "/open-apis/auth/v3/tenant_access_token/internal";

export const flow = () => form({ record: "5454545" });
export const transfer = (change: object = {}) => form({ reason: "部门调动", urgent: true, ...change });

/** A platform of the test file's own, in this process: as shipped again after each test. */
export async function openMethods() {
  const data = temporaryFolder();
  const platform = await platformHere(data);
  afterEach(() => platform.send("POST", "/_local/reset", {}));
  afterAll(async () => {
    await platform.stop();
    rmSync(data, { recursive: true });
  });
  return { data, platform, feishu: feishuOf(platform) };
}

/** Everything that the tests ask of the platform, in their own words. */
function feishuOf(platform: PlatformHere) {
  const requests = async (path: string | RegExp) =>
    (await platform.get<RequestRow[]>("/_local/requests")).filter((row) => row.path.match(path) !== null).reverse();
  return {
    start: (name: string, params: object, more: Partial<TestRequest> = {}): Promise<TestAnswer> =>
      platform.test(name, { params, ...more }),
    /** Oldest first. */
    requests,
    starts: () => requests(/\/(execute|process_start)(\?|$)/),
    fault: (engine: string, kind: string, times = 1) =>
      platform.send("PUT", "/_local/faults", { [engine]: { kind, times } }),
    switches: (change: object) => platform.send("PUT", "/_local/feishu", change),
    /** A file as the form's control stores it. */
    async upload(name: string, bytes: number): Promise<string> {
      const sent = await fetch(`${platform.url}/_local/files?name=${encodeURIComponent(name)}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: new Uint8Array(bytes),
      });
      return ((await sent.json()) as { fileID: string }).fileID;
    },
    /** The very token that the functions get: Feishu gives out one while it has half an hour left. */
    async token(): Promise<string> {
      const { appId: app_id, appSecret: app_secret } = await platform.get<FeishuSettings>("/_local/feishu");
      const answer = await platform.send<{ tenant_access_token: string }>("POST", TOKEN, { app_id, app_secret });
      return answer.tenant_access_token;
    },
    later: (offsetMs: number) => platform.send("PUT", "/_local/clock", { offsetMs }),
    look: async (submissionId: string) =>
      (await platform.test("submission-status", { params: { submissionId } })).result as Record<string, unknown>,
    sweep: async () => (await platform.test("sweep", { params: {} })).result as Record<string, number>,
  };
}

export function resultOf({ ok, result, error }: TestAnswer): Record<string, unknown> & { processId: string | null } {
  if (ok) return result as Record<string, unknown> & { processId: string | null };
  throw new Error(`${error?.code}: ${error?.message.en}`);
}
