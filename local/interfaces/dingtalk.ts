/**
 * The DingTalk stand-in: token and work notice. Failures come with HTTP 200; those of a token are 88 with a code below.
 * https://open.dingtalk.com/document/orgapp/server-api-error-codes-1
 */
import { randomBytes, randomInt } from "node:crypto";
import * as z from "zod";
import type { FaultKind } from "../faults";
import { LOCAL_DINGTALK } from "../functions/environment";
import { createExpiringTokens, isSame, refusalKind } from "./expiring-tokens";
import { type OpenStandIn, ok, Refusal } from "./stand-in";

const ERRORS = {
  busy: [-1, "系统繁忙"],
  appWrong: [40089, "不合法的corpid或corpsecret"],
  paramWrong: [40035, "不合法的参数"],
  tooOften: [143103, "企业单应用消息发送人次QPM超限"],
} as const;
const SUB_ERRORS = {
  tokenUnknown: ["40014", "不合法的access_token"],
  tokenExpired: ["42001", "access_token已过期"],
  noScope: ["60011", "没有调用该接口的权限"],
} as const;

/** https://open.dingtalk.com/document/orgapp/obtain-orgapp-token */
const TOKEN_LIFE_S = 7_200;

const noticeSchema = z.looseObject({
  agent_id: z.literal(Number(LOCAL_DINGTALK.agentId)),
  userid_list: z.string().min(1),
  msg: z.looseObject({ msgtype: z.literal("text"), text: z.looseObject({ content: z.string().min(1) }) }),
});

export const openDingtalk: OpenStandIn = (clock) => {
  const tokens = createExpiringTokens(clock, TOKEN_LIFE_S);
  return {
    routes: {
      "GET /gettoken"({ query }) {
        const isKnown = query.get("appkey") === LOCAL_DINGTALK.appkey;
        if (!isKnown || !isSame(query.get("appsecret"), LOCAL_DINGTALK.appsecret)) throw refused("appWrong");
        const { token, expiresInS } = tokens.issue();
        return ok({ errcode: 0, access_token: token, errmsg: "ok", expires_in: expiresInS });
      },
      "POST /topapi/message/corpconversation/asyncsend_v2"({ query, body }) {
        const state = tokens.stateOf(query.get("access_token") ?? "");
        if (state !== "good") throw refused(state === "expired" ? "tokenExpired" : "tokenUnknown");
        if (!noticeSchema.safeParse(body).success) throw refused("paramWrong");
        return ok({ errcode: 0, errmsg: "ok", task_id: randomInt(1e9, 1e12), request_id: requestId() });
      },
    },
    notFound: ok({ errcode: 404, errmsg: "请求的URI地址不存在" }),
    refusal(fault, { query }) {
      const kind = refusalKind(fault, query.get("access_token"), tokens, FAULTS);
      return kind && refused(kind);
    },
    reset: () => undefined,
  };
};

type ErrorKind = keyof typeof ERRORS | keyof typeof SUB_ERRORS;

const FAULTS: Partial<Record<FaultKind, ErrorKind>> = {
  reject: "paramWrong",
  "rate-limit": "tooOften",
  "token-revoked": "tokenUnknown",
  "no-scope": "noScope",
  "error-before": "busy",
  "error-after": "busy",
};

function refused(kind: ErrorKind): Refusal {
  if (kind in ERRORS) {
    const [errcode, errmsg] = ERRORS[kind as keyof typeof ERRORS];
    return new Refusal(ok({ errcode, errmsg, request_id: requestId() }));
  }
  const [code, words] = SUB_ERRORS[kind as keyof typeof SUB_ERRORS];
  const errmsg = `ding talk error[subcode=${code},submsg=${words}]`;
  return new Refusal(ok({ errcode: 88, sub_code: code, sub_msg: words, errmsg, request_id: requestId() }));
}

const requestId = () => randomBytes(6).toString("hex");
