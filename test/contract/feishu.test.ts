/**
 * The official SDK and our client on the stand-in for Feishu: the same requests on the wire, headers aside, and the same
 * answers; and every refusal as Feishu sends it.
 */
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, LoggerLevel } from "@larksuiteoapi/node-sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RequestRow } from "../../local/console/wire";
import { executeFlow } from "../../shared/apaas/execute";
import type { ExecuteFlow } from "../../shared/apaas/wire";
import { flowDataTemplate, getProcess, listProcesses, startProcess } from "../../shared/corehr/api";
import { uploadBytes } from "../../shared/corehr/files";
import type { StartCorehrProcess } from "../../shared/corehr/wire";
import { StartflowError } from "../../shared/errors";
import type { FeishuApp } from "../../shared/feishu/app";
import type { FeishuAnswer } from "../../shared/feishu/call";
import { FEISHU_CODES } from "../../shared/feishu/codes";
import { type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";

const fixtureOf = <Body>(name: string) => JSON.parse(readFileSync(`test/fixtures/feishu/${name}.json`, "utf8")) as Body;
const EXECUTE = fixtureOf<ExecuteFlow>("execute-flow-sample");
const START = fixtureOf<StartCorehrProcess>("start-process-sample");
const FLOW = { namespace: "package_7344545d87__c", flowId: "deleteObject_99c656599f" };
const IDS = { user_id_type: "open_id", department_id_type: "open_department_id" } as const;
const DEFINITION = START.flow_definition_id;
const TIMEOUT_MS = 5_000;

let platform: PlatformHere;
let app: FeishuApp;
beforeAll(async () => {
  platform = await platformHere(temporaryFolder());
  const { appId, appSecret } = await platform.get<{ appId: string; appSecret: string }>("/_local/feishu");
  app = { domain: platform.url, appId, appSecret };
  await switches({ limits: false });
});
afterAll(() => platform.stop());
afterEach(async () => {
  await platform.send("PUT", "/_local/faults", {});
  await switches({ limits: false, disabledFlows: [] });
});
const switches = (change: object) => platform.send("PUT", "/_local/feishu", change);

/** A client of its own: the SDK's own cache is one for the whole process, by app id alone. */
function sdk(change: Partial<FeishuApp> = {}): Client {
  const kept = new Map<unknown, unknown>();
  const { domain, appId, appSecret } = { ...app, ...change };
  const quiet = () => undefined;
  return new Client({
    domain,
    appId,
    appSecret,
    cache: {
      get: async (key: unknown) => kept.get(key),
      set: async (key: unknown, value: unknown) => kept.set(key, value).has(key),
    } as unknown as NonNullable<ConstructorParameters<typeof Client>[0]["cache"]>,
    logger: { error: quiet, warn: quiet, info: quiet, debug: quiet, trace: quiet },
    loggerLevel: LoggerLevel.error,
  });
}

interface Outcome {
  status: number;
  code: number;
  msg: string;
  data?: unknown;
}

interface Operation {
  sdk(client: Client): Promise<unknown>;
  ours(app: FeishuApp): Promise<unknown>;
}

/** As what Feishu answered: the SDK hides it in an AxiosError, or resolves with it. */
async function saidToSdk(work: Promise<unknown>): Promise<Outcome> {
  try {
    const answer = (await work) as { code?: number; msg?: string; data?: unknown };
    // `upload` gives the data alone.
    return answer.code === undefined
      ? { status: 200, code: 0, msg: "success", data: answer }
      : { status: 200, code: answer.code, msg: answer.msg ?? "", data: answer.data };
  } catch (error) {
    const { response } = error as { response?: { status: number; data: { code: number; msg: string } } };
    if (response === undefined) throw error;
    return { status: response.status, code: response.data.code, msg: response.data.msg };
  }
}

async function saidToUs(work: Promise<unknown>): Promise<Outcome> {
  const answer = (await work) as FeishuAnswer<unknown>;
  if (typeof answer === "object" && answer !== null && "refusal" in answer) {
    const { status, code, msg } = answer.refusal;
    return { status, code, msg };
  }
  const data = typeof answer === "object" && answer !== null && "logId" in answer ? answer.data : answer;
  return { status: 200, code: 0, msg: "success", data };
}

/** What was received meanwhile, without the headers and without the body that the SDK sends with a GET. */
async function received(work: () => Promise<Outcome>): Promise<{ rows: Partial<RequestRow>[]; said: Outcome }> {
  const before = (await platform.get<RequestRow[]>("/_local/requests")).length;
  const said = await work();
  const all = await platform.get<RequestRow[]>("/_local/requests");
  const rows = all.slice(0, all.length - before).reverse();
  return {
    said,
    rows: rows
      .filter(({ path }) => !path.includes("tenant_access_token"))
      .map(({ method, path, query, body, status }) => ({
        method,
        path: path.replace(/\?.*$/, ""),
        query,
        ...(method === "GET" ? {} : { body }),
        status,
      })),
  };
}

/** Ids that are new with each start. */
function withoutIds(value: unknown): unknown {
  const text = JSON.stringify(value) ?? "null";
  return JSON.parse(
    text.replace(/\b\d{16}\b|\b\d{19}\b|[0-9a-f]{24}_[0-9a-f]{32}/g, (id) => (KNOWN.has(id) ? id : "ID")),
  );
}
const KNOWN = new Set(JSON.stringify([EXECUTE, START]).match(/\d{16,19}|[0-9a-f]{24}_[0-9a-f]{32}/g) ?? []);

async function startedId(): Promise<string> {
  const answer = (await startProcess(app, IDS, JSON.stringify(START), TIMEOUT_MS)) as { data: { process_id: string } };
  return answer.data.process_id;
}

const execute = (body: ExecuteFlow, name = FLOW): Operation => ({
  sdk: (client) =>
    client.apaas.v1.applicationFlow.execute({ path: { namespace: name.namespace, flow_id: name.flowId }, data: body }),
  ours: (own) => executeFlow(own, name, body, TIMEOUT_MS),
});
const start = (body: StartCorehrProcess, ids: Partial<Record<keyof typeof IDS, string>> = {}): Operation => ({
  sdk: (client) => client.corehr.v2.processStart.create({ data: body, params: { ...IDS, ...(ids as typeof IDS) } }),
  ours: (own) => startProcess(own, { ...IDS, ...(ids as typeof IDS) }, JSON.stringify(body), TIMEOUT_MS),
});
const now = () => String(Date.now() + 60_000);
const hourAgo = () => String(Date.now() - 3_600_000);

const OPERATIONS: [string, () => Promise<Operation>][] = [
  ["execute, with the published body", async () => execute(EXECUTE)],
  ["execute, and wait for its end", async () => execute({ ...EXECUTE, is_async: false })],
  ["execute, with every member", async () => execute({ ...EXECUTE, loop_masks: ["a", "中"] })],
  ["process start, with the published body", async () => start(START)],
  [
    "process start, with nothing but its definition",
    async () => start({ flow_definition_id: DEFINITION, system_initiator: true }),
  ],
  [
    "process get",
    async () => {
      const id = await startedId();
      return {
        sdk: (client) =>
          client.corehr.v2.process.get({ path: { process_id: id }, params: { user_id_type: "open_id" } }),
        ours: (own) => getProcess(own, id, "open_id", TIMEOUT_MS),
      };
    },
  ],
  [
    "process list",
    async () => {
      await startedId();
      const [from, to] = [hourAgo(), now()];
      return {
        sdk: (client) =>
          client.corehr.v2.process.list({
            params: {
              page_size: 100,
              modify_time_from: from,
              modify_time_to: to,
              flow_definition_id: DEFINITION,
              statuses: [1, 2],
            },
          }),
        ours: (own) =>
          listProcesses(
            own,
            { flowDefinitionId: DEFINITION, fromMs: Number(from), toMs: Number(to), statuses: [1, 2] },
            TIMEOUT_MS,
          ),
      };
    },
  ],
  [
    "flow data template",
    async () => ({
      sdk: (client) =>
        client.corehr.v2.processQueryFlowDataTemplate.create({
          data: { flow_definition_id: DEFINITION, variable_api_names: ["reason", "city.city_v2", "nothing"] },
          params: { user_id_type: "open_id" },
        }),
      ours: (own) =>
        flowDataTemplate(
          own,
          { flowDefinitionId: DEFINITION, variables: ["reason", "city.city_v2", "nothing"], userIdType: "open_id" },
          TIMEOUT_MS,
        ),
    }),
  ],
  [
    "file upload",
    async () => {
      const bytes = Buffer.from("一份附件\n\u0000\r\n--x");
      const file = join(temporaryFolder(), "附件.txt");
      writeFileSync(file, bytes);
      return {
        sdk: (client) =>
          client.corehr.v1.person.upload({ data: { file_content: createReadStream(file), file_name: "附件.txt" } }),
        ours: (own) => uploadBytes(own, [bytes], "附件.txt"),
      };
    },
  ],
];

describe.each(OPERATIONS)("%s", (_, prepare) => {
  it("is the same request on the wire and the same answer, by the SDK and by us", async () => {
    const operation = await prepare();
    const bySdk = await received(() => saidToSdk(operation.sdk(sdk())));
    const byUs = await received(() => saidToUs(operation.ours(app)));
    expect(bySdk.said.code).toBe(0);
    expect(withoutIds(byUs.rows)).toEqual(withoutIds(bySdk.rows));
    expect(withoutIds(byUs.said.data)).toMatchObject(withoutIds(bySdk.said.data) as object);
    expect(byUs.rows).toHaveLength(1);
  });
});

const flowData = (item: object) => ({ flow_definition_id: DEFINITION, system_initiator: true, flow_data: [item] });
const REFUSALS: [string, number, number, () => Promise<Operation> | Operation][] = [
  ["an operator that is no JSON", 400, 2320001, () => execute({ ...EXECUTE, operator: "me" })],
  ["an operator without _id and email", 400, 2320001, () => execute({ ...EXECUTE, operator: "{}" })],
  ["params that are no JSON", 400, 2320001, () => execute({ ...EXECUTE, params: "{" })],
  ["an unknown flow", 400, 2320001, () => execute(EXECUTE, { ...FLOW, flowId: "nothing_0000000000" })],
  ["an unknown namespace", 400, 2320001, () => execute(EXECUTE, { ...FLOW, namespace: "package_0__c" })],
  ["an unknown variable of a flow", 400, 2320001, () => execute({ ...EXECUTE, params: '{"nothing": 1}' })],
  [
    "a repeated key",
    400,
    2320001,
    async () => {
      await executeFlow(app, FLOW, { ...EXECUTE, idempotent_key: "key-of-the-contract" }, TIMEOUT_MS);
      return execute({ ...EXECUTE, idempotent_key: "key-of-the-contract" });
    },
  ],
  ["an unknown definition", 400, 1161001, () => start({ ...START, flow_definition_id: "people_1_1" })],
  [
    "no initiator where the system is none",
    400,
    1161001,
    () => start({ flow_definition_id: DEFINITION, system_initiator: false }),
  ],
  ["an unknown initiator", 400, 1161060, () => start({ ...START, initiator_id: "ou_nobody", system_initiator: false })],
  [
    "an unknown variable",
    400,
    1161001,
    () => start(flowData({ variable_api_name: "nothing", variable_value: { text_value: "x" } })),
  ],
  [
    "a key without its value",
    400,
    1161001,
    () => start(flowData({ variable_api_name: "skills", variable_value: { list_values: ["k1"] } })),
  ],
  [
    "an option's label",
    400,
    1161001,
    () => start(flowData({ variable_api_name: "address_type", variable_value: { enum_value: "家庭住址" } })),
  ],
  [
    "a disabled flow",
    400,
    1161059,
    async () => {
      await switches({ disabledFlows: [DEFINITION] });
      return start(START);
    },
  ],
  [
    "no permission",
    403,
    1161002,
    async () => {
      await platform.send("PUT", "/_local/faults", { corehr: { kind: "reject", rate: 1 } });
      return start(START);
    },
  ],
  [
    "a missing scope",
    400,
    99991672,
    async () => {
      await platform.send("PUT", "/_local/faults", { apaas: { kind: "no-scope", rate: 1 } });
      return execute(EXECUTE);
    },
  ],
  [
    "a rate limit",
    429,
    99991400,
    async () => {
      await platform.send("PUT", "/_local/faults", { corehr: { kind: "rate-limit", rate: 1 } });
      return start(START);
    },
  ],
];

describe.each(REFUSALS)("%s", (_, status, code, prepare) => {
  it(`is HTTP ${status} with ${code}, to the SDK and to us, and has a text of its own`, async () => {
    const operation = await prepare();
    const bySdk = await received(() => saidToSdk(operation.sdk(sdk())));
    const byUs = await received(() => saidToUs(operation.ours(app)));
    expect(bySdk.said).toMatchObject({ status, code });
    expect(byUs.said).toEqual(bySdk.said);
    expect(byUs.rows).toEqual(bySdk.rows);
    expect(FEISHU_CODES[code]?.zh).toMatch(/^飞书/);
  });
});

describe("a user id of the kind user_id", () => {
  it("needs a scope of its own", async () => {
    const body = { ...START, initiator_id: undefined };
    const operation = start(body, { user_id_type: "user_id" });
    expect((await saidToSdk(operation.sdk(sdk()))).code).toBe(0);
    const { scopes } = await platform.get<{ scopes: string[] }>("/_local/feishu");
    await switches({ scopes: scopes.filter((scope) => scope !== "contact:user.employee_id:readonly") });
    const bySdk = await saidToSdk(operation.sdk(sdk()));
    expect(await saidToUs(operation.ours(app))).toEqual(bySdk);
    expect(bySdk).toMatchObject({ status: 400, code: 99991672 });
    await switches({ scopes });
  });
});

describe("credentials", () => {
  it.each([
    ["an unknown app", { appId: "cli_nobody" }, 10014],
    ["a wrong secret", { appSecret: "wrong" }, 10015],
    ["no app", { appId: "" }, 10003],
  ])("of %s are refused to both", async (_, change, code) => {
    await expect(execute(EXECUTE).sdk(sdk(change))).rejects.toThrow(String(code));
    const failure: unknown = await execute(EXECUTE)
      .ours({ ...app, ...change, domain: app.domain.replace("127.0.0.1", "localhost") })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartflowError);
    expect(failure).toMatchObject({ code: "ENGINE_REFUSED", outcome: "rejected" });
    expect((failure as StartflowError).message).toContain(String(code));
  });
});

it("a token that was revoked heals with one refresh and one more try, where the SDK fails until its own time is over", async () => {
  const client = sdk();
  await execute(EXECUTE).sdk(client);
  await executeFlow(app, FLOW, EXECUTE, TIMEOUT_MS);
  await platform.send("POST", "/_local/feishu/revoke-tokens", {});
  expect(await saidToSdk(execute(EXECUTE).sdk(client))).toMatchObject({ status: 400, code: 99991663 });
  const before = (await platform.get<RequestRow[]>("/_local/requests")).length;
  expect(await executeFlow(app, FLOW, EXECUTE, TIMEOUT_MS)).toMatchObject({ data: { status: "end" } });
  const all = await platform.get<RequestRow[]>("/_local/requests");
  const paths = all
    .slice(0, all.length - before)
    .map(({ path }) => path.split("/").at(-1))
    .reverse();
  expect(paths).toEqual(["execute", "internal", "execute"]);
});
