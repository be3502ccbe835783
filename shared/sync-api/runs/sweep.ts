/** What `sweep` does for the sync API: hands over runs that nobody took on, sends callbacks, and forgets what is old. */
import { QUEUED, SUBMISSIONS, type SubmissionRecord } from "../../once/record";
import { answered } from "../../platform/database";
import { APIS, LOCKOUT } from "../gate/lockout";
import { type CallbackAnswer, type CallbackParts, sendCallbacks } from "./callback";
import { chore } from "./chore";
import { KEY_WINDOW_MS, KEYS } from "./idempotency";
import { handOver } from "./queue";

export interface ApiSweepAnswer extends CallbackAnswer {
  /** Runs that were answered, and had not been taken on. */
  handedOver: number;
}

/** Younger ones are on their way. */
const QUEUED_MS = 30_000;
const LIMIT = 20;

/** Never throws: the next sweep tries again. */
export async function sweepApi(parts: CallbackParts): Promise<ApiSweepAnswer> {
  const handedOver = await handedOverAgain(parts);
  const told = await sendCallbacks(parts);
  await forget(parts, KEYS, "at", KEY_WINDOW_MS);
  await forget(parts, APIS, "since", LOCKOUT.windowMs);
  return { handedOver, ...told };
}

function handedOverAgain({ database, context, environment }: CallbackParts): Promise<number> {
  const before = database.command.lt(database.serverDate({ offset: -QUEUED_MS }));
  const waiting = { environment, state: "free", reason: QUEUED, changedAt: before };
  const work = async () => {
    const query = database.collection(SUBMISSIONS).where(waiting).orderBy("changedAt", "asc").limit(LIMIT);
    const { data = [] } = await answered<{ data?: SubmissionRecord[] }>(query.get());
    for (const { submissionId } of data) await handOver(context, submissionId);
    return data.length;
  };
  return chore({ trouble: "queued runs not listed", none: 0, work });
}

async function forget({ database }: CallbackParts, collection: string, member: string, ageMs: number): Promise<void> {
  const before = database.command.lt(database.serverDate({ offset: -ageMs }));
  const old = database.collection(collection).where({ [member]: before });
  const work = async () => void (await answered(old.remove()));
  await chore({ trouble: "old documents not deleted", none: undefined, work, details: { collection } });
}
