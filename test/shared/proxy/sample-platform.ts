/** A platform on loopback for the tests of the client: a catalogue with every place and kind of body, and what arrived. */
import * as z from "zod";
import { createProxy } from "../../../shared/proxy/client";
import { definePlatform } from "../../../shared/proxy/types";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../helpers/scripted-server";

const env = { baseUrlVariable: "SAMPLE_URL", allowPrivateVariable: "SAMPLE_ALLOW_PRIVATE" };

export const sample = definePlatform({
  platform_key: "sample",
  title: { zh: "示例", en: "Sample" },
  auth: { kind: "apiKey", key: "key", place: { in: "header", name: "X-Api-Key" } },
  headers: { "X-Tenant": "{tenant}" },
  retry: { tries: 1 },
  instances: [
    {
      instance_key: "main",
      isDefault: true,
      ...env,
      secrets: { key: "SAMPLE_KEY" },
      variables: { tenant: "SAMPLE_TENANT", agent: "SAMPLE_AGENT" },
    },
    {
      instance_key: "second",
      baseUrlVariable: "SAMPLE_SECOND_URL",
      allowPrivateVariable: "SAMPLE_ALLOW_PRIVATE",
      secrets: { key: "SAMPLE_KEY" },
      variables: { tenant: "SAMPLE_TENANT", agent: "SAMPLE_AGENT" },
    },
  ],
  interfaces: {
    get_item: {
      method: "GET",
      path: "/items/{id}",
      args: [
        { name: "id", in: "path", schema: z.string() },
        { name: "fields", in: "query", schema: z.string().optional() },
        { name: "trace", in: "header", as: "X-Trace", schema: z.string().optional() },
      ],
      query: { v: 1 },
    },
    list_items: {
      method: "GET",
      path: "/t/{tenant}/items",
      args: [
        { name: "page", in: "query", schema: z.number().int().min(1), default: 1 },
        { name: "tags", in: "query", as: "tag", schema: z.array(z.string()).optional() },
      ],
    },
    send_text: {
      method: "POST",
      path: "/send",
      args: [
        { name: "to", in: "body", as: "touser", schema: z.string().min(1) },
        { name: "text", in: "body", as: "text.content", schema: z.string().max(10) },
        { name: "safe", in: "body", schema: z.boolean().optional() },
      ],
      body: { msgtype: "text", agentid: "{agent:number}", text: { tenant: "{tenant}" } },
    },
    put_any: { method: "PUT", path: "/any", args: [{ name: "data", in: "body", as: "", schema: z.unknown() }] },
    post_form: {
      method: "POST",
      path: "/form",
      contentType: "form",
      args: [{ name: "name", in: "body", schema: z.string().optional() }],
    },
    post_parts: { method: "POST", path: "/parts", contentType: "multipart" },
    post_text: { method: "POST", path: "/text", contentType: "text" },
    pick_data: { method: "GET", path: "/pick", response: { pick: "data.items.0" } },
    two_parts: {
      method: "GET",
      path: "/two/{a}{b}/end",
      args: [
        { name: "a", in: "path", schema: z.unknown() },
        { name: "b", in: "path", schema: z.unknown() },
      ],
    },
    查询: { method: "GET", path: "/查询/{编号}", args: [{ name: "编号", in: "path", schema: z.string() }] },
  },
});

export const ENVIRONMENT: Record<string, string> = {
  SAMPLE_ALLOW_PRIVATE: "true",
  SAMPLE_KEY: "key-of-the-sample",
  SAMPLE_TENANT: "acme",
  SAMPLE_AGENT: "1000002",
};

export const $proxy = createProxy([sample]);

/** Answers 200 with `{ok: true}`, and sets the environment of the catalogue. */
export async function openSample(): Promise<ScriptedServer> {
  const server = await openScriptedServer();
  server.answer = (_, response) => answerJson(response, 200, { ok: true });
  Object.assign(process.env, ENVIRONMENT, {
    SAMPLE_URL: `${server.url}/base`,
    SAMPLE_SECOND_URL: `${server.url}/second`,
  });
  return server;
}
