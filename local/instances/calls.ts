/**
 * The functions that flows call. That one is about to be called is written down before it is: whatever happens then, also
 * the platform's sudden end, it is tried at most once, and the flow goes on.
 */
import type { CallOutcome, EngineCall, EngineSnapshot, Flow, WorkflowEngine } from "../engine/workflow-engine";
import type { InstanceRecord, Records } from "./records";

/** Never rejects; takes a bounded time. */
export type CallFunction = (call: EngineCall, record: InstanceRecord) => Promise<CallOutcome>;

export interface CallsParts {
  records: Pick<Records, "put">;
  engine: Pick<WorkflowEngine, "answerCall" | "cancel">;
  callFunction: CallFunction;
}

export interface Calls {
  /** Whether the platform ended while a function was being called for this instance. */
  isCutOff(record: InstanceRecord): boolean;
  /** Goes on without what was cut off. */
  giveUp(record: InstanceRecord, flow: Flow): Promise<InstanceRecord>;
  /** Writes the snapshot down, calls what it wants to have called, and answers once the instance rests. */
  advance(record: InstanceRecord, flow: Flow): Promise<InstanceRecord>;
}

const CUT_OFF: CallOutcome = {
  failure:
    "本地平台在调用期间中断，函数可能已经执行，不会再次调用。 The platform ended during this call. The function may have done its work, and is not called again.",
};
/** A flow that goes round in circles through a function would call it for ever; far more than any real flow does. */
const MAX_CALLS = 20;

export function createCalls({ records, engine, callFunction }: CallsParts): Calls {
  const underWay = new Set<string>();
  const put = (record: InstanceRecord, snapshot: EngineSnapshot) => records.put({ ...record, snapshot });

  const advance: Calls["advance"] = async (record, flow) => {
    // Before it is written: whoever reads it from then on must not take it for cut off.
    underWay.add(record.id);
    try {
      let current = await records.put(record);
      for (let called = 0; current.snapshot.calls?.[0] !== undefined; called += 1) {
        const [call] = current.snapshot.calls;
        if (called === MAX_CALLS) {
          const reason = `more than ${MAX_CALLS} calls without a rest: <${call.nodeId}>`;
          return await put(current, await engine.cancel(flow, current.snapshot, reason));
        }
        const outcome = await callFunction(call, current);
        current = await put(current, await engine.answerCall(flow, current.snapshot, call.id, outcome));
      }
      return current;
    } finally {
      underWay.delete(record.id);
    }
  };

  return {
    isCutOff: ({ id, snapshot }) => snapshot.calls !== undefined && !underWay.has(id),
    async giveUp(record, flow) {
      let { snapshot } = record;
      for (const { id } of record.snapshot.calls ?? []) {
        snapshot = await engine.answerCall(flow, snapshot, id, CUT_OFF);
      }
      return await advance({ ...record, snapshot }, flow);
    },
    advance,
  };
}
