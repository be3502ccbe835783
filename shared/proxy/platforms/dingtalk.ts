/** DingTalk (钉钉): tells people something by a work notice. */
import * as z from "zod";
import { definePlatform } from "../types";

export const dingtalk = definePlatform({
  platform_key: "dingtalk",
  title: { zh: "钉钉", en: "DingTalk" },
  // https://open.dingtalk.com/document/orgapp/obtain-orgapp-token
  auth: {
    kind: "twoStep",
    method: "GET",
    tokenPath: "/gettoken",
    params: { appkey: "appkey", appsecret: "appsecret" },
    token: "access_token",
    expiresIn: "expires_in",
    place: { in: "query", name: "access_token" },
    // https://open.dingtalk.com/document/orgapp/server-api-error-codes-1 : 88 is any refusal of a token or a permission.
    expiredCodes: [40014, 42001, 88],
  },
  success: { code: "errcode", is: [0], message: "errmsg" },
  instances: [
    {
      instance_key: "main",
      isDefault: true,
      baseUrl: "https://oapi.dingtalk.com",
      baseUrlVariable: "STARTFLOW_DINGTALK_URL",
      allowPrivateVariable: "STARTFLOW_DINGTALK_ALLOW_PRIVATE",
      secrets: { appkey: "STARTFLOW_DINGTALK_APPKEY", appsecret: "STARTFLOW_DINGTALK_APPSECRET" },
      variables: { agentId: "STARTFLOW_DINGTALK_AGENT_ID" },
    },
  ],
  interfaces: {
    // https://open.dingtalk.com/document/orgapp/asynchronous-sending-of-enterprise-session-messages : up to 100 users
    // with commas between them; the answer says that the notice was taken, not that it was read.
    send_work_notice: {
      title: { zh: "发送工作通知", en: "Send a work notice" },
      method: "POST",
      path: "/topapi/message/corpconversation/asyncsend_v2",
      args: [
        { name: "userId", in: "body", as: "userid_list", schema: z.string().min(1).max(6_400) },
        { name: "text", in: "body", as: "msg.text.content", schema: z.string().min(1).max(2_048) },
      ],
      body: { agent_id: "{agentId:number}", msg: { msgtype: "text" } },
    },
  },
});
