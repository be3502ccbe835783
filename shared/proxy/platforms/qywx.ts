/** WeCom (企业微信): tells people something, and looks them up. */
import * as z from "zod";
import { definePlatform } from "../types";

export const qywx = definePlatform({
  platform_key: "qywx",
  title: { zh: "企业微信", en: "WeCom" },
  // https://developer.work.weixin.qq.com/document/path/91039 : 7200 s, to be kept; the secret is that of one app.
  auth: {
    kind: "twoStep",
    method: "GET",
    tokenPath: "/cgi-bin/gettoken",
    params: { corpid: "corpid", corpsecret: "corpsecret" },
    token: "access_token",
    expiresIn: "expires_in",
    place: { in: "query", name: "access_token" },
    // https://developer.work.weixin.qq.com/document/path/90455 : a token may end before its time. That 42001 is said of one
    // that is over is an assumption: it is what the same company's other platform says.
    expiredCodes: [40014, 42001],
  },
  // Failures come with HTTP 200 too, and are told by `errcode`, never by `errmsg`. Same page.
  success: { code: "errcode", is: [0], message: "errmsg" },
  instances: [
    {
      instance_key: "main",
      isDefault: true,
      baseUrl: "https://qyapi.weixin.qq.com",
      baseUrlVariable: "STARTFLOW_QYWX_URL",
      allowPrivateVariable: "STARTFLOW_QYWX_ALLOW_PRIVATE",
      secrets: { corpid: "STARTFLOW_QYWX_CORPID", corpsecret: "STARTFLOW_QYWX_CORPSECRET" },
      variables: { agentid: "STARTFLOW_QYWX_AGENTID" },
    },
  ],
  interfaces: {
    // https://developer.work.weixin.qq.com/document/path/90236 : up to 1000 users with `|` between them, 2048 bytes of text.
    send_text_message: {
      title: { zh: "发送文本消息", en: "Send a text message" },
      method: "POST",
      path: "/cgi-bin/message/send",
      args: [
        { name: "userId", in: "body", as: "touser", schema: z.string().min(1).max(64_000) },
        { name: "text", in: "body", as: "text.content", schema: z.string().min(1).max(2_048) },
      ],
      body: { msgtype: "text", agentid: "{agentid:number}" },
      // Less than the time of notify-approved, so that it can say what happened.
      timeoutMs: 8_000,
    },
    // https://developer.work.weixin.qq.com/document/path/90196
    get_user: {
      title: { zh: "读取成员", en: "Read a member" },
      method: "GET",
      path: "/cgi-bin/user/get",
      args: [{ name: "userId", in: "query", as: "userid", schema: z.string().min(1).max(64) }],
    },
  },
});
