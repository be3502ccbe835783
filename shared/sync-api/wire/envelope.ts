/** What the sync API answers: the seed's envelope, with the HTTP status that says the same. */
import type { Text } from "../../base/error-texts";
import type { FieldIssue } from "../../base/errors";
import type { Place } from "../../engines/engine";
import { REFUSALS, type RefusalKind, RUN_CODES, type RunState } from "./codes";

/** An answer, before it is put into the platform's shape. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** JSON; `undefined` has no body. */
  body: unknown;
}

/** How one run stands. */
export interface Run {
  uid: string;
  state: RunState;
  output?: unknown;
  /** Of `waiting` and `failed`: where. */
  places?: Place[];
  /** Of `failed`: in the engine's words, or our own. */
  reason?: string;
  /** The wait for it ended before the run, and its engine cannot be asked: it may go on. */
  isWaitOver?: boolean;
  /** It gave an output that was too large to be kept, or to be answered. */
  isOutputLeftOut?: boolean;
}

export interface RefusalDetails {
  /** Said beside the table's text. */
  detail?: Text;
  /** In place of the table's text. */
  message?: Text;
  issues?: FieldIssue[];
  headers?: Record<string, string>;
  /** The run that the request was given, where it had one. */
  uid?: string;
}

/** `requestError.…` and `serverError.…`: nothing was run. The seed's own texts are English, and stay byte for byte. */
export function refusal(kind: RefusalKind, details: RefusalDetails = {}): Reply {
  const { status, code, zh, en } = REFUSALS[kind];
  const { detail, message = { zh, en }, issues, headers = {}, uid } = details;
  const text = SEED_TEXTS.has(kind) ? en : joined(message, detail);
  const fields = issues?.map(({ path, code: issueCode, message: { zh: inChinese, en: inEnglish } }) => ({
    path,
    code: issueCode,
    message: `${inEnglish} ${inChinese}`,
  }));
  const error = { code, message: text, ...(fields === undefined ? {} : { fields }) };
  return { status, headers: { ...headers, ...uidHeader(uid) }, body: { response: { error } } };
}

const SEED_TEXTS: ReadonlySet<RefusalKind> = new Set(["tokenRequired", "loginRequired"]);

function joined({ zh, en }: Text, detail: Text | undefined): string {
  const [english, chinese] = detail === undefined ? [en, zh] : [`${en}: ${detail.en}`, `${zh}：${detail.zh}`];
  return `${english}. ${chinese}。`;
}

function uidHeader(uid: string | undefined): Record<string, string> {
  return uid === undefined ? {} : { "x-run-uid": uid };
}

/** Where to ask for a run that has not ended, or of which it is not known. */
function locationOf({ uid, state }: Pick<Run, "uid" | "state">): Record<string, string> {
  const isOpen = state === "queued" || state === "running" || state === "waiting" || state === "unknown";
  return isOpen ? { location: runPath(uid) } : {};
}

export function runPath(uid: string): string {
  return `/v1/runs/${uid}`;
}

/** `RUN_CODES`, and 504 for a run that may go on where nobody can be asked. */
export function codeOf({ state, isWaitOver = false }: Run) {
  return isWaitOver ? RUN_CODES.running : RUN_CODES[state];
}

const OUTPUT_LEFT_OUT = "the output is too large, and left out 输出太大，没有带上";

/** The body of the same run without its output: what a function may answer is limited. */
export function withoutOutput({ headers, body }: Reply): unknown {
  const uid = headers["x-run-uid"];
  const { response } = body as { response?: { uid?: unknown } };
  // The output of a raw route may look like anything.
  const isRaw = uid !== undefined && response?.uid !== uid;
  const left = { data: "", msg: OUTPUT_LEFT_OUT };
  return isRaw ? { ...left, code: RUN_CODES.succeeded.code, uid } : { response: { ...response, ...left } };
}

/** One line that says what happened, where, and who is waited for; "" for a success. */
export function messageOf(run: Run): string {
  const { zh, en } = codeOf(run);
  if (run.isWaitOver) return "the wait is over; whether the run goes on is not known 等待已到上限，是否仍在运行未知";
  if (run.state === "succeeded") return run.isOutputLeftOut ? OUTPUT_LEFT_OUT : "";
  const places = (run.places ?? []).map(placeText).filter((text) => text !== "");
  const parts = [run.state === "waiting" ? "" : (run.reason ?? ""), ...places].filter((text) => text !== "");
  return [`${en} ${zh}`, ...parts].join(": ");
}

function placeText({ id, name, assignees = [] }: Place): string {
  const node = name === "" ? id : name;
  return assignees.length === 0 ? node : `${node}（${assignees.join(", ")}）`;
}

/** The four members of the seed, and where a run waits or failed. */
export function runBody(run: Run, output: unknown) {
  const { uid, state, places } = run;
  const data = state === "succeeded" || state === "declined" ? (output ?? "") : "";
  const beside = places === undefined || places.length === 0 ? {} : besideOf(state, places);
  return { data, code: codeOf(run).code, msg: messageOf(run), uid, ...beside };
}

function besideOf(state: RunState, places: Place[]) {
  return state === "failed" ? { node: places[0] } : { waiting: places };
}

/** @param isRaw without the envelope: the output alone, or the members of a run that gave none */
export function runReply(run: Run, output: unknown, isRaw = false): Reply {
  const response = runBody(run, output);
  const isOutput = isRaw && response.code === 0;
  return {
    status: codeOf(run).status,
    headers: { ...uidHeader(run.uid), ...locationOf(run) },
    body: isOutput ? response.data : isRaw ? response : { response },
  };
}

/** "The uid at once": the run is kept, and goes on without this call. */
export function acceptedReply(uid: string, headers: Record<string, string> = {}): Reply {
  return {
    status: 202,
    headers: { ...uidHeader(uid), location: runPath(uid), "retry-after": "1", ...headers },
    body: { response: { uid } },
  };
}
