/** The shapes of the console's own API, `/_local/…`: requests are parsed by these schemas, the page uses their types. */
import * as z from "zod";
import type { FailureBody } from "../../shared/base/errors";
import type { MethodDescription, MethodTarget } from "../../shared/method/description";
import type { ApiDescription } from "../../shared/sync-api/routes/description";
import { overrideSchema } from "../../shared/sync-api/routes/overrides";
import type { InstanceState, TimelineEntry } from "../engine/workflow-engine";

export const testRequestSchema = z.object({
  /** Any JSON: also what is no object, to see what the method answers. */
  params: z.unknown().optional(),
  env: z.enum(["preview", "production"]).default("preview"),
  /** The signed-in user; null is nobody. */
  user: z.string().min(1).max(64).nullable().default("user-local"),
  dryRun: z.boolean().default(false),
  /** `code` is the custom-code route, `main` the cloud-function route. */
  entry: z.enum(["code", "main"]).default("code"),
});
export type TestRequest = z.input<typeof testRequestSchema>;

export const taskActionSchema = z.object({
  action: z.enum(["agree", "reject"]),
  comment: z.string().max(500).optional(),
});
export const publishSchema = z.object({ processKey: z.string().min(1).max(200) });
export const clockSchema = z.object({
  offsetMs: z.number().int().min(-3.2e12).max(3.2e12).optional(),
  rate: z.number().min(0).max(100_000).optional(),
});

/** What `PUT /_local/feishu` changes; what is left out stays. */
export const feishuChangeSchema = z.strictObject({
  /** Whether the calls in a minute are limited. */
  limits: z.boolean().optional(),
  /** With which HTTP status a limit is told: some older APIs use 400. */
  rateLimitStatus: z.union([z.literal(429), z.literal(400)]).optional(),
  /** Of those that `GET /_local/feishu` answers at first: what the app may do. */
  scopes: z
    .array(z.string().regex(/^[\w.:]{1,100}$/))
    .max(100)
    .optional(),
  /** How long a new token is good. */
  tokenLifeS: z.number().int().min(1).max(7_200).optional(),
  /** Ids of aPaaS flows and CoreHR flow definitions that are not enabled. */
  disabledFlows: z.array(z.string().max(200)).max(100).optional(),
});
export type FeishuChange = z.infer<typeof feishuChangeSchema>;

/** `GET /_local/feishu`: the stand-in's app, and its switches. */
export type FeishuSettings = { appId: string; appSecret: string } & Required<FeishuChange>;

/** What `PATCH /_local/apis/<space>/<module>/<function>` changes until reset; what is left out stays. */
export const apiChangeSchema = z.strictObject({
  ...overrideSchema.shape,
  /** Any JSON; null is no output. */
  output: z.unknown().optional(),
});
export type ApiChange = z.infer<typeof apiChangeSchema>;

/** `POST /_local/apis/<space>/<module>/<function>/run`: one call with the local credentials. */
export const apiRunSchema = z.strictObject({
  /** Default: the route's debug data. */
  data: z.unknown().optional(),
  /** In place of the route's own mode. */
  mode: z.enum(["sync", "async"]).optional(),
});

/** One row of `GET /_local/apis`, as it is switched now. */
export interface ApiRow extends ApiDescription {
  url: string;
  /** With the local credentials; a signature in it is good for five minutes. */
  curl: string;
  /** Members that were changed. */
  overridden: string[];
}

/** What one call of a sync API came to. */
export interface ApiRunAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  durationMs: number;
}

/** One row of `GET /_local/methods`; custom code that was dropped in as it is has one too, of which little is known. */
export interface MethodRow extends Omit<MethodDescription, "target" | "inputSchema" | "secrets"> {
  target: (Pick<MethodTarget, "kind"> & Partial<MethodTarget>) | null;
  /** JSON Schema (draft 2020-12) of the params, with `title`, `x-title-en` and `x-control`; null where unknown. */
  inputSchema: Record<string, unknown> | null;
  /** Whether it is custom code too; a method with a secret is a cloud function only. Absent for dropped-in code. */
  pasted?: boolean;
  entries: ("code" | "main")[];
}

/** The method's own failure, or that of its process (`FUNCTIONS_…`) or of custom code (any code of its own). */
export type TestError = Omit<FailureBody, "code"> & { code: string };

/** What `POST /_local/methods/<name>/test` answers, with HTTP 200 also where the method failed. */
export interface TestAnswer {
  ok: boolean;
  result?: unknown;
  error?: TestError;
  /** What the function printed, line by line. */
  logs: string[];
  /** What the stand-ins received during this call. */
  requests: RequestRow[];
  durationMs: number;
}

/** One row of `GET /_local/requests`; secrets are masked. */
export interface RequestRow {
  at: number;
  engine: string;
  method: string;
  /** Raw, still encoded. */
  path: string;
  /** A key that came several times has a list. */
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body: unknown;
  status: number;
}

/** One row of `GET /_local/instances`, and the whole of `GET /_local/instances/<id>`. */
export interface InstanceView {
  id: string;
  engine: string;
  processKey: string;
  /** The flow's title. */
  name: string;
  version: string;
  state: InstanceState;
  startedBy: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** By variable name. */
  variables: Record<string, unknown>;
  /** The `data` of the call that started it, as it was received. */
  request: unknown;
  tasks: { id: string; name: string; assignee: string; state: "open" | "done"; comment?: string; action?: string }[];
  timeline: TimelineEntry[];
}

/** `GET /_local/instances/<id>/diagram`: the flow's BPMN, and what to colour in it. */
export interface DiagramView {
  xml: string;
  done: string[];
  waiting: string[];
  failed: string[];
}

/** One row of `GET /_local/processes`: a stand-in flow with its two slots. */
export interface ProcessRow {
  processKey: string;
  name: string;
  saved: string;
  published: string | null;
}

/** Every failure of this API. `message` is for people. */
export interface ApiError {
  error: { code: string; message: { zh: string; en: string } };
}
