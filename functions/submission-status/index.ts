/** Answers what became of a submission, to the one who submitted it and to operators. */
import * as z from "zod";
import { SUBMISSION_ID } from "../../shared/engines/submission";
import { label } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";
import { isOperatorKey, statusOf } from "../../shared/once/status";
import { createLedgerStore } from "../../shared/once/store";
import { databaseOf } from "../../shared/platform/database";
import { enginesOf } from "../targets";

const input = z.strictObject({
  submissionId: z.string().regex(SUBMISSION_ID).meta(label("提交编号", "Submission id")),
  operatorKey: z.string().max(200).optional().meta(label("运维密钥", "Operator key")),
});

const submissionStatus = defineMethod({
  title: { zh: "查询一份提交的结果", en: "What became of a submission" },
  input,
  sample: { submissionId: "5f3b1c2e-8d54-4a43-9d53-1a5b9f0c7e21" },
  secrets: ["STARTFLOW_OPERATOR_KEY"],
  run({ submissionId, operatorKey }, { context, environment, userId }) {
    const question = { submissionId, environment, userId, isOperator: isOperatorKey(operatorKey) };
    return statusOf(createLedgerStore(databaseOf(context)), question, enginesOf(context));
  },
});

export = submissionStatus;
