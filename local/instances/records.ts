/** The file of the process instances: one line per change holds the whole of an instance, so none is ever half there. */
import { join } from "node:path";
import type { EngineSnapshot } from "../engine/workflow-engine";
import { openJournal } from "../journal";
import { type Engine, nextExecutionId, nextInstanceId } from "./instance-ids";

/** What is known of an instance apart from how far it is. */
export interface InstanceStart {
  engine: Engine;
  processKey: string;
  name: string;
  version: string;
  /** The very flow that it was started with: a later edit of the file does not touch it. */
  flowHash: string;
  startedBy: string;
  /** The `data` or body of the call, as it was received. */
  request: unknown;
  /** WeDa's slot. */
  environment?: "preview" | "production";
  /** WeDa: `ExtraUserInfo` named the user, nobody was signed in. */
  startedForExtraUser?: boolean;
  /** aPaaS: the key that a repeat is known by. */
  idempotentKey?: string;
}

export interface InstanceRecord extends InstanceStart {
  id: string;
  startedAt: number;
  snapshot: EngineSnapshot;
}

export interface Records {
  get(id: string): InstanceRecord | undefined;
  /** Newest first. */
  list(): InstanceRecord[];
  /** Resolves once it is written; before that, `get` does not know it. */
  put(record: InstanceRecord): Promise<InstanceRecord>;
  newId(engine: Engine, nowMs: number): string;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** The last ids given out are kept beyond `clear`: an id never comes twice. `lastId` is that of WeDa and CoreHR. */
interface LastIds {
  lastId: string | undefined;
  lastExecutionId?: string | undefined;
}
type Entry = { kind: "instance"; record: InstanceRecord } | ({ kind: "reset" } & LastIds);

export async function openRecords(dir: string): Promise<Records> {
  const records = new Map<string, InstanceRecord>();
  const last: LastIds = { lastId: undefined };
  const replay = (entry: Entry) => {
    if (entry.kind === "reset") {
      records.clear();
      last.lastId = larger(last.lastId, entry.lastId);
      last.lastExecutionId = larger(last.lastExecutionId, entry.lastExecutionId);
      return;
    }
    // A line from before there were other engines names none.
    const record = { ...entry.record, engine: entry.record.engine ?? "weda" };
    records.set(record.id, record);
    const member = idMember(record.engine);
    last[member] = larger(last[member], record.id);
  };
  function* snapshot(): Iterable<Entry> {
    yield { kind: "reset", ...last };
    for (const record of records.values()) yield { kind: "instance", record };
  }
  const journal = await openJournal<Entry>(join(dir, "instances.jsonl"), { replay, snapshot });
  return {
    get: (id) => records.get(id),
    list: () => [...records.values()].sort(newestFirst),
    async put(record) {
      await journal.append({ kind: "instance", record });
      records.set(record.id, record);
      return record;
    },
    newId(engine, nowMs) {
      const member = idMember(engine);
      const id = (engine === "apaas" ? nextExecutionId : nextInstanceId)(last[member], nowMs);
      last[member] = id;
      return id;
    },
    async clear() {
      await journal.append({ kind: "reset", ...last });
      records.clear();
      await journal.compact();
    },
    close: () => journal.close(),
  };
}

const idMember = (engine: Engine): keyof LastIds => (engine === "apaas" ? "lastExecutionId" : "lastId");

/** Ids of one kind have the same number of digits. */
function larger(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

function newestFirst(one: InstanceRecord, other: InstanceRecord): number {
  return other.startedAt - one.startedAt || (other.id > one.id ? 1 : -1);
}
