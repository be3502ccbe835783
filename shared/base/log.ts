/** Log lines: one JSON object a line, with secrets masked; what users typed is told by its shape only. */
import { now } from "./clock";

const SECRET_KEY =
  /token|secret|password|passwd|authorization|cookie|credential|signature|(api|access|operator)[-_]?key/i;
const MASK = "***";
const MAX_DEPTH = 6;
const MAX_MEMBERS = 50;
/** SCF cuts longer lines anyway. https://cloud.tencent.com/document/product/583/11637 */
const MAX_LINE = 8_000;

/**
 * A copy without secrets: members whose name says so, credentials inside text, phone and id-card numbers.
 * @param levels deeper ones are left out
 */
export function mask(value: unknown, levels: number = MAX_DEPTH): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value !== "object" || value === null) return value;
  if (levels <= 0) return "…";
  if (Array.isArray(value)) return value.map((member) => mask(member, levels - 1));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    copy[key] = SECRET_KEY.test(key) && member !== "" && member !== null ? MASK : mask(member, levels - 1);
  }
  return copy;
}

/** Most texts have nothing in them that could be one of the patterns below. */
const SUSPECT = /\d{11}|[=:]|bearer|basic|AKI[DA]/i;

export function maskText(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${MASK}`)
    .replace(/\b(AKID|AKIA)\w{8,}/g, MASK)
    .replace(/((?:token|secret|password|key)["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, `$1${MASK}`)
    .replace(/(^|\D)(1[3-9]\d)\d{4}(\d{4})(?!\d)/g, `$1$2****$3`)
    .replace(/(^|\D)(\d{6})(?:19|20)\d{9}([\dXx])(?!\d)/g, `$1$2${MASK}$3`);
}

/** What a program calls a member: taken for its developer's. Anything else may have been typed. */
export function isName(key: string): boolean {
  return /^[A-Za-z_$][\w$.-]{0,63}$/.test(key);
}

/** What a value looks like, without the value: `"string(12)"`, `"number"`, members by name. */
export function outline(value: unknown, depth = 0): unknown {
  if (value === null) return "null";
  if (typeof value === "string") return `string(${value.length})`;
  if (typeof value !== "object") return typeof value;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value))
    return [`list(${value.length})`, ...value.slice(0, 1).map((one) => outline(one, depth + 1))];
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).slice(0, MAX_MEMBERS)) {
    copy[isName(key) ? key : "…"] = outline((value as Record<string, unknown>)[key], depth + 1);
  }
  return copy;
}

/** Prints one line. `data` is masked here; never give it what a user typed without `outline`. */
export function log(level: "info" | "warn" | "error", event: string, data: Record<string, unknown> = {}): void {
  const line = JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...(mask(data) as object) });
  const shown = line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line;
  if (level === "error") console.error(shown);
  else console.log(shown);
}

/** An error for the log: name, code, masked message, and the chain of causes; no stack frames of users' values. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return mask(error);
  const { code, requestId } = error as { code?: unknown; requestId?: unknown };
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: maskText(error.message),
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.cause === undefined || depth >= 3 ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}
