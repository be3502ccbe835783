/** Feishu as a server that refuses in the words that it is told, and the starts of both its engines against it. */
import { vi } from "vitest";
import { apaasFlow, typedIn } from "../../../shared/engines/apaas";
import { startedBy } from "../../../shared/engines/apaas/execute";
import type { ApaasVariable } from "../../../shared/engines/apaas/params";
import { flowExecutionSchema } from "../../../shared/engines/apaas/wire";
import { corehrProcess } from "../../../shared/engines/corehr";
import type { CorehrVariable } from "../../../shared/engines/corehr/fields";
import type { PreparedStart, Started } from "../../../shared/engines/engine";
import { refusalFailure } from "../../../shared/feishu/failure";
import type { MethodContext } from "../../../shared/platform/context";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../helpers/scripted-server";
import { prepared, type Refused, type TriedEngine, toldOf } from "./engines";
import type { Rows } from "./names";

const context: MethodContext = { callWorkflow: async () => undefined };
let server: ScriptedServer;
/** HTTP status and body of the next answer. */
let next: [status: number, body: object] = [200, {}];

export async function openFeishu(): Promise<void> {
  server = await openScriptedServer();
  const token = { code: 0, msg: "ok", tenant_access_token: "t-1", expire: 7_200 };
  server.answer = ({ path }, response) =>
    path.endsWith("/internal") ? answerJson(response, 200, token) : answerJson(response, ...next);
  vi.stubEnv("STARTFLOW_FEISHU_DOMAIN", server.url);
  vi.stubEnv("STARTFLOW_FEISHU_APP_ID", "cli_typed_text");
  vi.stubEnv("STARTFLOW_FEISHU_APP_SECRET", "secret");
  vi.stubEnv("STARTFLOW_APAAS_OPERATOR_ID", "1111");
}
export async function closeFeishu(): Promise<void> {
  vi.unstubAllEnvs();
  await server.close();
}

type Way = (words: string) => typeof next;
const refusal =
  (code: number): Way =>
  (msg) => [400, { code, msg }];
const ended = (data: object): typeof next => [200, { code: 0, msg: "success", data: { execution_id: "1", ...data } }];

const APAAS_WAYS: Way[] = [
  refusal(2320001),
  refusal(2399999),
  (words) => ended({ status: "failed", code: "k_ec_1", error_msg: words }),
  (words) => ended({ status: words, code: words, error_msg: words }),
  (words) => ended({ status: words, out_params: words }),
  (words) => ended({ execution_id: "", code: words, error_msg: words }),
];

type ApaasFields = Parameters<typeof prepared<ApaasVariable>>[1];

const apaas = (fieldsOf: (rows: Rows) => ApaasFields): TriedEngine => ({
  ways: APAAS_WAYS.length,
  async start(rows) {
    const start = await prepared(apaasFlow({ namespace: "p_1", flowId: "f_1" }), fieldsOf(rows), context);
    return refusedBy(start, APAAS_WAYS);
  },
});

export const APAAS = {
  /** Free values of variables. */
  mapped: apaas(({ first, rest }) => [
    { name: "first", value: first, entry: { variable: "first", kind: "json" } },
    { name: "rest", value: rest, entry: { variable: "rest", kind: "json" } },
  ]),
  /** The whole of `params`, as a caller wrote it. */
  ready: apaas((rows) => [{ name: "params", value: JSON.stringify(rows), entry: { kind: "params" } }]),
};

/** The same without the wire, for thousands of refusals: what is read of an answer, by the parts that read it. */
const READ: ((words: string, typed: unknown) => Started)[] = [
  (msg, typed) => {
    throw refusalFailure({ code: 2320001, msg, status: 400, logId: undefined, retryAfterMs: undefined }, true, typed);
  },
  (words, typed) => startedBy(flowExecutionSchema.parse({ status: words, code: words, error_msg: words }), typed),
];

export const apaasUnwired: TriedEngine = {
  ways: READ.length,
  async start(rows) {
    const typed = typedIn([], { operator: "{}", params: JSON.stringify(rows) });
    return (words, way) => toldOf((async () => (READ[way] as (typeof READ)[0])(words, typed))());
  },
};

const COREHR_WAYS: Way[] = [refusal(1161001), refusal(1161999)];

/** @param fields every place where somebody types */
export async function corehr(fields: Parameters<typeof prepared<CorehrVariable>>[1]): Promise<Refused> {
  const target = corehrProcess({ flowDefinitionId: "people_1_2", systemInitiator: true });
  return refusedBy(await prepared(target, fields, context), COREHR_WAYS);
}
export const corehrWays = COREHR_WAYS.length;

function refusedBy(start: PreparedStart, ways: readonly Way[]): Refused {
  return (words, way) => {
    next = (ways[way] as Way)(words);
    return toldOf(start.send());
  };
}
