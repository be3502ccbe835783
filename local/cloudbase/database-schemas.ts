/** What the `database.*` actions are sent, as @cloudbase/database 1.4.3 sends it. */
import * as z from "zod";

/** https://docs.cloudbase.net/database/query : 100 unless told, never more than 1000. */
const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1_000;
const MAX_INSERTS = 1_000;

const collectionName = z.string().regex(/^[\w\-.\u4e00-\u9fff]{1,128}$/);
const ejson = z.union([z.string(), z.record(z.string(), z.unknown())]);
export const onCollection = z.looseObject({ collectionName, transactionId: z.string().optional() });
export const withQuery = onCollection.extend({
  query: ejson.optional(),
  queryType: z.enum(["DOC", "WHERE"]).default("WHERE"),
  multi: z.boolean().optional(),
});

export const insertSchema = onCollection.extend({ data: z.array(ejson).min(1).max(MAX_INSERTS) });
export const getSchema = withQuery.extend({
  order: ejson.optional(),
  projection: ejson.optional(),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).default(DEFAULT_LIMIT),
});
export const modifySchema = withQuery.extend({
  data: ejson,
  merge: z.boolean().default(true),
  upsert: z.boolean().default(false),
});
export const modifyAndReturnSchema = withQuery.extend({ data: ejson });
export const aggregateSchema = onCollection.extend({
  stages: z
    .array(z.looseObject({ stageKey: z.string().startsWith("$"), stageValue: z.string() }))
    .min(1)
    .max(100),
});
export const transactionSchema = z.looseObject({ transactionId: z.string().min(1) });
