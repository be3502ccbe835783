/** The actions of `callWedaApi`, by name. */
import { FIND_ACTION } from "../../../shared/engines/weda/find";
import { WedaError } from "../weda-error";
import type { Action } from "./action";
import { findInstances } from "./find-instances";
import {
  completeTask,
  describeProcessInstance,
  describeProcessInstanceDetails,
  getInstanceOperation,
  revoke,
} from "./instance-actions";
import { startProcess } from "./start-process";

export const ACTIONS: Record<string, Action> = {
  StartProcessWithParams: startProcess,
  DescribeProcessInstance: describeProcessInstance,
  DescribeProcessInstanceDetails: describeProcessInstanceDetails,
  CompleteTask: completeTask,
  Revoke: revoke,
  GetInstanceOperation: getInstanceOperation,
  /** Ours, not WeDa's. */
  [FIND_ACTION]: findInstances,
};

/** Actions that WeDa has (@cloudbase/weda-ui, @cloudbase/weda-client): "does not exist" would be untrue of them. */
const NOT_EMULATED = new Set([
  "StartFlowInstance",
  "GetApprovalPageDetail",
  "SubmitFlowTaskList",
  "RollBack",
  "GetPreElementList",
  "AddCounterSignAssignee",
  "PressTask",
  "GetProcessCanvasInfo",
  "PushNotifyMsg",
  "RunMysqlCommand",
  "RuntimeDescribeDataSource",
  "DescribeWedaUserId",
  "DescribeWedaAccessResourcesByType",
]);

export function actionNamed(name: string): Action {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action !== undefined) return action;
  throw new WedaError(NOT_EMULATED.has(name) ? "actionNotEmulated" : "actionUnknown");
}
