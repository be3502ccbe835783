/** The routes of the sync API: a new one is added here. docs/sync-api.md says what each member means. */
import * as z from "zod";
import { cloudbaseWorkflow } from "../../shared/engines/workflow";
import { label } from "../../shared/form/fields";
import { defineRoutes, type Route } from "../../shared/sync-api/routes/route";
import { runsFunction, runsMethod, runsWhole } from "../../shared/sync-api/runs/runnable";
import startApaasFlow from "../start-apaas-flow/index";
import startCorehrProcess from "../start-corehr-process/index";
import startLeave from "../start-leave/index";

/** Environment variables; a route may name others of its own. */
const credentials = {
  token: "STARTFLOW_SYNC_TOKEN",
  user: "STARTFLOW_SYNC_USER",
  password: "STARTFLOW_SYNC_PASSWORD",
  hmacKey: "STARTFLOW_SYNC_HMAC_KEY",
};

/** Runs a CloudBase workflow; the request's input is its trigger's. */
function workflow(id: string, inList = false) {
  return runsWhole({ start: cloudbaseWorkflow({ workflow: id, inList }), whole: { whole: true } });
}

const customerQuery = z.strictObject({
  customerId: z.string().min(1).max(64).meta(label("客户编号", "Customer id")),
  style: z.enum(["direct", "chain"]).optional().meta(label("写法", "Style")),
});

/** One of the stand-in workflows, each of which ends in another way. */
function flow(name: string, zh: string, en: string): Route {
  return {
    space: "demo",
    module: "flows",
    function: name,
    title: { zh, en },
    method: "POST",
    auth: "token",
    credentials,
    enabled: true,
    run: workflow(`wf_${name}`),
    debug: { name: "botman.cc" },
  };
}

export const routes = defineRoutes([
  // The two of the published examples: their trigger hands its input on as a list of one.
  {
    space: "botman",
    module: "test",
    function: "sync",
    title: { zh: "发布文档中的示例（字符串输出）", en: "The published example with a text as its output" },
    method: "POST",
    auth: "none",
    credentials,
    enabled: true,
    run: workflow("wf_hello", true),
    debug: { name: "botman.cc" },
    output: "botman.cc",
  },
  {
    space: "admin",
    module: "test",
    function: "sync",
    title: { zh: "发布文档中的示例（对象输出）", en: "The published example with an object as its output" },
    method: "GET",
    auth: "token",
    credentials,
    enabled: true,
    run: workflow("wf_hello", true),
    debug: {},
    output: { code: 0, msg: "ok" },
  },
  flow("hello", "有输出的工作流", "A workflow with an output"),
  flow("quiet", "没有输出的工作流", "A workflow without an output"),
  flow("broken", "运行失败的工作流", "A workflow that fails"),
  flow("approval", "等待审批的工作流", "A workflow that waits for an approver"),
  flow("slow", "运行较久的工作流", "A workflow that takes its time"),
  {
    space: "demo",
    module: "leave",
    function: "start",
    title: { zh: "发起请假审批（微搭）", en: "Start leave approval (WeDa)" },
    method: "POST",
    auth: "password",
    credentials,
    enabled: true,
    run: runsMethod("start-leave", startLeave),
    debug: { reason: "探亲", days: 3, startsOn: "2026-12-01" },
  },
  {
    space: "demo",
    module: "staff",
    function: "transfer",
    title: { zh: "发起人事调动（飞书人事）", en: "Start a transfer (Feishu CoreHR)" },
    method: "POST",
    auth: "hmac",
    credentials,
    enabled: true,
    run: runsMethod("start-corehr-process", startCorehrProcess),
    debug: { reason: "部门调动", department: "od-a761814f6bc3f14bd3b00905ec1d7c6f" },
    rateLimit: { calls: 60, windowMs: 60_000 },
  },
  {
    space: "demo",
    module: "records",
    function: "delete",
    title: { zh: "删除记录（飞书低代码流程）", en: "Delete a record (Feishu aPaaS flow)" },
    method: "POST",
    auth: "token",
    credentials,
    enabled: true,
    run: runsMethod("start-apaas-flow", startApaasFlow),
    debug: { record: "5454545" },
    // The flow is started without waiting, and Feishu tells nobody of its end.
    mode: "async",
    keyRequired: true,
  },
  {
    space: "demo",
    module: "customers",
    function: "get",
    title: { zh: "查询客户（另一个云函数）", en: "Look a customer up (another function)" },
    method: "GET",
    auth: "token",
    credentials,
    enabled: true,
    run: runsFunction("lookup-customer", customerQuery),
    debug: { customerId: "12345", style: "direct" },
  },
  {
    space: "demo",
    module: "notices",
    function: "send",
    title: { zh: "发送通知（未启用）", en: "Send a notice (not enabled)" },
    method: "POST",
    auth: "token",
    credentials,
    // Switched on by `enabled`, here or in the collection startflow_apis.
    enabled: false,
    run: runsFunction("notify-approved"),
    debug: { userId: "zhangsan", reason: "探亲" },
  },
]);
