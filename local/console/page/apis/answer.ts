/** What a sync API answered, as the page tells it: a tone, a headline and a next step for each code. Pure. */
import type { ApiRunAnswer } from "../../wire";
import { isRecord } from "../form-model";
import type { OutcomeRow } from "../outcome";

export type AnswerKind =
  | "ended"
  | "failed"
  | "goesOn"
  | "waiting"
  | "cancelled"
  | "unknown"
  | "declined"
  /** Asynchronous: it was taken, and runs on its own. */
  | "accepted"
  /** Nothing was run. */
  | "refused"
  /** Nothing that a sync API says. */
  | "other";

export const KINDS: Record<AnswerKind, OutcomeRow> = {
  ended: { tone: "good", title: "apiEnded", next: "apiEndedNext", sign: "✓" },
  failed: { tone: "bad", title: "apiFailed", next: "apiFailedNext", sign: "!" },
  goesOn: { tone: "wait", title: "apiGoesOn", next: "apiGoesOnNext", sign: "…" },
  waiting: { tone: "wait", title: "apiWaiting", next: "apiWaitingNext", sign: "…" },
  cancelled: { tone: "bad", title: "apiCancelled", next: "apiCancelledNext", sign: "–" },
  unknown: { tone: "alarm", title: "apiUnknown", next: "apiUnknownNext", sign: "?" },
  declined: { tone: "bad", title: "apiDeclined", next: "apiDeclinedNext", sign: "×" },
  accepted: { tone: "info", title: "apiAccepted", next: "apiAcceptedNext", sign: "→" },
  refused: { tone: "bad", title: "apiRefused", next: "apiRefusedNext", sign: "×" },
  other: { tone: "alarm", title: "apiOther", next: "apiOtherNext", sign: "?" },
};

/** `response.code`; shared/sync-api/wire/codes.ts has the table, and a test compares the two. */
const OF_CODE: Record<number, AnswerKind> = {
  0: "ended",
  1001: "failed",
  1002: "goesOn",
  1003: "waiting",
  1004: "cancelled",
  1005: "unknown",
  1006: "declined",
};

export interface PlaceSaid {
  name: string;
  assignees: string[];
}

export interface ApiSaid {
  kind: AnswerKind;
  /** `response.code`, or the one of `response.error`. */
  code?: string;
  message?: string;
  uid?: string;
  /** Where it waits and for whom, or where it failed. */
  places: PlaceSaid[];
  /** Which members of the input are wrong. */
  fields: { path: string; message: string }[];
}

/** @param isRaw whether the API answers the output of its run without the envelope */
export function saidBy({ status, headers, body }: ApiRunAnswer, isRaw: boolean): ApiSaid {
  const response = isRecord(body) && isRecord(body.response) ? body.response : undefined;
  const uid = headers["x-run-uid"] ?? textOf(response?.uid);
  const said = { ...(uid === undefined ? {} : { uid }), places: [], fields: [] };
  if (isRecord(response?.error)) return { ...said, ...refusalOf(response.error) };
  if (isRaw && isRecord(body) && isRun(body, uid)) return { ...said, ...runOf(body) };
  if (isRaw && status === 200) return { ...said, kind: "ended" };
  if (response !== undefined && "code" in response) return { ...said, ...runOf(response) };
  return { ...said, kind: status === 202 && uid !== undefined ? "accepted" : "other" };
}

/** Without the envelope, an output could have a member `code` too; the uid tells them apart. */
function isRun({ code, uid }: Record<string, unknown>, known: string | undefined): boolean {
  return typeof code === "number" && uid !== undefined && uid === known;
}

function refusalOf({ code, message, fields }: Record<string, unknown>) {
  const wrong = Array.isArray(fields) ? fields.filter(isRecord) : [];
  return {
    kind: "refused" as const,
    code: String(code),
    message: String(message ?? ""),
    fields: wrong.map((field) => ({ path: String(field.path ?? ""), message: String(field.message ?? "") })),
  };
}

function runOf({ code, msg, waiting, node }: Record<string, unknown>) {
  const places = [...(Array.isArray(waiting) ? waiting : []), node].filter(isRecord).map(placeOf);
  const message = textOf(msg);
  return {
    kind: OF_CODE[Number(code)] ?? ("other" as const),
    code: String(code),
    ...(message === undefined ? {} : { message }),
    places,
  };
}

function placeOf({ id, name, assignees }: Record<string, unknown>): PlaceSaid {
  return {
    name: textOf(name) ?? String(id ?? ""),
    assignees: Array.isArray(assignees) ? assignees.map(String) : [],
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
