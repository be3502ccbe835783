/** Starts the contract review when the contract form is submitted: a record, its line items and its files. */
import * as z from "zod";
import { wedaProcess } from "../../shared/engines/weda";
import { date, files, label, number, relation } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";

const contract = z.strictObject({
  _id: relation().meta(label("合同记录", "Contract record")),
  title: z.string().trim().min(1).max(200).meta(label("合同名称", "Contract title")),
  party: relation().optional().meta(label("签约方", "Other party")),
  amount: number({ fromText: true }).nonnegative().max(1_000_000_000).meta(label("合同金额", "Amount")),
  signedOn: date({ zone: "Asia/Shanghai" }).optional().meta(label("签订日期", "Signed on")),
  attachments: files({ max: 9 }).optional().meta(label("附件", "Attachments")),
});

const item = z.strictObject({
  _id: relation().optional().meta(label("明细记录", "Item record")),
  name: z.string().trim().min(1).max(100).meta(label("品名", "Item")),
  quantity: number({ fromText: true }).int().positive().meta(label("数量", "Quantity")),
  price: number({ fromText: true }).nonnegative().meta(label("单价", "Unit price")),
});

const form = z.strictObject({
  contract: contract.meta(label("合同", "Contract")),
  items: z.array(item).min(1).max(200).meta(label("明细", "Line items")),
  urgent: z.boolean().optional().meta(label("加急", "Urgent")),
});

const startContract = defineMethod({
  title: { zh: "发起合同审批", en: "Start contract review" },
  input: form,
  sample: {
    contract: { _id: "contract-2026-001", title: "服务器采购合同", amount: 120000, signedOn: "2026-12-01" },
    items: [
      { name: "服务器", quantity: 2, price: 50000 },
      { name: "安装服务", quantity: 1, price: 20000 },
    ],
    urgent: false,
  },
  start: wedaProcess({
    connector: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_5b12595a75120" },
    processKey: "flow_contract",
    stamp: { paramCode: "165708798188000009", name: "submissionId" },
  }),
  fields: {
    contract: { paramCode: "165708798188000001", fieldType: "object", entityCode: "contract", name: "contract" },
    items: { paramCode: "165708798188000002", fieldType: "objectList", entityCode: "contract_item", name: "items" },
    urgent: { paramCode: "165708798188000003", fieldType: "boolean", name: "urgent" },
  },
});

export = startContract;
