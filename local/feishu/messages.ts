/** Sends a message to nobody: checked as the real one, and answered. https://open.feishu.cn/document/server-docs/im-v1/message/create */
import { randomBytes } from "node:crypto";
import * as z from "zod";
import { type ApiCall, type ApiParts, apiParsed, gatewayParsed, queryObject, success } from "./api";
import { FeishuError } from "./feishu-error";

const querySchema = z.looseObject({ receive_id_type: z.enum(["open_id", "user_id", "union_id", "email", "chat_id"]) });
const messageSchema = z.looseObject({
  receive_id: z.string().min(1),
  msg_type: z.string().min(1),
  content: z.string().min(1),
});

export async function sendMessage({ query, body }: ApiCall, { clock, settings }: ApiParts): Promise<unknown> {
  gatewayParsed(querySchema, queryObject(query));
  const { msg_type, content } = apiParsed("messageParam", messageSchema, body);
  if (!isJson(content)) throw new FeishuError("messageParam", { detail: "content is not a string in json format" });
  const now = String(clock.now());
  return success({
    message_id: `om_${randomBytes(16).toString("hex")}`,
    chat_id: `oc_${randomBytes(16).toString("hex")}`,
    msg_type,
    create_time: now,
    update_time: now,
    deleted: false,
    updated: false,
    sender: { id: settings.get().appId, id_type: "app_id", sender_type: "app" },
    body: { content },
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
