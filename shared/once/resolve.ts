/** What a person does with the ledger: list submissions, show one, and decide one that nobody knows the outcome of. */
import { now } from "../base/clock";
import { answered, type Database, orNone } from "../platform/database";
import { LEASE_EXPIRED, ONCE, SUBMISSIONS, type SubmissionRecord, type SubmissionState, stateAt } from "./record";

/** Lists need more of the database than methods do. */
export interface OperatorDatabase extends Pick<Database, "serverDate" | "command"> {
  collection(name: string): { where(query: object): OperatorQuery };
}
interface OperatorQuery {
  update(change: object): Promise<unknown>;
  orderBy(field: string, order: "asc" | "desc"): OperatorQuery;
  limit(count: number): OperatorQuery;
  get(): Promise<unknown>;
}

/** Nothing was done; the message says why, and what to do. */
export class Refused extends Error {
  override readonly name = "Refused";
}

type Environment = "preview" | "production";

export interface ListQuery {
  environment?: Environment;
  /** As it counts now: a `dispatched` one whose lease is over is `unknown`. */
  state?: SubmissionState;
  limit: number;
}

/** What one query gives at most. https://docs.cloudbase.net/database/query */
export const MAX_LIST = 1_000;

export interface ListedSubmission extends SubmissionRecord {
  /** As it counts now. */
  state: SubmissionState;
}

/** Newest claim first. @throws what the database throws */
export async function listSubmissions(database: OperatorDatabase, query: ListQuery): Promise<ListedSubmission[]> {
  const { environment, state, limit } = query;
  // Whether a lease is over is seen here, so of these two states the store may give more than are asked for.
  const stored = state === "unknown" ? ["unknown", "dispatched"] : [state];
  const where = {
    ...(environment === undefined ? {} : { environment }),
    ...(state === undefined ? {} : { state: database.command.in(stored) }),
  };
  const isFiltered = state === "unknown" || state === "dispatched";
  const found = await records(database, where, isFiltered ? MAX_LIST : limit);
  return found.filter((record) => state === undefined || record.state === state).slice(0, limit);
}

/** One, or one for each environment. @throws what the database throws */
export function findSubmissions(
  database: OperatorDatabase,
  submissionId: string,
  environment?: Environment,
): Promise<ListedSubmission[]> {
  const where = { submissionId, ...(environment === undefined ? {} : { environment }) };
  return records(database, where, 2);
}

/** @throws Refused where there is none, or one in each environment; and what the database throws */
export async function theSubmission(
  database: OperatorDatabase,
  submissionId: string,
  environment?: Environment,
): Promise<ListedSubmission> {
  const [record, other] = await findSubmissions(database, submissionId, environment);
  const where = environment === undefined ? "" : ` in ${environment}`;
  if (record === undefined) throw new Refused(`there is no submission ${submissionId}${where}`);
  if (other === undefined) return record;
  throw new Refused(`${submissionId} is a submission in preview and in production; say which one with --env`);
}

function records(database: OperatorDatabase, where: object, limit: number): Promise<ListedSubmission[]> {
  return orNone([], async () => {
    const query = database.collection(SUBMISSIONS).where(where).orderBy("claimedAt", "desc").limit(limit);
    const { data = [] } = await answered<{ data?: SubmissionRecord[] }>(query.get());
    return data.map((record) => ({ ...record, state: stateAt(record, now()) }));
  });
}

export interface Decision {
  to: "started" | "free";
  /** Of `started`: the engine's id, where the person found it. */
  processId: string | null;
  by: string;
}

/** Goes into `reason` where a person said that nothing was started. */
const DECIDED = "DECIDED";

/**
 * From `unknown`, or from `dispatched` past its lease on the store's clock: a person's computer may be minutes off.
 * @throws Refused, and what the database throws
 */
export async function resolveSubmission(
  database: OperatorDatabase,
  record: ListedSubmission,
  decision: Decision,
): Promise<void> {
  const { state } = record;
  if (state !== "unknown") throw new Refused(REFUSALS[state](record));
  const { to, by, processId } = decision;
  // Assumption: the database puts its time in inside a list too, as it does in any member.
  const made = { at: database.serverDate(), by, to, ...(to === "started" ? { processId } : {}) };
  const change = {
    state: to,
    processId: to === "started" ? processId : null,
    status: null,
    problem: null,
    reason: to === "started" ? null : DECIDED,
    decisions: [...(record.decisions ?? []), made],
    changedAt: database.serverDate(),
  };
  for (const query of openQueries(database, record)) {
    const call = database.collection(SUBMISSIONS).where(query).update(change);
    const { updated } = await answered<{ updated?: number }>(call);
    if (updated === 1) return;
  }
  throw new Refused(
    "the record changed meanwhile, or its lease still runs on the store's clock; show it again before you decide",
  );
}

/** What a reader took for over by a clock of its own, the store's clock must confirm; what the call itself wrote counts. */
function openQueries(database: OperatorDatabase, { _id, token, leaseMs, reason }: ListedSubmission): object[] {
  const { command } = database;
  const leaseAgo = database.serverDate({ offset: -(leaseMs + ONCE.clockMarginMs) });
  const over = { _id, token, state: command.in(["unknown", "dispatched"]), claimedAt: command.lte(leaseAgo) };
  return reason === LEASE_EXPIRED ? [over] : [{ _id, token, state: "unknown", reason }, over];
}

const REFUSALS: Record<Exclude<SubmissionState, "unknown">, (record: SubmissionRecord) => string> = {
  started: ({ processId }) => `it has started a process (${processId ?? "id not known"}); there is nothing to decide`,
  free: ({ reason }) =>
    `nothing was started for it (${reason ?? "no reason kept"}); it can be submitted again as it is`,
  dispatched: ({ claimedAt, leaseMs }) => {
    const overAt = new Date(claimedAt.getTime() + leaseMs + ONCE.clockMarginMs).toISOString();
    return `a call is at work on it until ${overAt}; look again after that`;
  },
};
