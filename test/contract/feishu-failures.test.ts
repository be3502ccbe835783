/** Before and beside the APIs: credentials and tokens, an address that is none, and no answer: to the official SDK and to us. */
import { type Client, withTenantToken } from "@larksuiteoapi/node-sdk";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { RequestRow } from "../../local/console/wire";
import type { FaultKind } from "../../local/faults";
import { StartflowError } from "../../shared/base/errors";
import { executeFlow } from "../../shared/engines/apaas/execute";
import { jsonText } from "../../shared/feishu/call";
import { FEISHU_CODES } from "../../shared/feishu/codes";
import { ask } from "../../shared/feishu/request";
import { openContract, saidToSdk } from "./feishu-clients";
import {
  DEFINITION,
  EXECUTE,
  execute,
  FLOW,
  get,
  lately,
  list,
  START,
  start,
  TIMEOUT_MS,
  template,
} from "./feishu-operations";

const { app, sdk, received, fault, platform } = await openContract();

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("credentials", () => {
  it.each([
    ["an unknown app", { appId: "cli_nobody" }, 10014],
    ["a wrong secret", { appSecret: "wrong" }, 10015],
    ["no app", { appId: "" }, 10003],
  ])("of %s are refused to both", async (_, change, code) => {
    await expect(execute(EXECUTE).sdk(sdk(change))).rejects.toThrow(String(code));
    // Another domain, because the token of the right ones is kept for this one.
    const other = { ...app, ...change, domain: app.domain.replace("127.0.0.1", "localhost") };
    const failure = await failureOf(execute(EXECUTE).ours(other));
    expect(failure).toBeInstanceOf(StartflowError);
    expect(failure).toMatchObject({ code: "ENGINE_REFUSED", outcome: "rejected" });
    expect((failure as StartflowError).message).toContain(String(code));
  });
});

describe("a token", () => {
  it.each([
    ["that is missing", undefined, 99991661],
    ["of a user", "u-7f1bcd13fc57d46bac21793a18e560", 99991668],
    ["in the form of a JWT", "eyJhbGciOiJIUzI1NiJ9", 99991668],
    ["with no known beginning", "7f1bcd13fc57d46bac21793a18e560", 99991671],
    ["that was never given out", "t-7f1bcd13fc57d46bac21793a18e560", 99991663],
  ])("%s is refused to the SDK, with a code that has a text of its own", async (_, token, code) => {
    const client = sdk({}, { disableTokenCache: true });
    const call = { path: { namespace: FLOW.namespace, flow_id: FLOW.flowId }, data: EXECUTE };
    const options = token === undefined ? undefined : withTenantToken(token);
    const { said, rows } = await received(() => saidToSdk(client.apaas.v1.applicationFlow.execute(call, options)));
    expect(said).toMatchObject({ status: 400, code, msg: expect.stringContaining("access token") });
    expect(rows).toMatchObject([{ status: 400 }]);
    expect(FEISHU_CODES[code]).toMatchObject({ is: "ENGINE_REFUSED", zh: expect.stringMatching(/^飞书/) });
  });

  it("that was revoked heals with one refresh and one more try, where the SDK fails until its own time is over", async () => {
    const client = sdk();
    await execute(EXECUTE).sdk(client);
    await executeFlow(app, FLOW, EXECUTE, TIMEOUT_MS);
    await platform.send("POST", "/_local/feishu/revoke-tokens", {});
    expect(await saidToSdk(execute(EXECUTE).sdk(client))).toMatchObject({ status: 400, code: 99991663 });
    const before = (await platform.get<RequestRow[]>("/_local/requests")).length;
    expect(await executeFlow(app, FLOW, EXECUTE, TIMEOUT_MS)).toMatchObject({ data: { status: "end" } });
    const all = await platform.get<RequestRow[]>("/_local/requests");
    const paths = all.slice(0, all.length - before).map(({ path }) => path.split("/").at(-1));
    expect(paths.reverse()).toEqual(["execute", "internal", "execute"]);
  });
});

describe("an address without an API", () => {
  const nowhere = (client: Client) => client.request({ method: "POST", url: "/open-apis/corehr/v2/nothing", data: {} });
  const call = {
    method: "POST",
    path: ["corehr", "v2", "nothing"],
    body: jsonText("{}"),
    schema: z.unknown(),
    timeoutMs: TIMEOUT_MS,
    starts: true,
  } as const;

  it("is HTTP 404 in plain text to the SDK, and to us a refusal with a text of its own", async () => {
    const bySdk = await received(() => failureOf(nowhere(sdk())));
    expect(bySdk.said).toMatchObject({ response: { status: 404, data: "404 page not found" } });
    const byUs = await received(() => ask(app, call));
    expect(byUs.said).toMatchObject({ refusal: { status: 404, code: 404, logId: expect.stringMatching(/./) } });
    expect(byUs.rows).toEqual(bySdk.rows);
    expect(FEISHU_CODES[404]).toMatchObject({ is: "ENGINE_REFUSED", zh: expect.stringMatching(/^飞书/) });
  });
});

/** What the SDK throws, and how many have started after both tried. */
const UNANSWERED: [FaultKind, object, number][] = [
  ["error-before", { isAxiosError: true, response: { status: 500, data: { code: 5000 } } }, 0],
  ["error-after", { isAxiosError: true, response: { status: 500, data: { code: 5000 } } }, 2],
  ["lost-before", { isAxiosError: true, code: "ECONNRESET" }, 0],
  ["lost-after", { isAxiosError: true, code: "ECONNRESET" }, 2],
];

describe.each(UNANSWERED)("%s", (kind, thrown, started) => {
  it.each([
    ["apaas", execute(EXECUTE)],
    ["corehr", start(START)],
  ])("of %s leaves a start unknown to us, and is an AxiosError to the SDK", async (engine, operation) => {
    const before = (await platform.instances()).length;
    await fault(engine, kind);
    const bySdk = await received(() => failureOf(operation.sdk(sdk())));
    expect(bySdk.said).toMatchObject(thrown);
    const byUs = await received(() => failureOf(operation.ours(app)));
    expect(byUs.said).toBeInstanceOf(StartflowError);
    expect(byUs.said).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(byUs.rows).toEqual(bySdk.rows);
    expect(byUs.rows).toHaveLength(1);
    expect(await platform.instances()).toHaveLength(before + started);
  });

  it.each([
    ["get", get("1")],
    ["list", list(lately())],
    ["template", template(DEFINITION, ["reason"])],
  ])("of a call that starts nothing (%s) is told as out of reach", async (_, operation) => {
    await fault("corehr", kind);
    expect(await failureOf(operation.sdk(sdk()))).toMatchObject(thrown);
    expect(await failureOf(operation.ours(app))).toMatchObject({ code: "ENGINE_UNREACHABLE", outcome: "rejected" });
  });
});
