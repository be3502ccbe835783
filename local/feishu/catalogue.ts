/** Everything that exists on the Feishu stand-in, as data: every id that the platform's published examples name is here. */

import type { Text } from "../../shared/base/errors";

/** A user of the low-code platform. Ids are text: as numbers they could lose digits. */
interface ApaasUser {
  id: string;
  email: string;
}

export type ApaasKind = "text" | "number" | "bool" | "record";

interface ApaasFlow {
  namespace: string;
  variables: Record<string, ApaasKind>;
  /** What `out_params` has beside the execution's id: an output's name -> the variable that it repeats. */
  outputs: Record<string, string>;
}

const NAMESPACE = "package_7344545d87__c";

export const APAAS_USERS: readonly ApaasUser[] = [{ id: "1111", email: "apaas@bytedance.com" }];
export const APAAS_RECORDS: readonly string[] = ["5454545"];
/** By flow id. Each is a file in local/engine/flows/feishu/. */
export const APAAS_FLOWS: Readonly<Record<string, ApaasFlow>> = {
  /** Ends at once. */
  deleteObject_99c656599f: {
    namespace: NAMESPACE,
    variables: { variable_rgrtgqworiginal: "record" },
    outputs: { deletedRecord: "variable_rgrtgqworiginal" },
  },
  /** Waits for an approver. */
  approveRequest_1a2b3c4d5e: {
    namespace: NAMESPACE,
    variables: {
      variable_reason: "text",
      variable_amount: "number",
      variable_urgent: "bool",
      variable_customer: "record",
    },
    outputs: {},
  },
  /** Fails on its way. */
  brokenFlow_0f0f0f0f0f: { namespace: NAMESPACE, variables: { variable_reason: "text" }, outputs: {} },
};

/** One person, by each of the four kinds of id. */
export interface CorehrUser {
  open_id: string;
  union_id: string;
  user_id: string;
  people_corehr_id: string;
  name: Text;
}

export const COREHR_USERS: readonly CorehrUser[] = [
  {
    open_id: "ou_91791271921729102012",
    union_id: "on_91791271921729102012",
    user_id: "9d2beg21",
    people_corehr_id: "6893014062142064135",
    name: { zh: "王芳", en: "Wang Fang" },
  },
  {
    open_id: "ou_c57053dad6eea0aea4696c48433d8562",
    union_id: "on_c57053dad6eea0aea4696c48433d8562",
    user_id: "4d7a3c6g",
    people_corehr_id: "6893014062142064136",
    name: { zh: "李伟", en: "Li Wei" },
  },
];

export const COREHR_DEPARTMENTS = [
  {
    open_department_id: "od-a761814f6bc3f14bd3b00905ec1d7c6f",
    department_id: "b3ee2ba9a3c8e0g2",
    people_corehr_department_id: "6893013238632416776",
  },
] as const;

/** Files that are there without an upload. */
export const COREHR_FILES: readonly string[] = ["66867ed00740ddd4a0bad4a5_c99b5322dc744fe4b99b76426ffe5d53"];

export const COREHR_OBJECTS = [{ wk_id: "6863326263210149383", wk_api_name: "country_region_subdivision" }] as const;

/** What a variable holds. `any` takes every member at once, as the published example of a start has it. */
export type VariableKind =
  | { kind: "any" }
  | { kind: "text" | "bool" | "number" | "date" | "dateTime" | "i18n" | "department" | "employee" | "file" }
  | { kind: "enum"; options: Record<string, Text> }
  | { kind: "object"; objectApiName: string }
  | { kind: "list"; element: VariableKind }
  | { kind: "record" | "table"; fields: Record<string, Variable> };
export type Variable = VariableKind & { label: Text };

export interface CorehrFlow {
  name: Text;
  variables: Readonly<Record<string, Variable>>;
}

const text = (zh: string, en: string): Variable => ({ kind: "text", label: { zh, en } });

const VARIABLES: Record<string, Variable> = {
  custom123: { kind: "any", label: { zh: "示例字段", en: "Sample field" } },
  reason: text("事由", "Reason"),
  urgent: { kind: "bool", label: { zh: "是否加急", en: "Urgent" } },
  amount: { kind: "number", label: { zh: "金额", en: "Amount" } },
  address_type: {
    kind: "enum",
    options: {
      home_address: { zh: "家庭住址", en: "Home address" },
      office_address: { zh: "办公地址", en: "Office address" },
    },
    label: { zh: "地址类型", en: "Kind of address" },
  },
  starts_on: { kind: "date", label: { zh: "开始日期", en: "First day" } },
  meet_at: { kind: "dateTime", label: { zh: "面谈时间", en: "Meeting" } },
  title: { kind: "i18n", label: { zh: "标题", en: "Title" } },
  region: {
    kind: "object",
    objectApiName: "country_region_subdivision",
    label: { zh: "地区", en: "Region" },
  },
  department: { kind: "department", label: { zh: "部门", en: "Department" } },
  manager: { kind: "employee", label: { zh: "直属上级", en: "Manager" } },
  skills: { kind: "list", element: { kind: "text" }, label: { zh: "技能", en: "Skills" } },
  attachments: { kind: "list", element: { kind: "file" }, label: { zh: "附件", en: "Attachments" } },
  city: {
    kind: "record",
    fields: { city_v2: text("城市", "City"), zip: text("邮编", "Postcode") },
    label: { zh: "城市信息", en: "City" },
  },
  items: {
    kind: "table",
    fields: {
      name: text("名称", "Name"),
      quantity: { kind: "number", label: { zh: "数量", en: "Quantity" } },
    },
    label: { zh: "物品明细", en: "Items" },
  },
  submission_id: text("提交编号", "Submission id"),
};

/** By flow definition id. Each is a file in local/engine/flows/feishu/. */
export const COREHR_FLOWS: Readonly<Record<string, CorehrFlow>> = {
  people_7023711013443944467_7437160904904494892: {
    name: { zh: "自定义人事审批", en: "Custom people approval" },
    variables: VARIABLES,
  },
};
