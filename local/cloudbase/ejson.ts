/** Canonical EJSON on the wire <-> plain values in the store. https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/ */
import { BSONRegExp, BSONValue, Double, EJSON } from "bson";
import { CloudError } from "./cloud-error";

export type Document = Record<string, unknown>;

/** https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-Nested-Depth-for-BSON-Documents */
const MAX_DEPTH = 100;

/**
 * An object from EJSON text. `{$tcb_server_date: {offset}}` becomes the store's own time.
 * A 64-bit integer that no JS number holds exactly stays a BigInt.
 * @throws CloudError INVALID_PARAM
 */
export function decodeObject(text: unknown, nowMs: number): Document {
  const value = decode(text, nowMs);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Document;
  throw new CloudError("INVALID_PARAM", "[InvalidParameter] expected an EJSON object");
}

/** Like `decodeObject`, for a query or a stage: its numbers are all JS numbers, because mingo compares no others. */
export function decodeQuery(text: unknown, nowMs: number): Document {
  return toPlain(decodeObject(text, nowMs), nowMs, true, 0) as Document;
}

export function decode(text: unknown, nowMs: number): unknown {
  if (typeof text !== "string" && (typeof text !== "object" || text === null)) {
    throw new CloudError("INVALID_PARAM", "[InvalidParameter] expected EJSON text");
  }
  try {
    // An object comes where the SDK sends a member as JSON, not as text of its own.
    const parsed: unknown = typeof text === "string" ? JSON.parse(text) : text;
    return toPlain(EJSON.deserialize(parsed as Document, { relaxed: true, useBigInt64: true }), nowMs, false, 0);
  } catch (error) {
    if (error instanceof CloudError) throw error;
    throw new CloudError("INVALID_PARAM", "[InvalidParameter] malformed EJSON", { cause: error });
  }
}

/**
 * Canonical text: integers as $numberInt or $numberLong with every digit, dates as $date.
 * @throws CloudError DATABASE_REQUEST_FAILED where the text could not be read again
 */
export function encode(value: unknown): string {
  try {
    return EJSON.stringify(exact(value, 0), { relaxed: false });
  } catch (error) {
    if (error instanceof CloudError) throw error;
    throw refused("a value is not valid for storage", error);
  }
}

function refused(why: string, cause?: unknown): CloudError {
  return new CloudError("DATABASE_REQUEST_FAILED", `[FailedOperation] ${why}`, { cause });
}

function toPlain(value: unknown, nowMs: number, isQuery: boolean, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new CloudError("INVALID_PARAM", "[InvalidParameter] nested too deep");
  if (typeof value === "bigint") {
    if (BigInt(Number(value)) === value) return Number(value);
    if (isQuery)
      throw new CloudError("INVALID_PARAM", "[InvalidParameter] a query takes no integer that a double cannot hold");
    return value;
  }
  if (value instanceof BSONRegExp) return new RegExp(value.pattern, value.options.replace(/[^imsu]/g, ""));
  if (typeof value !== "object" || value === null || isOpaque(value)) return value;
  if (Array.isArray(value)) return value.map((member) => toPlain(member, nowMs, isQuery, depth + 1));
  const serverDate = serverDateOf(value as Document, nowMs);
  if (serverDate !== undefined) return serverDate;
  const plain: Document = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === "__proto__")
      throw new CloudError("INVALID_PARAM", "[InvalidParameter] the key __proto__ is not allowed");
    plain[key] = toPlain(member, nowMs, isQuery, depth + 1);
  }
  return plain;
}

function isOpaque(value: object): boolean {
  return value instanceof Date || value instanceof RegExp || value instanceof BSONValue;
}

/** `db.serverDate({offset})`. */
function serverDateOf(value: Document, nowMs: number): Date | undefined {
  const { $tcb_server_date: sent } = value;
  if (typeof sent !== "object" || sent === null) return undefined;
  const { offset = 0 } = sent as { offset?: unknown };
  const date = new Date(nowMs + Number(offset));
  if (!Number.isNaN(date.getTime())) return date;
  throw new CloudError("INVALID_PARAM", "[InvalidParameter] the offset of a server date is out of range");
}

/** Large integers as BigInt, so that their text has the digits that the number really holds; checked on the way. */
function exact(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw refused("the document exceeds the maximum nested depth");
  if (typeof value === "number") return exactNumber(value);
  if (value instanceof Date && Number.isNaN(value.getTime())) throw refused("a date is out of range");
  if (typeof value !== "object" || value === null || isOpaque(value)) return value;
  // Array.from: a gap is read as null, as it will be after a restart.
  if (Array.isArray(value)) return Array.from(value, (member) => exact(member ?? null, depth + 1));
  const copy: Document = {};
  for (const [key, member] of Object.entries(value)) {
    checkKey(key);
    copy[key] = exact(member, depth + 1);
  }
  return copy;
}

function exactNumber(value: number): unknown {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(value) : new Double(value);
}

/**
 * Assumption: the platform's database refuses keys that begin with `$`, as MongoDB did before 5.0. Here they could be
 * read as another type after a restart.
 */
function checkKey(key: string): void {
  if (key.startsWith("$")) throw refused(`The dollar ($) prefixed field '${key}' is not valid for storage.`);
  if (key === "__proto__" || key.includes("\0")) throw refused("a field name is not valid for storage");
}
