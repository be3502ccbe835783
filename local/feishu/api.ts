/** What an API of the stand-in gets, and the two ways in which its request is held against a schema. */
import type * as z from "zod";
import type { LocalClock } from "../clock";
import type { FlowsFolder } from "../engine/flows-folder";
import type { Flow, WorkflowEngine } from "../engine/workflow-engine";
import { WorkflowError } from "../engine/workflow-error";
import type { InstanceStore } from "../instances/store";
import type { IdempotentKeys } from "./apaas/idempotent-keys";
import { FeishuError, type FeishuErrorKind } from "./feishu-error";
import type { Settings } from "./settings";
import type { Tokens } from "./tokens";

export interface Files {
  has(id: string): boolean;
  add(name: string, bytes: number): Promise<string>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface ApiParts {
  clock: LocalClock;
  engine: WorkflowEngine;
  store: Pick<InstanceStore, "instances" | "flows">;
  folder: FlowsFolder;
  settings: Settings;
  tokens: Tokens;
  keys: IdempotentKeys;
  files: Files;
}

export interface ApiCall {
  /** The named parts of the path. */
  path: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON, or the members of a multipart form; of a file its name and size. */
  body: unknown;
}

export const success = (data: unknown) => ({ code: 0, data, msg: "success" });

/** As the gateway checks a request before the API sees it. @throws FeishuError 99992402 */
export function gatewayParsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.slice(0, 10).map((issue) => ({
    field: pathOf(issue.path),
    description: issue.message.slice(0, 200),
  }));
  throw new FeishuError("fieldInvalid", { violations });
}

/** As the API itself checks it. @throws FeishuError of that kind, which names the members */
export function apiParsed<S extends z.ZodType>(kind: FeishuErrorKind, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const members = parsed.error.issues.map(({ path }) => pathOf(path));
  throw new FeishuError(kind, { detail: [...new Set(members)].slice(0, 5).join(", ").slice(0, 200) });
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.slice(0, 8).reduce<string>((before, part) => {
    if (typeof part === "number") return `${before}[${part}]`;
    return before === "" ? String(part) : `${before}.${String(part)}`;
  }, "");
  return text === "" ? "body" : text;
}

/** The first of several values of a key, as a plain object for a schema. */
export function queryObject(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query.keys()].map((key) => [key, query.get(key) ?? ""]));
}

/** The flow's file, kept for the instance that is about to start. @throws FeishuError where the file cannot be used */
export async function flowToStart(flowId: string, parts: ApiParts): Promise<{ flow: Flow; flowHash: string }> {
  try {
    const flow = await parts.folder.flow(flowId);
    return { flow, flowHash: await parts.store.flows.keep(flow) };
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    throw new FeishuError("internal", { detail: `the flow file of ${flowId} cannot be used: ${error.code}` });
  }
}
