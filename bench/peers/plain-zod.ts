/** The same three fields with zod alone: validated, mapped by hand, no texts, no log, no outcome. */
import * as z from "zod";

interface Context {
  callWorkflow(call: unknown): Promise<unknown>;
}

const form = z.strictObject({
  reason: z.string().trim().min(1).max(500),
  days: z.number().positive().max(60),
  startsOn: z.iso.date(),
});

export = async (params: unknown, context: Context) => {
  const { reason, days, startsOn } = form.parse(params);
  return context.callWorkflow({
    action: "StartProcessWithParams",
    data: {
      TriggerType: 6,
      ConnectorParam: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_5b12595a75119" },
      ProcessKey: "flow_012",
      StartParams: [
        { paramCode: "165708798187000001", fieldType: "string", entityCode: "", value: reason },
        { paramCode: "165708798187000002", fieldType: "number", entityCode: "", value: days },
        { paramCode: "165708798187000003", fieldType: "string", entityCode: "", value: startsOn },
      ],
    },
  });
};
