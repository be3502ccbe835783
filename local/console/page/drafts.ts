/** What was typed, per method: kept in this tab, so that neither navigation nor reload loses it. */

import type { FailureBody, FieldIssue } from "../../../shared/base/errors";
import type { MethodRow, TestAnswer } from "../wire";
import { isRecord } from "./form-model";
import { Signal, useSignal } from "./signal";

/** A method's answer, or what stands for it where the call itself failed: then the code is the page's own. */
export interface Answer extends Omit<TestAnswer, "error"> {
  error?: Omit<FailureBody, "code"> & { code: string };
}

export interface Draft {
  /** Made when the form opens; the same for every retry. */
  submissionId: string;
  params: unknown;
  /** The JSON as typed, valid or not; null while the form is used. */
  json: string | null;
  env: "preview" | "production";
  entry: "code" | "main";
  user: string;
  dryRun: boolean;
  /** Of the last answer, without those whose field was changed since. */
  issues: FieldIssue[];
  answer: Answer | null;
  running: boolean;
}

const STORED_AS = "startflow.draft.";
/** A larger answer is shown, and not kept over a reload. */
const MAX_STORED = 200_000;
const drafts = new Signal<Record<string, Draft>>({});

export function useDraft(method: MethodRow): [Draft, (change: Partial<Draft>) => void] {
  useSignal(drafts);
  return [draftOf(method), (change) => changeDraft(method, change)];
}

export function draftOf(method: MethodRow): Draft {
  const known = drafts.value[method.name];
  if (known !== undefined) return known;
  const opened = fitting(method, { ...newDraft(method), ...stored(method.name), running: false });
  // Not through set(): this runs while drawing, and nobody can have seen another draft yet.
  drafts.value[method.name] = opened;
  store(method.name, opened);
  return opened;
}

export function changeDraft(method: MethodRow, change: Partial<Draft>): void {
  const next = { ...draftOf(method), ...change };
  drafts.set({ ...drafts.value, [method.name]: next });
  store(method.name, next);
}

/** Another submission: a new id and the sample's values; how it is called stays. */
export function renewDraft(method: MethodRow): void {
  const { env, entry, user, dryRun, json } = draftOf(method);
  const fresh = newDraft(method);
  changeDraft(method, { ...fresh, env, entry, user, dryRun, json: json === null ? null : shownJson(fresh.params) });
}

export function shownJson(value: unknown): string {
  return JSON.stringify(value ?? {}, null, 2);
}

/** Only a method that starts something has the reserved param, unless it is a field of its own. */
export function takesSubmissionId(method: MethodRow): boolean {
  const properties = method.inputSchema?.properties;
  return method.target !== null && !(isRecord(properties) && "submissionId" in properties);
}

function newDraft(method: MethodRow): Draft {
  const params = method.sample ?? {};
  return {
    submissionId: crypto.randomUUID(),
    params,
    json: method.inputSchema === null ? shownJson(params) : null,
    env: "preview",
    entry: method.entries[0] ?? "code",
    user: "user-local",
    dryRun: false,
    issues: [],
    answer: null,
    running: false,
  };
}

/** What was kept may be older than the method: an entry that is gone, a schema that is gone. */
function fitting(method: MethodRow, draft: Draft): Draft {
  const entry = method.entries.includes(draft.entry) ? draft.entry : (method.entries[0] ?? "code");
  const json = method.inputSchema === null ? (draft.json ?? shownJson(draft.params)) : draft.json;
  return { ...draft, entry, json };
}

function stored(name: string): Partial<Draft> {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(STORED_AS + name) ?? "{}");
    return isRecord(value) && typeof value.submissionId === "string" ? (value as Partial<Draft>) : {};
  } catch {
    return {};
  }
}

function store(name: string, draft: Draft): void {
  try {
    const text = JSON.stringify(draft);
    const kept = text.length > MAX_STORED ? JSON.stringify({ ...draft, answer: null }) : text;
    sessionStorage.setItem(STORED_AS + name, kept);
  } catch {
    // Full or switched off: what was typed lasts until reload.
  }
}
