/** Starts a Feishu CoreHR process when the transfer form is submitted: every kind of variable, and ready ones. */
import * as z from "zod";
import { corehrProcess } from "../../shared/engines/corehr";
import { date, files, json, label, number, relation, timestamp } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";

const ADDRESSES = { home_address: "家庭住址", office_address: "办公地址" };

const item = z.strictObject({
  name: z.string().trim().min(1).max(100).meta(label("物品", "Thing")),
  quantity: number({ fromText: true }).int().positive().meta(label("数量", "Quantity")),
});

const form = z.strictObject({
  reason: z.string().trim().min(1).max(500).meta(label("事由", "Reason")),
  urgent: z.boolean().optional().meta(label("加急", "Urgent")),
  amount: number({ fromText: true }).nonnegative().optional().meta(label("补贴金额", "Allowance")),
  addressType: z.string().optional().meta(label("地址类型", "Kind of address")),
  startsOn: date().optional().meta(label("生效日期", "Takes effect on")),
  meetAt: timestamp().optional().meta(label("面谈时间", "Talk at")),
  department: relation().optional().meta(label("新部门", "New department")),
  manager: relation().optional().meta(label("新上级", "New manager")),
  skills: z.array(z.string().trim().min(1).max(50)).max(20).optional().meta(label("技能", "Skills")),
  attachments: files({ max: 9 }).optional().meta(label("附件", "Attachments")),
  items: z.array(item).max(200).optional().meta(label("移交物品", "Things handed over")),
  flowData: json().optional().meta(label("现成的变量（flow_data）", "Ready variables (flow_data)")),
});

const startCorehrProcess = defineMethod({
  title: { zh: "发起飞书人事流程", en: "Start a Feishu CoreHR process" },
  input: form,
  sample: {
    reason: "部门调动",
    urgent: true,
    amount: 100,
    addressType: "home_address",
    startsOn: "2024-04-25",
    meetAt: "2024-04-25T10:57:57+08:00",
    department: "od-a761814f6bc3f14bd3b00905ec1d7c6f",
    manager: "ou_c57053dad6eea0aea4696c48433d8562",
    skills: ["TypeScript", "BPMN"],
    items: [{ name: "笔记本电脑", quantity: 1 }],
  },
  start: corehrProcess({
    flowDefinitionId: "people_7023711013443944467_7437160904904494892",
    systemInitiator: true,
    stamp: { variable: "submission_id", abstract: "提交编号" },
  }),
  fields: {
    reason: { variable: "reason", kind: "text" },
    urgent: { variable: "urgent", kind: "bool" },
    amount: { variable: "amount", kind: "number" },
    addressType: { variable: "address_type", kind: "enum", options: ADDRESSES },
    startsOn: { variable: "starts_on", kind: "date" },
    meetAt: { variable: "meet_at", kind: "dateTime" },
    department: { variable: "department", kind: "department" },
    manager: { variable: "manager", kind: "employee" },
    skills: { variable: "skills", kind: "list", of: { kind: "text" } },
    attachments: { variable: "attachments", kind: "list", of: { kind: "file" } },
    items: {
      variable: "items",
      kind: "table",
      fields: {
        name: { variable: "name", kind: "text" },
        quantity: { variable: "quantity", kind: "number" },
      },
    },
    flowData: { kind: "flowData", variables: ["custom123", "title", "region", "city"] },
  },
  // As much as one event of a function holds.
  limits: { nodes: 2_000_000, textLength: 6_000_000 },
});

export = startCorehrProcess;
