/** The file of the process instances: one line per change holds the whole of an instance, so none is ever half there. */
import { join } from "node:path";
import type { EngineSnapshot } from "../engine/workflow-engine";
import { openJournal } from "../journal";
import { nextInstanceId } from "./instance-ids";

/** What is known of an instance apart from how far it is. */
export interface InstanceStart {
  processKey: string;
  name: string;
  version: string;
  /** The very flow that it was started with: a later edit of the file does not touch it. */
  flowHash: string;
  environment: "preview" | "production";
  startedBy: string;
  /** `ExtraUserInfo` named the user, nobody was signed in. */
  startedForExtraUser: boolean;
  /** The `data` of the call, as it was received. */
  request: unknown;
}

export interface InstanceRecord extends InstanceStart {
  id: string;
  startedAt: number;
  snapshot: EngineSnapshot;
}

export interface Records {
  get(id: string): InstanceRecord | undefined;
  /** Newest first. */
  ids(): string[];
  /** Resolves once it is written; before that, `get` does not know it. */
  put(record: InstanceRecord): Promise<InstanceRecord>;
  newId(nowMs: number): string;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** The last id given out is kept beyond `clear`: an id never comes twice. */
type Entry = { kind: "instance"; record: InstanceRecord } | { kind: "reset"; lastId: string | undefined };

export async function openRecords(dir: string): Promise<Records> {
  const records = new Map<string, InstanceRecord>();
  let lastId: string | undefined;
  const replay = (entry: Entry) => {
    if (entry.kind === "reset") records.clear();
    else records.set(entry.record.id, entry.record);
    const id = entry.kind === "reset" ? entry.lastId : entry.record.id;
    if (id !== undefined && (lastId === undefined || id > lastId)) lastId = id;
  };
  function* snapshot(): Iterable<Entry> {
    yield { kind: "reset", lastId };
    for (const record of records.values()) yield { kind: "instance", record };
  }
  const journal = await openJournal<Entry>(join(dir, "instances.jsonl"), { replay, snapshot });
  return {
    get: (id) => records.get(id),
    ids: () => [...records.keys()].sort().reverse(),
    async put(record) {
      await journal.append({ kind: "instance", record });
      records.set(record.id, record);
      return record;
    },
    newId(nowMs) {
      lastId = nextInstanceId(lastId, nowMs);
      return lastId;
    },
    async clear() {
      await journal.append({ kind: "reset", lastId });
      records.clear();
      await journal.compact();
    },
    close: () => journal.close(),
  };
}
