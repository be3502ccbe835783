/** Starts the leave approval when the leave form is submitted. */
import * as z from "zod";
import { wedaProcess } from "../../shared/engines/weda";
import { date, label, number } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";

const form = z.strictObject({
  reason: z.string().trim().min(1).max(500).meta(label("事由", "Reason")),
  days: number({ fromText: true }).positive().max(60).meta(label("天数", "Days")),
  startsOn: date({ zone: "Asia/Shanghai" }).meta(label("开始日期", "First day")),
});

const startLeave = defineMethod({
  title: { zh: "发起请假审批", en: "Start leave approval" },
  input: form,
  sample: { reason: "探亲", days: 3, startsOn: "2026-12-01" },
  start: wedaProcess({
    connector: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_5b12595a75119" },
    processKey: "flow_012",
  }),
  fields: {
    reason: { paramCode: "165708798187000001", fieldType: "string" },
    days: { paramCode: "165708798187000002", fieldType: "number" },
    startsOn: { paramCode: "165708798187000003", fieldType: "string" },
  },
});

export = startLeave;
