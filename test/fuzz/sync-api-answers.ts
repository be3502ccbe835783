/** What the sync API may answer, whatever it is sent: the documented answers, and nothing of its inside. */
import * as z from "zod";
import { REFUSALS, RUN_CODES } from "../../shared/sync-api/wire/codes";
import { must } from "./must";

/** An answer as it came: from the function, or from a socket. */
export interface RawAnswer {
  status: number;
  /** As they came, in order. */
  headers: [name: string, value: string][];
  body: string;
}

export type AnswerKind = "refusal" | "run" | "accepted" | "view" | "openapi";

export interface ReadAnswer {
  kind: AnswerKind;
  /** Of `refusal`. */
  code?: string;
  /** Of a run that it reports. */
  uid?: string;
}

const uid = z.string().regex(/^\d{15,20}$/);
const place = z.strictObject({ id: z.string(), name: z.string(), assignees: z.array(z.string()).optional() });
const places = { node: place.optional(), waiting: z.array(place).optional() };
const field = z.strictObject({ path: z.unknown(), code: z.string(), message: z.string().min(1) });

const refusalSchema = z.strictObject({
  response: z.strictObject({
    error: z.strictObject({
      code: z.string(),
      message: z.string().min(1).max(5_000),
      fields: z.array(field).max(20).optional(),
    }),
  }),
});
const runSchema = z.strictObject({
  response: z.strictObject({ data: z.unknown(), code: z.number(), msg: z.string(), uid, ...places }),
});
const acceptedSchema = z.strictObject({ response: z.strictObject({ uid }) });
const viewSchema = z.strictObject({
  response: z.strictObject({
    uid,
    state: z.enum(Object.keys(RUN_CODES) as [string, ...string[]]),
    code: z.number(),
    msg: z.string(),
    data: z.unknown(),
    ...places,
    api: z.string(),
    processId: z.string().nullable(),
    startedAt: z.string(),
    asOf: z.string(),
    timeline: z.array(z.unknown()).optional(),
  }),
});
const openapiSchema = z.looseObject({ openapi: z.literal("3.1.0") });

const REFUSED = new Set<string>(Object.values(REFUSALS).map(({ status, code }) => `${status} ${code}`));
const RAN = new Set<string>(Object.values(RUN_CODES).map(({ status, code }) => `${status} ${code}`));
const VIEWED = new Set<number>(Object.values(RUN_CODES).map(({ code }) => code));

/** Fails where it is none of the documented ones. A program that failed is documented, and none of these requests may do it. */
export function readDocumented({ status, headers, body }: RawAnswer, isHead = false): ReadAnswer {
  expectOwnHeaders(headers);
  if (isHead) {
    must(body === "", "no body", body);
    return { kind: "refusal", code: "" };
  }
  const json: unknown = JSON.parse(body);
  const refused = refusalSchema.safeParse(json).data?.response.error;
  if (refused !== undefined) {
    must(REFUSED.has(`${status} ${refused.code}`), "a documented refusal", status, refused);
    must(refused.code !== REFUSALS.internal.code, "no failure of the program", refused);
    return { kind: "refusal", code: refused.code };
  }
  const run = runSchema.safeParse(json).data?.response;
  if (run !== undefined) {
    must(RAN.has(`${status} ${run.code}`), "a documented code of a run", status, run);
    return { kind: "run", uid: run.uid };
  }
  const accepted = status === 202 ? acceptedSchema.safeParse(json).data : undefined;
  if (accepted !== undefined) return { kind: "accepted", uid: accepted.response.uid };
  must(status === 200, "a view, or the description", status, body);
  if (openapiSchema.safeParse(json).success) return { kind: "openapi" };
  const { response } = viewSchema.parse(json);
  must(VIEWED.has(response.code), "a documented code of a view", response);
  return { kind: "view", uid: response.uid };
}

/** Of the function, of the platform, and of the HTTP server. */
const OWN_HEADERS = new Set([
  "allow",
  "cache-control",
  "connection",
  "content-length",
  "content-security-policy",
  "content-type",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
  "date",
  "idempotent-replayed",
  "keep-alive",
  "location",
  "preference-applied",
  "referrer-policy",
  "retry-after",
  "transfer-encoding",
  "www-authenticate",
  "x-content-type-options",
  "x-request-id",
  "x-run-uid",
]);

const VALUE = /^[\x20-\x7e]{1,300}$/;

/** Nobody has put one in, or a second one of a name, or something into a value. */
export function expectOwnHeaders(headers: RawAnswer["headers"]): void {
  const names = new Set<string>();
  for (const [name, value] of headers) {
    names.add(name.toLowerCase());
    must(OWN_HEADERS.has(name.toLowerCase()) && VALUE.test(value), "a header of its own", name, value);
  }
  must(names.size === headers.length, "each header once", headers);
}

const STACK = /\n\s+at |node_modules|\.[cm]?[jt]s:\d+|file:\/\//;
/** Digits and hex of ids: among a hundred thousand of them, one holds any short text. */
const IDS = /\d{15,20}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** @param text an answer with its headers, or what was logged */
export function expectNothingInside(text: string, secrets: readonly string[]): void {
  must(!STACK.test(text), "no stack", text);
  const told = secrets.filter((secret) => text.includes(secret) && text.replace(IDS, "").includes(secret));
  must(told.length === 0, "no secret", told, text);
}
