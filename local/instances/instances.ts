/** The process instances: started, changed by one call at a time, and never shown with a timer that is overdue. */
import type { LocalClock } from "../clock";
import type { EngineSnapshot, Flow, WorkflowEngine } from "../engine/workflow-engine";
import { WorkflowError } from "../engine/workflow-error";
import type { Engine } from "./instance-ids";
import { createQueues } from "./queues";
import { type InstanceRecord, type InstanceStart, openRecords } from "./records";

export interface Instances {
  /** Answers once the instance is written. */
  create(start: InstanceStart, run: () => Promise<EngineSnapshot>): Promise<InstanceRecord>;
  /** With the timers fired that came due. Throws `WorkflowError` INSTANCE_NOT_FOUND, also where it is another engine's. */
  get(id: string, engine?: Engine): Promise<InstanceRecord>;
  /** Newest first. */
  list(options?: { engine?: Engine; limit?: number | undefined }): Promise<InstanceRecord[]>;
  /** One change at a time per instance; due timers fire before. */
  change(id: string, work: Change, engine?: Engine): Promise<InstanceRecord>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export type Change = (record: InstanceRecord, flow: Flow) => Promise<EngineSnapshot>;

export interface InstancesParts {
  dir: string;
  clock: LocalClock;
  engine: WorkflowEngine;
  flowOf(hash: string): Promise<Flow>;
}

export async function openInstances({ dir, clock, engine, flowOf }: InstancesParts): Promise<Instances> {
  const records = await openRecords(dir);
  const queues = createQueues();
  const found = (id: string, of?: Engine) => {
    const record = records.get(id);
    if (record === undefined || (of !== undefined && record.engine !== of))
      throw new WorkflowError("INSTANCE_NOT_FOUND");
    return record;
  };
  const isDue = ({ snapshot }: InstanceRecord) => snapshot.timers.some(({ dueAt }) => dueAt <= clock.now());
  const change: Instances["change"] = (id, work, of) =>
    queues.run(id, async () => {
      let record = found(id, of);
      const flow = await flowOf(record.flowHash);
      if (isDue(record))
        record = await records.put({ ...record, snapshot: await engine.fireDue(flow, record.snapshot) });
      const snapshot = await work(record, flow);
      return snapshot === record.snapshot ? record : await records.put({ ...record, snapshot });
    });
  const get: Instances["get"] = async (id, of) =>
    isDue(found(id, of)) ? change(id, async ({ snapshot }) => snapshot) : found(id, of);
  return {
    change,
    get,
    async create(start, run) {
      const startedAt = clock.now();
      const id = records.newId(start.engine, startedAt);
      return await queues.run(id, async () => await records.put({ id, ...start, startedAt, snapshot: await run() }));
    },
    async list({ engine: of, limit = Number.POSITIVE_INFINITY } = {}) {
      const all = records.list().filter((record) => of === undefined || record.engine === of);
      return await Promise.all(all.slice(0, limit).map(({ id }) => get(id)));
    },
    async reset() {
      await queues.idle();
      await records.clear();
    },
    async close() {
      await queues.idle();
      await records.close();
    },
  };
}
