/** What was switched over for a route while it is deployed: the documents of the collection `startflow_apis`. */
import * as z from "zod";
import { answered, type Database, isMissingCollection } from "../../platform/database";
import { APIS, lockedForMs, lockedQuery } from "../gate/lockout";
import type { Route } from "./route";
import { API_METHODS, AUTH_KINDS } from "./route-kinds";

/** `_id` is the route's name. `output` is JSON text, which no database changes. */
export const overrideSchema = z.looseObject({
  enabled: z.boolean().optional(),
  auth: z.enum(AUTH_KINDS).optional(),
  method: z.enum(API_METHODS).optional(),
  output: z.string().optional(),
});
export type Override = z.output<typeof overrideSchema>;

export interface RouteState {
  override: Override;
  /** Milliseconds until the caller may try again; 0 where he may now. */
  lockedForMs: number;
}

/**
 * What was switched over, and whether the caller is shut out: in one look, as each call needs both.
 * @throws what the database throws; an Error where a document cannot be read: nobody knows what was meant
 */
export async function readState(database: Database, name: string, lockKey: string): Promise<RouteState> {
  const wanted = database.command.or([{ _id: name }, lockedQuery(database, lockKey)]);
  const data = await found(database, wanted as object, 2);
  const override = overrideSchema.parse(data.find(({ _id }) => _id === name) ?? {});
  return { override, lockedForMs: lockedForMs(data.find(({ _id }) => _id === lockKey)) };
}

/** @throws as `readState` */
export async function readOverride(database: Database, name: string): Promise<Override> {
  const [document = {}] = await found(database, { _id: name }, 1);
  return overrideSchema.parse(document);
}

async function found(database: Database, wanted: object, limit: number): Promise<{ _id?: unknown }[]> {
  try {
    const { data = [] } = await answered<{ data?: { _id?: unknown }[] }>(
      database.collection(APIS).where(wanted).limit(limit).get(),
    );
    return data;
  } catch (error) {
    if (!isMissingCollection(error)) throw error;
    // Where there is none yet it is made: each later read of it would fail again, which takes longer than to find nothing.
    await answered(database.createCollection(APIS)).catch(() => undefined);
    return [];
  }
}

type Switchable = Pick<Route, "enabled" | "auth" | "method" | "output">;

export function overridden<R extends Switchable>(route: R, { output, ...members }: Override): R {
  const { enabled = route.enabled, auth = route.auth, method = route.method } = members;
  return {
    ...route,
    enabled,
    auth,
    method,
    ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
  };
}
