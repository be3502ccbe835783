/** Executes a Feishu aPaaS flow when the form is submitted: here one that deletes a record. */
import * as z from "zod";
import { apaasFlow } from "../../shared/engines/apaas";
import { label } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";

const form = z.strictObject({
  record: z
    .string()
    .regex(/^[1-9]\d{0,18}$/)
    .meta(label("记录编号（_id）", "Record id (_id)")),
});

const startApaasFlow = defineMethod({
  title: { zh: "执行飞书低代码平台流程", en: "Execute a Feishu aPaaS flow" },
  input: form,
  sample: { record: "5454545" },
  start: apaasFlow({
    namespace: "package_7344545d87__c",
    flowId: "deleteObject_99c656599f",
    isAsync: true,
  }),
  fields: {
    record: { variable: "variable_rgrtgqworiginal", kind: "record" },
  },
});

export = startApaasFlow;
