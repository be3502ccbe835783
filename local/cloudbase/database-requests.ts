/** What all `database.*` actions share: how a request is read, and how its documents are found. */
import type * as z from "zod";
import type { LocalClock } from "../clock";
import { CloudError } from "./cloud-error";
import type { Documents, View } from "./documents";
import { type Document, decodeQuery } from "./ejson";
import type { Transactions } from "./transactions";
import { compileQuery } from "./update";

export interface DatabaseParts {
  documents: Documents;
  transactions: Transactions;
  clock: LocalClock;
}

/** Members of the answer, beside requestId. */
export type Answer = Record<string, unknown>;
export type Action = (parts: DatabaseParts, body: unknown) => Promise<Answer> | Answer;

/** @throws CloudError INVALID_PARAM that names the members */
export function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const members = parsed.error.issues.slice(0, 5).map(({ path }) => path.map(String).join("."));
  throw new CloudError("INVALID_PARAM", `[InvalidParameter] wrong or missing: ${members.join(", ")}`);
}

export function viewOf({ documents, transactions }: DatabaseParts, transactionId: string | undefined): View {
  return transactionId === undefined ? documents : transactions.view(transactionId);
}

export function queryOf(parts: DatabaseParts, query: string | Document | undefined): Document {
  return query === undefined || query === "" ? {} : decodeQuery(query, parts.clock.now());
}

export function matches(view: View, name: string, query: Document, limit = Number.POSITIVE_INFINITY): Document[] {
  // By _id, as most calls are: no scan, and where nothing else is asked for no query to compile.
  const { _id: id, ...others } = query;
  const known = typeof id === "string" ? one(view.get(name, id)) : undefined;
  if (known !== undefined && Object.keys(others).length === 0) return known;
  const fits = compileQuery(query);
  const found: Document[] = [];
  for (const document of known ?? view.documents(name)) {
    if (fits(document)) found.push(document);
    if (found.length >= limit) break;
  }
  return found;
}

function one(document: Document | undefined): Document[] {
  return document === undefined ? [] : [document];
}
