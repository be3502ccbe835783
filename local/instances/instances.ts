/** The process instances: started, changed by one caller at a time, and never shown with a timer that is overdue. */
import type { LocalClock } from "../clock";
import type { EngineSnapshot, Flow, WorkflowEngine } from "../engine/workflow-engine";
import { WorkflowError } from "../engine/workflow-error";
import { type CallFunction, createCalls } from "./calls";
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
  callFunction: CallFunction;
}

export async function openInstances({ dir, clock, engine, flowOf, callFunction }: InstancesParts): Promise<Instances> {
  const records = await openRecords(dir);
  const calls = createCalls({ records, engine, callFunction });
  const queues = createQueues();
  const found = (id: string, of?: Engine) => {
    const record = records.get(id);
    if (record === undefined || (of !== undefined && record.engine !== of))
      throw new WorkflowError("INSTANCE_NOT_FOUND");
    return record;
  };
  const isDue = ({ snapshot }: InstanceRecord) => snapshot.timers.some(({ dueAt }) => dueAt <= clock.now());
  /** With what was cut off given up, and the timers fired that came due. */
  const caughtUp = async (record: InstanceRecord, flow: Flow) => {
    const before = calls.isCutOff(record) ? await calls.giveUp(record, flow) : record;
    if (!isDue(before)) return before;
    return await calls.advance({ ...before, snapshot: await engine.fireDue(flow, before.snapshot) }, flow);
  };
  const change: Instances["change"] = (id, work, of) =>
    queues.run(id, async () => {
      const stored = found(id, of);
      const flow = await flowOf(stored.flowHash);
      const record = await caughtUp(stored, flow);
      const snapshot = await work(record, flow);
      return snapshot === record.snapshot ? record : await calls.advance({ ...record, snapshot }, flow);
    });
  const get: Instances["get"] = async (id, of) => {
    const record = found(id, of);
    return isDue(record) || calls.isCutOff(record) ? change(id, async ({ snapshot }) => snapshot) : record;
  };
  return {
    change,
    get,
    async create(start, run) {
      const startedAt = clock.now();
      const id = records.newId(start.engine, startedAt);
      return await queues.run(id, async () => {
        const record = { id, ...start, startedAt, snapshot: await run() };
        if (record.snapshot.calls === undefined) return await records.put(record);
        return await calls.advance(record, await flowOf(start.flowHash));
      });
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
