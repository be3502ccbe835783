/**
 * The WeCom stand-in: token, text message, member. Failures come with HTTP 200, as they really do.
 * Codes: https://developer.work.weixin.qq.com/document/path/90313
 */
import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { FaultKind } from "../faults";
import { LOCAL_QYWX } from "../functions/environment";
import { createExpiringTokens, type ExpiringTokens, isSame, refusalKind } from "./expiring-tokens";
import { type OpenStandIn, ok, Refusal, type StandInCall } from "./stand-in";

const ERRORS = {
  busy: [-1, "system error"],
  secretWrong: [40001, "invalid credential"],
  messageType: [40008, "invalid message type"],
  corpidWrong: [40013, "invalid corpid"],
  tokenUnknown: [40014, "invalid access_token"],
  agentWrong: [40056, "invalid agentid"],
  tokenMissing: [41001, "access_token missing"],
  tokenExpired: [42001, "access_token expired"],
  textEmpty: [44004, "empty content"],
  quota: [45009, "reach max api daily quota limit"],
  notJson: [47001, "data format error"],
  forbidden: [48002, "api forbidden for no authority"],
  noPrivilege: [60011, "no privilege to access/modify contact/party/agent"],
  userUnknown: [60111, "userid not found"],
  allUnknown: [81013, "user & party & tag all invalid"],
  nobody: [82001, "all touser & toparty & totag empty"],
} as const satisfies Record<string, readonly [errcode: number, errmsg: string]>;

/** https://developer.work.weixin.qq.com/document/path/91039 */
const TOKEN_LIFE_S = 7_200;
/** Assumption of this stand-in: every user id is a member's but this one. */
const UNKNOWN_USER = "nobody";

const messageSchema = z.looseObject({
  touser: z.string().default(""),
  msgtype: z.string(),
  agentid: z.unknown(),
  text: z.looseObject({ content: z.string().default("") }).default({ content: "" }),
});

export const openQywx: OpenStandIn = (clock) => {
  const tokens = createExpiringTokens(clock, TOKEN_LIFE_S);
  return {
    routes: {
      "GET /cgi-bin/gettoken": ({ query }) => ok(tokenAnswer(query, tokens)),
      "POST /cgi-bin/message/send": (call) => ok(sendMessage(call, tokens)),
      "GET /cgi-bin/user/get": (call) => ok(userAnswer(call, tokens)),
    },
    notFound: { status: 404, body: "" },
    refusal(fault, { query }) {
      const kind = refusalKind(fault, query.get("access_token"), tokens, FAULTS);
      return kind && refused(kind);
    },
    reset: () => undefined,
  };
};

const FAULTS: Partial<Record<FaultKind, keyof typeof ERRORS>> = {
  reject: "noPrivilege",
  "rate-limit": "quota",
  "token-revoked": "tokenUnknown",
  "no-scope": "forbidden",
  "error-before": "busy",
  "error-after": "busy",
};

/** With the hint that the real ones have behind their words. */
function refused(kind: keyof typeof ERRORS): Refusal {
  const [errcode, words] = ERRORS[kind];
  const hint = `hint: [${randomBytes(12).toString("hex")}], from ip: 127.0.0.1`;
  const more = `more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
  return new Refusal(ok({ errcode, errmsg: `${words}, ${hint}, ${more}` }));
}

function tokenAnswer(query: URLSearchParams, tokens: ExpiringTokens) {
  if (query.get("corpid") !== LOCAL_QYWX.corpid) throw refused("corpidWrong");
  if (!isSame(query.get("corpsecret"), LOCAL_QYWX.corpsecret)) throw refused("secretWrong");
  const { token, expiresInS } = tokens.issue();
  return { errcode: 0, errmsg: "ok", access_token: token, expires_in: expiresInS };
}

function checkToken({ query }: StandInCall, tokens: ExpiringTokens): void {
  const token = query.get("access_token") ?? "";
  if (token === "") throw refused("tokenMissing");
  const state = tokens.stateOf(token);
  if (state !== "good") throw refused(state === "expired" ? "tokenExpired" : "tokenUnknown");
}

/** https://developer.work.weixin.qq.com/document/path/90236 : fails only where nobody is left to send to. */
function sendMessage(call: StandInCall, tokens: ExpiringTokens) {
  checkToken(call, tokens);
  const parsed = messageSchema.safeParse(call.body);
  if (!parsed.success) throw refused("notJson");
  const { touser, msgtype, agentid, text } = parsed.data;
  if (msgtype !== "text") throw refused("messageType");
  if (agentid !== Number(LOCAL_QYWX.agentid)) throw refused("agentWrong");
  if (text.content === "") throw refused("textEmpty");
  const users = touser.split("|").filter((user) => user !== "");
  if (users.length === 0) throw refused("nobody");
  const unknown = users.filter((user) => user.toLowerCase() === UNKNOWN_USER);
  if (unknown.length === users.length) throw refused("allUnknown");
  return {
    errcode: 0,
    errmsg: "ok",
    invaliduser: unknown.join("|").toLowerCase(),
    msgid: randomBytes(24).toString("base64url"),
  };
}

/** https://developer.work.weixin.qq.com/document/path/90196 */
function userAnswer(call: StandInCall, tokens: ExpiringTokens) {
  checkToken(call, tokens);
  const userid = call.query.get("userid") ?? "";
  if (userid === "" || userid.toLowerCase() === UNKNOWN_USER) throw refused("userUnknown");
  return { errcode: 0, errmsg: "ok", userid, name: `成员 ${userid}`, department: [1], status: 1 };
}
