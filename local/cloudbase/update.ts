/** One update of one document, with Mongo's operators; refused as a whole where any part of it cannot be done. */
import { update as applyUpdate, Query } from "mingo";
import { CloudError } from "./cloud-error";
import type { Document } from "./ejson";

const QUERY_OPTIONS = { scriptEnabled: false } as const;

/** Operators that write below a path, and so need every step of it to be an object or a list. */
const WRITING = ["$set", "$inc", "$mul", "$min", "$max", "$push", "$addToSet", "$bit"] as const;
const NUMERIC = ["$inc", "$mul", "$bit"] as const;
const LISTS = ["$push", "$addToSet", "$pop", "$pull", "$pullAll"] as const;

/** https://github.com/mongodb/mongo/blob/v4.2/src/mongo/db/update/path_support.h : kMaxPaddingAllowed */
const MAX_GAP = 1_500_000;

/** @returns the changed copy, or `undefined` where nothing changes. @throws CloudError DATABASE_REQUEST_FAILED */
export function updated(document: Document, modifier: Document): Document | undefined {
  const operators = Object.keys(modifier);
  if (operators.some((key) => !key.startsWith("$"))) {
    throw new CloudError("INVALID_PARAM", "[InvalidParameter] an update takes operators only");
  }
  const copy = structuredCopy(document);
  for (const operator of WRITING) checkPaths(copy, modifier[operator]);
  checkTargets(copy, modifier);
  try {
    const changed = applyUpdate(copy, modifier as never, [], {}, { cloneMode: "deep", queryOptions: QUERY_OPTIONS });
    return changed.length === 0 ? undefined : copy;
  } catch (error) {
    throw requestFailed(error);
  }
}

/** @throws CloudError where the query has an operator that is unknown, or would run code */
export function compileQuery(query: Document): (document: Document) => boolean {
  try {
    const compiled = new Query(query, QUERY_OPTIONS);
    return (document) => {
      try {
        return compiled.test(document);
      } catch (error) {
        throw requestFailed(error);
      }
    };
  } catch (error) {
    throw requestFailed(error);
  }
}

export function requestFailed(error: unknown): CloudError {
  if (error instanceof CloudError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CloudError("DATABASE_REQUEST_FAILED", `[FailedOperation] ${message}`, { cause: error });
}

/** Mongo refuses to make a field below null or a scalar, or far behind the end of a list; mingo would do it. */
function checkPaths(document: Document, fields: unknown): void {
  for (const path of pathsOf(fields)) {
    const parts = path.split(".");
    let parent: unknown = document;
    for (const [at, part] of parts.entries()) {
      if (typeof parent !== "object" || parent === null) {
        const kind = parent === null ? "null" : typeof parent;
        throw refused(`Cannot create field '${part}' in element {${parts[at - 1]}: ${kind}}`);
      }
      if (Array.isArray(parent)) checkIndex(parent, part);
      if (!Object.hasOwn(parent, part)) break;
      parent = (parent as Document)[part];
    }
  }
}

/** A position, or a positional operator such as `$[]`. */
function checkIndex(list: unknown[], part: string): void {
  if (!/^(\d+$|\$)/.test(part)) throw refused(`Cannot create field '${part}' in a list`);
  if (Number(part) > list.length + MAX_GAP) throw refused(`can't backfill more than ${MAX_GAP} elements`);
}

/** Mongo refuses an operator on a value of another type, where mingo passes over it. */
function checkTargets(document: Document, modifier: Document): void {
  for (const operator of NUMERIC) {
    for (const path of pathsOf(modifier[operator])) {
      const value = valueAt(document, path);
      if (value === undefined || typeof value === "number") continue;
      throw refused(`Cannot apply ${operator} to a value of non-numeric type, or beyond 2^53, in field '${path}'`);
    }
  }
  for (const operator of LISTS) {
    for (const path of pathsOf(modifier[operator])) {
      const value = valueAt(document, path);
      if (value === undefined || Array.isArray(value)) continue;
      throw refused(`The field '${path}' must be an array for ${operator}`);
    }
  }
}

function pathsOf(fields: unknown): string[] {
  return typeof fields === "object" && fields !== null ? Object.keys(fields) : [];
}

function valueAt(document: Document, path: string): unknown {
  let value: unknown = document;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Document)[part];
  }
  return value;
}

function refused(why: string): CloudError {
  return new CloudError("DATABASE_REQUEST_FAILED", `[FailedOperation] ${why}`);
}

/** Dates, ids and expressions are never changed in place, so they may be shared. */
export function structuredCopy<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(structuredCopy) as Value;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy: Document = {};
  for (const [key, member] of Object.entries(value)) copy[key] = structuredCopy(member);
  return copy as Value;
}
