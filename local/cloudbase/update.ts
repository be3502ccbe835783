/** One update of one document, with Mongo's operators; refused as a whole where any part of it cannot be done. */
import { update as applyUpdate, Query } from "mingo";
import { CloudError } from "./cloud-error";
import type { Document } from "./ejson";

const QUERY_OPTIONS = { scriptEnabled: false } as const;

/** Operators that write below a path, and so need every step of it to be an object or a list. */
const WRITING = ["$set", "$inc", "$mul", "$min", "$max", "$push", "$addToSet", "$bit"] as const;

/** @returns the changed copy, or `undefined` where nothing changes. @throws CloudError DATABASE_REQUEST_FAILED */
export function updated(document: Document, modifier: Document): Document | undefined {
  const operators = Object.keys(modifier);
  if (operators.some((key) => !key.startsWith("$"))) {
    throw new CloudError("INVALID_PARAM", "[InvalidParameter] an update takes operators only");
  }
  const copy = structuredCopy(document);
  for (const operator of WRITING) checkPaths(copy, modifier[operator]);
  try {
    const changed = applyUpdate(copy, modifier as never, [], {}, { cloneMode: "deep", queryOptions: QUERY_OPTIONS });
    if (copy._id !== document._id)
      throw new Error("Performing an update on the path '_id' would modify the immutable field '_id'");
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

/** Mongo refuses to make a field below null or a scalar; mingo would replace it. */
function checkPaths(document: Document, fields: unknown): void {
  if (typeof fields !== "object" || fields === null) return;
  for (const path of Object.keys(fields)) {
    const parts = path.split(".");
    let parent: unknown = document;
    for (const [at, part] of parts.slice(0, -1).entries()) {
      parent = (parent as Document)[part];
      if (parent === undefined) break;
      if (typeof parent !== "object" || parent === null) {
        throw new CloudError(
          "DATABASE_REQUEST_FAILED",
          `[FailedOperation] Cannot create field '${parts[at + 1]}' in element {${part}: ${parent === null ? "null" : typeof parent}}`,
        );
      }
    }
  }
}

/** Dates, ids and expressions are never changed in place, so they may be shared. */
function structuredCopy<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(structuredCopy) as Value;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy: Document = {};
  for (const [key, member] of Object.entries(value)) copy[key] = structuredCopy(member);
  return copy as Value;
}
