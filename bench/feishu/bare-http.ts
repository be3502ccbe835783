/** The limit: the same two requests on node:http, with nothing around them. */
import { request } from "node:http";

interface Params {
  record: string;
}
type Answer = Record<string, string> & { data?: unknown };

const domain = process.env.STARTFLOW_FEISHU_DOMAIN ?? "";

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((settle, reject) => {
    const options = { method: "POST", headers: { "content-type": "application/json", ...headers } };
    const sent = request(domain + path, options, async (response) => {
      let text = "";
      for await (const piece of response) text += String(piece);
      settle(JSON.parse(text) as Answer);
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

export = async ({ record }: Params) => {
  const { STARTFLOW_FEISHU_APP_ID: app_id, STARTFLOW_FEISHU_APP_SECRET: app_secret } = process.env;
  const token = await post("/open-apis/auth/v3/tenant_access_token/internal", { app_id, app_secret });
  return post(
    "/open-apis/apaas/v1/applications/package_7344545d87__c/flows/deleteObject_99c656599f/execute",
    {
      operator: '{"_id": 1111, "email": "apaas@bytedance.com"}',
      params: `{"variable_rgrtgqworiginal": {"_id": ${record}}}`,
      is_async: true,
    },
    { authorization: `Bearer ${token.tenant_access_token}` },
  );
};
