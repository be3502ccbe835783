/** Feishu (飞书): tells people something. */
import * as z from "zod";
import { definePlatform } from "../types";

export const feishu = definePlatform({
  platform_key: "feishu",
  title: { zh: "飞书", en: "Feishu" },
  // https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
  auth: {
    kind: "twoStep",
    method: "POST",
    tokenPath: "/open-apis/auth/v3/tenant_access_token/internal",
    params: { app_id: "appId", app_secret: "appSecret" },
    token: "tenant_access_token",
    expiresIn: "expire",
    place: { in: "header", name: "authorization", prefix: "Bearer " },
    // https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code
    expiredCodes: [99991663],
  },
  success: { code: "code", is: [0], message: "msg" },
  instances: [
    {
      instance_key: "main",
      isDefault: true,
      baseUrl: "https://open.feishu.cn",
      baseUrlVariable: "STARTFLOW_FEISHU_URL",
      allowPrivateVariable: "STARTFLOW_FEISHU_ALLOW_PRIVATE",
      secrets: { appId: "STARTFLOW_FEISHU_APP_ID", appSecret: "STARTFLOW_FEISHU_APP_SECRET" },
    },
  ],
  interfaces: {
    // https://open.feishu.cn/document/server-docs/im-v1/message/create : `content` is JSON in a text, at most 150 KB of it.
    send_message: {
      title: { zh: "发送消息", en: "Send a message" },
      method: "POST",
      path: "/open-apis/im/v1/messages",
      args: [
        { name: "openId", in: "body", as: "receive_id", schema: z.string().min(1).max(128) },
        { name: "content", in: "body", schema: z.string().min(1).max(150_000) },
        { name: "type", in: "body", as: "msg_type", schema: z.string().min(1).max(32), default: "text" },
      ],
      query: { receive_id_type: "open_id" },
    },
    send_text_message: {
      title: { zh: "发送文本消息", en: "Send a text message" },
      method: "POST",
      path: "/open-apis/im/v1/messages",
      args: [
        { name: "openId", in: "body", as: "receive_id", schema: z.string().min(1).max(128) },
        { name: "text", in: "body", as: "content", schema: z.string().min(1).max(30_000).transform(textContent) },
      ],
      query: { receive_id_type: "open_id" },
      body: { msg_type: "text" },
    },
  },
});

/** https://open.feishu.cn/document/server-docs/im-v1/message-content-description/create_json */
function textContent(text: string): string {
  return JSON.stringify({ text });
}
