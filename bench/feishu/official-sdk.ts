/** The official SDK doing the same call: its own token, one execution of the flow, no validation, no ledger. */
import { Client } from "@larksuiteoapi/node-sdk";

interface Params {
  record: string;
}

const client = new Client({
  appId: process.env.STARTFLOW_FEISHU_APP_ID ?? "",
  appSecret: process.env.STARTFLOW_FEISHU_APP_SECRET ?? "",
  domain: process.env.STARTFLOW_FEISHU_DOMAIN ?? "",
});

export = async ({ record }: Params) =>
  client.apaas.v1.applicationFlow.execute({
    path: { namespace: "package_7344545d87__c", flow_id: "deleteObject_99c656599f" },
    data: {
      operator: '{"_id": 1111, "email": "apaas@bytedance.com"}',
      params: `{"variable_rgrtgqworiginal": {"_id": ${record}}}`,
      is_async: true,
    },
  });
