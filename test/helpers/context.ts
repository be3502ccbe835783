/** A custom-code context for tests of one method: it records what would be started, and answers as it is told. */
import type { MethodContext, UserInfo, WorkflowCall } from "../../shared/platform/context";
import { type TestStore, testStore } from "./database";

export interface RecordingContext extends MethodContext {
  calls: WorkflowCall[];
}

export function recordingContext(
  answer: (call: WorkflowCall) => unknown = () => ({ InstanceId: "1542109022301507586" }),
  user: UserInfo = { uid: "user-1" },
  { database }: Pick<TestStore, "database"> = testStore(),
): RecordingContext {
  const calls: WorkflowCall[] = [];
  return {
    calls,
    async callWorkflow(call) {
      calls.push(structuredClone(call));
      return answer(call);
    },
    auth: { getUserInfo: () => user },
    database,
  };
}
