/** WeDa's published sample, without the fetch that it never calls: no validation, no mapping. */
interface Context {
  callWorkflow(call: unknown): Promise<unknown>;
}

export = async (params: unknown, context: Context) => {
  console.log(params);
  return context.callWorkflow({
    action: "StartProcessWithParams",
    data: {
      TriggerType: 6,
      ConnectorParam: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_5b12595a75119" },
      ProcessKey: "flow_012",
      StartParams: [{ paramCode: "165708798187xxxxxx", fieldType: "string", entityCode: "", value: "test data" }],
      ExtraUserInfo: { UserId: 1_000_000_000_000_000_000, Source: 4 },
    },
  });
};
