/** The file of the flows that are published, or that an instance runs on: copies, which an edit does not touch. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { readFlow } from "../engine/flows";
import type { Flow } from "../engine/workflow-engine";
import { WorkflowError } from "../engine/workflow-error";
import { openJournal } from "../journal";

export interface FlowStore {
  /** Keeps a copy of the flow, and answers by what `flowOf` finds it. */
  keep(flow: Flow): Promise<string>;
  flowOf(hash: string): Promise<Flow>;
  publish(processKey: string, hash: string): Promise<void>;
  publishedHash(processKey: string): string | undefined;
  /** Nothing is published any more. Copies stay: a start that is under way may need one. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

type Entry =
  | { kind: "flow"; hash: string; xml: string }
  | { kind: "published"; processKey: string; hash: string }
  | { kind: "reset" };

export async function openFlowStore(dir: string): Promise<FlowStore> {
  const texts = new Map<string, string>();
  const published = new Map<string, string>();
  const flows = new Map<string, Promise<Flow>>();
  const keeping = new Map<string, Promise<void>>();
  const replay = (entry: Entry) => {
    if (entry.kind === "flow") texts.set(entry.hash, entry.xml);
    else if (entry.kind === "published") published.set(entry.processKey, entry.hash);
    else published.clear();
  };
  function* snapshot(): Iterable<Entry> {
    for (const [hash, xml] of texts) yield { kind: "flow", hash, xml };
    for (const [processKey, hash] of published) yield { kind: "published", processKey, hash };
  }
  const journal = await openJournal<Entry>(join(dir, "processes.jsonl"), { replay, snapshot });
  const record = async (entry: Entry) => {
    await journal.append(entry);
    replay(entry);
  };
  return {
    async keep({ xml }) {
      const hash = createHash("sha256").update(xml).digest("hex").slice(0, 32);
      if (texts.has(hash)) return hash;
      // Many starts at once write one copy.
      const kept = keeping.get(hash) ?? record({ kind: "flow", hash, xml }).finally(() => keeping.delete(hash));
      keeping.set(hash, kept);
      await kept;
      return hash;
    },
    async flowOf(hash) {
      const xml = texts.get(hash);
      if (xml === undefined) throw new WorkflowError("FLOW_INVALID");
      const flow = flows.get(hash) ?? readFlow(xml);
      flows.set(hash, flow);
      return await flow;
    },
    publish: (processKey, hash) => record({ kind: "published", processKey, hash }),
    publishedHash: (processKey) => published.get(processKey),
    async clear() {
      await record({ kind: "reset" });
      await journal.compact();
    },
    close: () => journal.close(),
  };
}
