/** The `database.*` actions that read: get, count, aggregate. */
import { Aggregator, find } from "mingo";
import { CloudError } from "./cloud-error";
import { type Answer, type DatabaseParts, matches, parse, queryOf, viewOf } from "./database-requests";
import { aggregateSchema, getSchema, MAX_LIMIT, withQuery } from "./database-schemas";
import { type Document, decodeQuery, encode } from "./ejson";
import { compileQuery, requestFailed, structuredCopy } from "./update";

/** Stages that would write. */
const FORBIDDEN_STAGES = new Set(["$out", "$merge"]);

export function get(parts: DatabaseParts, body: unknown): Answer {
  const request = parse(getSchema, body);
  const view = viewOf(parts, request.transactionId);
  const found = matches(view, request.collectionName, queryOf(parts, request.query));
  const { offset } = request;
  const limit = Math.min(request.limit, MAX_LIMIT);
  const page = sorted(found, orderOf(request.order)).slice(offset, offset + limit);
  return { data: { list: projected(page, request.projection).map(encode) }, limit, offset };
}

export function count(parts: DatabaseParts, body: unknown): Answer {
  const { collectionName: name, query } = parse(withQuery, body);
  return { data: { total: matches(parts.documents, name, queryOf(parts, query)).length } };
}

export function aggregate(parts: DatabaseParts, body: unknown): Answer {
  const { collectionName: name, stages } = parse(aggregateSchema, body);
  const pipeline = stages.map(({ stageKey, stageValue }) => {
    const { value } = decodeQuery(`{"value":${stageValue}}`, parts.clock.now());
    const stage = { [stageKey]: value };
    checkStages(stage);
    if (stageKey === "$match") compileQuery(value as Document);
    return stage;
  });
  // Copies: some stages change what they are given.
  const collectionResolver = (other: string) => [...parts.documents.documents(other)].map(structuredCopy);
  const input = collectionResolver(name);
  try {
    const aggregator = new Aggregator(pipeline as never, { scriptEnabled: false, collectionResolver } as never);
    return { data: { list: (aggregator.run(input as never) as Document[]).map(encode) } };
  } catch (error) {
    throw requestFailed(error);
  }
}

/** At any depth, for $lookup, $facet and $unionWith have pipelines of their own. */
function checkStages(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (FORBIDDEN_STAGES.has(key)) {
      throw new CloudError("INVALID_PARAM", `[InvalidParameter] stage ${key} is not allowed`);
    }
    checkStages(member);
  }
}

function orderOf(order: string | Document | undefined): Record<string, 1 | -1> {
  if (order === undefined) return {};
  return Object.fromEntries(
    Object.entries(decodeQuery(order, 0)).map(([field, way]) => [field, Number(way) < 0 ? -1 : 1]),
  );
}

function sorted(found: Document[], order: Record<string, 1 | -1>): Document[] {
  if (Object.keys(order).length === 0) return found;
  try {
    return find<Document>(found, {}).sort(order).all();
  } catch (error) {
    throw requestFailed(error);
  }
}

function projected(page: Document[], projection: string | Document | undefined): Document[] {
  if (projection === undefined) return page;
  const fields = decodeQuery(projection, 0);
  if (Object.keys(fields).length === 0) return page;
  try {
    return find<Document>(page.map(structuredCopy), {}, fields as never, { scriptEnabled: false }).all();
  } catch (error) {
    throw requestFailed(error);
  }
}
