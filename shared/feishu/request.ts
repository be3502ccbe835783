/** One request to Feishu's open platform, with the app's token; a refused token is replaced once. */

import { type Deadline, deadlineIn } from "../base/deadline";
import { StartflowError } from "../base/errors";
import { log } from "../base/log";
import { exchange, type HttpAnswer } from "../http/request";
import { logIdOf, readAnswer } from "./answer";
import type { FeishuApp } from "./app";
import { addressOf, type FeishuAnswer, type FeishuCall, jsonText } from "./call";
import { TOKEN_REFUSED } from "./codes";
import { noAnswer, refusalFailure, unreadable } from "./failure";
import { dropToken, type IssuedToken, tenantToken } from "./token";
import { tokenAnswerSchema } from "./wire";

const TOKEN_TIMEOUT_MS = 5_000;
/** With less time left a second try could not be answered. */
const MIN_SECOND_TRY_MS = 500;

/** @throws StartflowError where there is no answer that can be read; a refusal is returned */
export async function ask<Data>(app: FeishuApp, call: FeishuCall<Data>): Promise<FeishuAnswer<Data>> {
  const deadline = deadlineIn(call.timeoutMs);
  const token = await tenantToken(app, deadline, fetchToken);
  const first = await attempt(app, call, token, deadline);
  if (!("refusal" in first) || first.refusal.code !== TOKEN_REFUSED) return first;
  // The token is looked at before anything else, so the call has done nothing.
  // https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code
  dropToken(app, token);
  log("info", "Feishu refused the token, so a new one is fetched", { logId: first.refusal.logId });
  if (deadline.remainingMs() < MIN_SECOND_TRY_MS) return first;
  return await attempt(app, call, await tenantToken(app, deadline, fetchToken), deadline);
}

/** @param typed what a user typed of it: never repeated in an error. @throws StartflowError for a refusal too */
export async function request<Data>(app: FeishuApp, call: FeishuCall<Data>, typed?: unknown): Promise<Data> {
  const answer = await ask(app, call);
  if ("refusal" in answer) throw refusalFailure(answer.refusal, call.starts, typed);
  return answer.data;
}

/** Fetches the token where there is none: before the claim, because its failures are known to have started nothing. */
export async function haveToken(app: FeishuApp, deadline: Deadline): Promise<void> {
  await tenantToken(app, deadline, fetchToken);
}

async function fetchToken(app: FeishuApp, deadline: Deadline): Promise<IssuedToken> {
  const { appId: app_id, appSecret: app_secret } = app;
  const timeoutMs = Math.min(TOKEN_TIMEOUT_MS, deadline.remainingMs());
  const call: FeishuCall<unknown> = {
    method: "POST",
    path: ["auth", "v3", "tenant_access_token", "internal"],
    body: jsonText(JSON.stringify({ app_id, app_secret })),
    schema: tokenAnswerSchema,
    timeoutMs,
    starts: false,
  };
  const answer = await send(app, call, undefined, timeoutMs);
  const read = readAnswer(call, answer, [app.appSecret]);
  if ("refusal" in read) throw refusalFailure(read.refusal, false, undefined);
  // The members of this one answer stand beside `code`, not under `data`.
  const parsed = tokenAnswerSchema.safeParse(read.envelope);
  if (!parsed.success) throw notAsPublished(call, answer);
  const { tenant_access_token: token, expire } = parsed.data;
  return { token, lifeMs: expire === undefined ? undefined : expire * 1_000 };
}

async function attempt<Data>(
  app: FeishuApp,
  call: FeishuCall<Data>,
  token: string,
  deadline: Deadline,
): Promise<FeishuAnswer<Data>> {
  // Waiting for the token can take it all: nothing has been sent then.
  if (deadline.remainingMs() <= 0) throw new StartflowError("TOO_LATE");
  const answer = await send(app, call, token, deadline.remainingMs());
  const read = readAnswer(call, answer, [app.appSecret, token]);
  if ("refusal" in read) return read;
  const parsed = call.schema.safeParse(read.envelope.data ?? {});
  if (!parsed.success) throw notAsPublished(call, answer);
  return { data: parsed.data, logId: logIdOf(answer) };
}

async function send(app: FeishuApp, call: FeishuCall<unknown>, token: string | undefined, timeoutMs: number) {
  const { method, body } = call;
  const headers: Record<string, string> = { accept: "application/json", "user-agent": "startflow" };
  if (body !== undefined) headers["content-type"] = body.type;
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const url = addressOf(app.domain, call);
  try {
    return await exchange({ method, url, headers, body: body?.content, timeoutMs });
  } catch (error) {
    throw noAnswer(call, error);
  }
}

function notAsPublished(call: FeishuCall<unknown>, answer: HttpAnswer): StartflowError {
  return unreadable(call, { status: answer.status, logId: logIdOf(answer), length: answer.length });
}
