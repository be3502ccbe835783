/** What `npm run new` makes of each kind: a form of two fields, and a target that the local stand-ins accept as it is. */
import type { Kind, NewOptions } from "./new-options";

export interface KindParts {
  /** What the second field is called. */
  second: { key: string; zh: string; en: string };
  sample: Record<string, unknown>;
  /** `import … from` this, below shared/. */
  imports: { name: string; from: string } | undefined;
  /** Source text of the target. */
  start: string;
  /** Where the real values are found. */
  note: string;
  fields: Record<string, object>;
  /** Of the row in cloudbaserc.json. */
  timeout: number;
  variables: readonly string[];
  /** What to do before it is used in the cloud. */
  next: readonly string[];
}

const AMOUNT = { key: "amount", zh: "金额", en: "Amount" };
const PURCHASE = { reason: "采购办公用品", amount: 100 };
const FEISHU = ["STARTFLOW_FEISHU_DOMAIN", "STARTFLOW_FEISHU_APP_ID", "STARTFLOW_FEISHU_APP_SECRET"];
const FEISHU_NEXT = "set the app in STARTFLOW_FEISHU_APP_ID and STARTFLOW_FEISHU_APP_SECRET (docs/feishu.md)";

export function partsOfKind({ kind, name }: Pick<NewOptions, "kind" | "name">): KindParts {
  return PARTS[kind](name);
}

const PARTS: Record<Kind, (name: string) => KindParts> = {
  weda: (name) => ({
    second: { key: "days", zh: "天数", en: "Days" },
    sample: { reason: "探亲", days: 3 },
    imports: { name: "wedaProcess", from: "engines/weda" },
    note: "Those of the stand-in flow: yours are in WeDa's console (docs/paste.md).",
    start: `wedaProcess({
        connector: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_${name.replaceAll("-", "_")}" },
        processKey: "flow_012",
      })`,
    fields: {
      reason: { paramCode: "165708798187000001", fieldType: "string" },
      days: { paramCode: "165708798187000002", fieldType: "number" },
    },
    timeout: 20,
    variables: ["STARTFLOW_EXTRA_USER_ID", "STARTFLOW_EXTRA_USER_SOURCE"],
    next: [
      "put the identifiers of your API and method, and your process key, into its index.ts",
      `npm run import-flow -- flow.har --method ${name} --write    (the codes of your start variables: docs/paste.md)`,
      `npm run paste -- ${name}    (what is entered in WeDa's console)`,
    ],
  }),
  workflow: () => ({
    second: AMOUNT,
    sample: PURCHASE,
    imports: { name: "cloudbaseWorkflow", from: "engines/workflow" },
    note: "The stand-in's: the id of yours is on its call node.",
    start: 'cloudbaseWorkflow({ workflow: "wf_hello" })',
    fields: { reason: { name: "reason" }, amount: { name: "amount" } },
    timeout: 60,
    variables: [],
    next: ["put your workflow's id, and the members of its trigger's input, into its index.ts"],
  }),
  apaas: () => ({
    second: AMOUNT,
    sample: PURCHASE,
    imports: { name: "apaasFlow", from: "engines/apaas" },
    note: "Those of the stand-in flow: docs/feishu.md says where yours are found.",
    start: 'apaasFlow({ namespace: "package_7344545d87__c", flowId: "approveRequest_1a2b3c4d5e", isAsync: true })',
    fields: {
      reason: { variable: "variable_reason", kind: "text" },
      amount: { variable: "variable_amount", kind: "number" },
    },
    timeout: 20,
    variables: [...FEISHU, "STARTFLOW_APAAS_OPERATOR_ID", "STARTFLOW_APAAS_OPERATOR_EMAIL"],
    next: ["put your namespace, flow and variables into its index.ts", FEISHU_NEXT],
  }),
  corehr: (name) => ({
    second: AMOUNT,
    sample: PURCHASE,
    imports: { name: "corehrProcess", from: "engines/corehr" },
    note: "Those of the stand-in flow: docs/feishu.md says where yours are found.",
    start:
      'corehrProcess({ flowDefinitionId: "people_7023711013443944467_7437160904904494892", systemInitiator: true })',
    fields: { reason: { variable: "reason", kind: "text" }, amount: { variable: "amount", kind: "number" } },
    timeout: 60,
    variables: [...FEISHU, "STARTFLOW_COREHR_INITIATOR_ID"],
    next: [
      "put your flow_definition_id into its index.ts",
      FEISHU_NEXT,
      `npm run import-flow -- --corehr <flow_definition_id> --variables a,b,c --method ${name} --write    (docs/paste.md)`,
    ],
  }),
  method: () => ({
    second: AMOUNT,
    sample: PURCHASE,
    imports: undefined,
    start: "",
    note: "",
    fields: {},
    timeout: 20,
    variables: [],
    next: [
      "write what it does into `run`; secrets that it reads are listed in `secrets` (see functions/lookup-customer)",
    ],
  }),
  api: () => ({
    second: AMOUNT,
    sample: PURCHASE,
    imports: { name: "cloudbaseWorkflow", from: "engines/workflow" },
    start: 'cloudbaseWorkflow({ workflow: "wf_hello" })',
    note: "The stand-in's: the id of yours is on its call node.",
    fields: { reason: { name: "reason" }, amount: { name: "amount" } },
    timeout: 0,
    variables: [],
    next: ["put your workflow, or another target, into `run` (docs/sync-api.md says what each member means)"],
  }),
};
