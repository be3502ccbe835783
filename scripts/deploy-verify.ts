/** Asks the platform what became of a deployed function, and holds it to its row. */
import * as z from "zod";
import type { Row } from "./check-project";
import { triggersSchema } from "./check-rows";
import { filledIn, type Values } from "./env-files";
import { type ApiCall, ApiError } from "./tencent-cloud-api";

/** The call, with credentials and region. */
export type Ask = (call: ApiCall) => Promise<object>;

export interface Place {
  envId: string;
  /** The functions' namespace, as the environment tells it. */
  namespace: string;
}

const textList = z.array(z.object({ Key: z.string(), Value: z.string().nullish() })).nullish();
const stateSchema = z.object({
  Status: z.string(),
  StatusDesc: z.string().nullish(),
  Runtime: z.string().nullish(),
  Handler: z.string().nullish(),
  Timeout: z.number().nullish(),
  MemorySize: z.number().nullish(),
  CodeSize: z.number().nullish(),
  Environment: z.object({ Variables: textList }).nullish(),
  Triggers: z.array(z.object({ TriggerName: z.string(), TriggerDesc: z.string().nullish() })).nullish(),
});
export type FunctionState = z.infer<typeof stateSchema>;

const apisSchema = z.object({
  APISet: z.array(z.object({ Path: z.string(), Name: z.string().nullish() })).nullish(),
});

const POLL_MS = 1_000;
const UNDER_WAY = /^(Creating|Updating|Publishing)/;

/** @throws ApiError; its code is NOT_ACTIVE where the function is still not done at the end */
export async function readState(ask: Ask, { namespace }: Place, name: string, untilMs: number): Promise<FunctionState> {
  for (;;) {
    const params = { FunctionName: name, Namespace: namespace, ShowCode: "FALSE" };
    const parsed = stateSchema.safeParse(await ask({ service: "scf", action: "GetFunction", params }));
    if (!parsed.success) throw new ApiError("NETWORK", "the answer to GetFunction cannot be read");
    if (!UNDER_WAY.test(parsed.data.Status)) return parsed.data;
    if (Date.now() + POLL_MS > untilMs) {
      throw new ApiError("NOT_ACTIVE", `it is still ${parsed.data.Status}, and was to be Active`);
    }
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

/** What differs from the row, in words and without values. */
export function differences(row: Row, state: FunctionState, values: Values): string[] {
  const found: string[] = [];
  if (state.Status !== "Active")
    found.push(`Status is ${state.Status}${state.StatusDesc ? ` (${state.StatusDesc})` : ""}`);
  const members = [
    ["Runtime", state.Runtime, row.runtime],
    ["Handler", state.Handler, row.handler],
    ["Timeout", state.Timeout, row.timeout],
    ["MemorySize", state.MemorySize, row.memorySize],
  ];
  for (const [member, is, declared] of members) {
    if (is !== declared) found.push(`${member} is ${is ?? "not told"}, declared is ${declared}`);
  }
  if (!state.CodeSize) found.push("it has no code");
  return [...found, ...variableDifferences(row, state, values), ...triggerDifferences(row, state)];
}

function variableDifferences({ envVariables }: Row, { Environment }: FunctionState, values: Values): string[] {
  const is = new Map((Environment?.Variables ?? []).map(({ Key, Value }) => [Key, Value ?? ""]));
  const wrong = Object.entries(envVariables).filter(([name, text]) => (is.get(name) ?? "") !== filledIn(text, values));
  const others = [...is.keys()].filter((name) => !Object.hasOwn(envVariables, name));
  return [
    ...wrong.map(([name]) => `the variable ${name} ${is.has(name) ? "has another value" : "is not there"}`),
    ...others.map((name) => `the variable ${name} is there, and not declared`),
  ];
}

/** Timers that are not as declared. */
function triggerDifferences({ triggers }: Row, { Triggers }: FunctionState): string[] {
  const declared = triggersSchema.parse(triggers);
  const is = new Map((Triggers ?? []).map(({ TriggerName, TriggerDesc }) => [TriggerName, cronOf(TriggerDesc ?? "")]));
  const wrong = declared.filter(({ name, config }) => is.get(name) !== config);
  const others = [...is.keys()].filter((name) => !declared.some((one) => one.name === name));
  return [
    ...wrong.map(({ name }) => `the timer ${name} ${is.has(name) ? "has another time" : "is not there"}`),
    ...others.map((name) => `the timer ${name} is there, and not declared`),
  ];
}

/** As text, or as `{"cron": "…"}`: the API answers a timer's time in the second form. https://cloud.tencent.com/document/api/583/18581 */
function cronOf(description: string): string {
  return /"cron"\s*:\s*"([^"]+)"/.exec(description)?.[1] ?? description;
}

/** Whether the row's path leads to the function. @throws ApiError */
export async function hasPath(ask: Ask, { envId }: Place, { name, path }: Row): Promise<boolean> {
  if (path === undefined) return true;
  const params = { ServiceId: envId, Name: name };
  const parsed = apisSchema.safeParse(await ask({ service: "tcb", action: "DescribeCloudBaseGWAPI", params }));
  return parsed.success && (parsed.data.APISet ?? []).some((api) => api.Path === path && (api.Name ?? name) === name);
}
