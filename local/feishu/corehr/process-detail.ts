/** An instance as CoreHR tells of it. https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/get */

import type { Text } from "../../../shared/base/errors";
import type { PROCESS_STATUSES, UserIdType } from "../../../shared/engines/corehr/wire";
import type { EngineTask, InstanceState } from "../../engine/workflow-engine";
import type { InstanceRecord } from "../../instances/records";
import { COREHR_FLOWS } from "../catalogue";
import { userNamed, userOf } from "./people";

/** Assumption: a process that failed on its way is told as a rejected one; the page has no status for it. */
const STATUS: Record<InstanceState, keyof typeof PROCESS_STATUSES> = {
  running: 1,
  waiting: 1,
  declined: 2,
  failed: 2,
  cancelled: 4,
  completed: 9,
};
const DONE_STATUS = { agree: 3, reject: 2, none: 4 } as const;
const APPROVAL_TASK = 1;
const NORMAL_PROCESS = 1;

export const statusOf = ({ snapshot }: InstanceRecord): number => STATUS[snapshot.state];

export function processDetail(record: InstanceRecord, userIdType: UserIdType): Record<string, unknown> {
  const { id, processKey, name, startedBy, startedAt, snapshot } = record;
  const declared = COREHR_FLOWS[processKey];
  const names = texts(declared?.name ?? { zh: name, en: name });
  const initiator = userOf(startedBy);
  const hasEnded = snapshot.engineState === undefined;
  const { tasks } = snapshot;
  return {
    process_id: id,
    status: statusOf(record),
    flow_template_id: processKey,
    flow_template_name: names,
    flow_definition_id: processKey,
    flow_definition_name: names,
    // Empty where the system started it.
    initiator_id: initiator?.[userIdType] ?? "",
    initiator_name: initiator === undefined ? {} : texts(initiator.name),
    create_time: String(startedAt),
    ...(hasEnded ? { complete_time: String(snapshot.timeline.at(-1)?.at ?? startedAt) } : {}),
    start_links: {},
    abstracts: abstractsOf(record),
    todos: tasks.filter(({ state }) => state === "open").map((task) => taskRow(task, userIdType)),
    cc_list: [],
    done_list: tasks.filter(({ state }) => state === "done").map((task) => doneRow(task, userIdType)),
    system_todos: [],
    system_done_list: [],
    comment_infos: [],
    properties: NORMAL_PROCESS,
    process_name: names,
  };
}

/** Assumption: both languages show a text as it was sent. */
function abstractsOf({ processKey, snapshot }: InstanceRecord) {
  return Object.entries(COREHR_FLOWS[processKey]?.variables ?? {}).flatMap(([name, { kind, label }]) => {
    const value = Object.hasOwn(snapshot.variables, name) ? snapshot.variables[name] : undefined;
    if (kind !== "text" || typeof value !== "string") return [];
    return [{ name: texts(label), value: texts({ zh: value, en: value }) }];
  });
}

function taskRow(task: EngineTask, userIdType: UserIdType) {
  const operator = userNamed(task.assignee);
  return {
    approver_id: task.id,
    type: APPROVAL_TASK,
    links: {},
    operator_id: operator?.[userIdType] ?? "",
    operator_name: texts(operator?.name ?? { zh: task.assignee, en: task.assignee }),
    node_name: texts({ zh: task.name, en: task.name }),
    node_definition_id: task.nodeId,
    create_time: String(task.openedAt),
  };
}

function doneRow(task: EngineTask, userIdType: UserIdType) {
  return {
    ...taskRow(task, userIdType),
    status: DONE_STATUS[task.action ?? "none"],
    complete_time: String(task.doneAt ?? ""),
    approval_opinion: task.comment ?? "",
  };
}

const texts = ({ zh, en }: Text) => ({ zh_cn: zh, en_us: en });
