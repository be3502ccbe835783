/** Records of runs for the tests: as the ledger would have written them. */

import { recordId } from "../../../shared/engines/submission";
import { SUBMISSIONS, type SubmissionRecord } from "../../../shared/once/record";
import { createLedgerStore } from "../../../shared/once/store";
import type { TestStore } from "../../helpers/database";

/** Of the route `demo/flows/hello` in preview, claimed now. */
export function recordOf(uid: string, change: Partial<SubmissionRecord> = {}): SubmissionRecord {
  return {
    _id: recordId("preview", uid),
    submissionId: uid,
    environment: "preview",
    target: "scripted",
    processKey: "flow",
    userId: "",
    contentHash: "hash",
    state: "started",
    token: "token-1",
    generation: 1,
    claimedAt: new Date(),
    changedAt: new Date(),
    leaseMs: 20_000,
    processId: null,
    progress: null,
    output: null,
    reason: null,
    api: "demo/flows/hello",
    ...change,
  };
}

type Runs = Pick<TestStore, "database">;

export async function findRun({ database }: Runs, uid: string): Promise<SubmissionRecord | undefined> {
  return await createLedgerStore(database).find(recordId("preview", uid));
}

export async function putRun({ database }: Runs, record: SubmissionRecord): Promise<void> {
  await database.createCollection(SUBMISSIONS).catch(() => undefined);
  await database.collection(SUBMISSIONS).add(record);
}

export async function changeRun({ database }: Runs, uid: string, change: Partial<SubmissionRecord>): Promise<void> {
  await database
    .collection(SUBMISSIONS)
    .where({ _id: recordId("preview", uid) })
    .update(change);
}

export async function allRuns({ database }: Runs): Promise<SubmissionRecord[]> {
  const found = database.collection(SUBMISSIONS).where({}).limit(1_000).get();
  return ((await found.catch(() => ({ data: [] }))) as { data: SubmissionRecord[] }).data;
}
