/** The actions on an instance that was started: look at it, complete a task, revoke it. */
import * as z from "zod";
import { WorkflowError } from "../../engine/workflow-error";
import type { InstanceRecord } from "../../instances/records";
import { WedaError, type WedaErrorKind } from "../weda-error";
import { ACTION_CODES, type ActionCall, action, idSchema, instanceData, NODE_TYPES } from "./action";

/** WeDa's own pages call these; their data is read off @cloudbase/weda-ui (flow components). */
const WEDA_UI = "https://www.npmjs.com/package/@cloudbase/weda-ui";

export const describeProcessInstanceDetails = action({
  doc: "https://docs.cloudbase.net/lowcode/api/flow",
  data: z.looseObject({ ProcessInstanceId: idSchema }),
  run: async ({ ProcessInstanceId }, call) => instanceData(await instanceOf(call, ProcessInstanceId)),
});

/** A page asks by the task that it shows, a script more likely by the instance; either will do. */
export const describeProcessInstance = action({
  doc: WEDA_UI,
  data: z.union([z.looseObject({ InstanceId: idSchema }), z.looseObject({ FlowTaskId: idSchema })]),
  async run(data, call) {
    if ("InstanceId" in data && typeof data.InstanceId === "string") {
      return instanceData(await instanceOf(call, data.InstanceId));
    }
    const { FlowTaskId } = data;
    const records = await call.instances.list({ engine: "weda" });
    const record = records.find(({ snapshot }) => snapshot.tasks.some(({ id }) => id === FlowTaskId));
    if (record === undefined) throw new WedaError("taskUnknown", "FlowTaskId");
    return instanceData(record);
  },
});

export const completeTask = action({
  doc: WEDA_UI,
  data: z.looseObject({
    InstanceId: idSchema,
    TaskId: z.string().min(1).max(200),
    ButtonAction: z.coerce.number().int(),
    Comment: z.looseObject({ operationComment: z.string().max(500).optional() }).optional(),
  }),
  async run({ InstanceId, TaskId, ButtonAction, Comment }, call) {
    const decided = { [ACTION_CODES.agree]: "agree" as const, [ACTION_CODES.reject]: "reject" as const }[ButtonAction];
    if (decided === undefined) throw new WedaError("operationUnsupported", "ButtonAction");
    const decision = { action: decided, comment: Comment?.operationComment };
    const record = await called(
      call.instances.change(
        InstanceId,
        ({ snapshot }, flow) => call.engine.complete(flow, snapshot, TaskId, decision),
        "weda",
      ),
    );
    return { Status: true, ...instanceData(record) };
  },
});

/** 2 is the starter's revocation; 1, a handler taking his approval back, needs a step back that the engine has not. */
export const revoke = action({
  doc: WEDA_UI,
  data: z.looseObject({ InstanceId: idSchema, RevokeType: z.coerce.number().int().default(2) }),
  async run({ InstanceId, RevokeType }, call) {
    if (RevokeType !== 2) throw new WedaError("operationUnsupported", "RevokeType");
    const record = await called(
      call.instances.change(
        InstanceId,
        (before, flow) => {
          if (!isStarter(before, call)) throw new WedaError("notAllowed");
          return call.engine.cancel(flow, before.snapshot, "Revoke");
        },
        "weda",
      ),
    );
    return { Status: true, ...instanceData(record) };
  },
});

export const getInstanceOperation = action({
  doc: WEDA_UI,
  data: z.looseObject({ InstanceId: idSchema }),
  async run({ InstanceId }, call) {
    const record = await instanceOf(call, InstanceId);
    return { InstanceId: record.id, ElementInfos: record.snapshot.tasks.map(elementInfo) };
  },
});

function elementInfo(task: InstanceRecord["snapshot"]["tasks"][number]) {
  const content =
    task.action === undefined
      ? []
      : [{ Action: ACTION_CODES[task.action], CreateTime: task.doneAt, OperationComment: task.comment ?? "" }];
  return {
    Id: task.nodeId,
    Name: task.name,
    TaskId: task.id,
    DataType: NODE_TYPES.approval,
    OperaName: [task.assignee],
    Result: task.action === undefined ? "" : String(ACTION_CODES[task.action]),
    ApprovalStrategy: "",
    ContentInfo: content,
  };
}

/** Who was named by `ExtraUserInfo` cannot be told from anybody else, so anybody not signed in may revoke for him. */
function isStarter({ startedBy, startedForExtraUser }: InstanceRecord, { caller }: ActionCall): boolean {
  return caller.userId === null ? startedForExtraUser === true : caller.userId === startedBy;
}

function instanceOf({ instances }: ActionCall, id: string): Promise<InstanceRecord> {
  return called(instances.get(id, "weda"));
}

const KINDS = {
  INSTANCE_NOT_FOUND: ["instanceUnknown", "InstanceId"],
  INSTANCE_ENDED: ["instanceEnded"],
  TASK_NOT_FOUND: ["taskUnknown", "TaskId"],
  TASK_NOT_OPEN: ["taskNotOpen"],
  PROCESS_NOT_FOUND: ["processUnknown", "FlowCode"],
  FLOW_INVALID: ["flowInvalid", "FlowCode"],
} as const satisfies Record<WorkflowError["code"], readonly [WedaErrorKind, string?]>;

/** The engine's own errors, in the platform's codes. */
async function called(work: Promise<InstanceRecord>): Promise<InstanceRecord> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    const [kind, name] = KINDS[error.code];
    throw new WedaError(kind, name);
  }
}
