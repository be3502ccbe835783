/** The sync API as a function: over CloudBase's HTTP access, and as a plain call. */
import * as z from "zod";
import { deadlineIn } from "../base/deadline";
import { reported } from "../base/failure";
import { json, label } from "../form/fields";
import { defineMethod } from "../method";
import { contextFromSdk, currentEnvironment } from "../platform/context";
import { timeLimitMs } from "../platform/time-limits";
import { createSyncApi } from "./handler";
import { type Route, routeName } from "./routes/route";
import { API_METHODS } from "./routes/route-kinds";
import { UID } from "./runs/uid";
import { refusal } from "./wire/envelope";
import { failureReply } from "./wire/failure-reply";
import { type ApiRequest, integrationResponse, isHttpEvent, readEvent } from "./wire/request";

/** A plain call names the API, and is answered with the body alone. */
const plainCall = z.strictObject({
  api: z
    .string()
    .regex(/^[\w-]+(\/[\w-]+){1,3}$/)
    .optional()
    .meta(label("接口", "API")),
  method: z.enum(API_METHODS).optional().meta(label("请求方法", "Method")),
  data: json().optional().meta(label("请求内容", "Request body")),
  headers: json().optional().meta(label("请求头", "Headers")),
  run: z.string().regex(UID).optional().meta(label("要继续的运行", "Run to go on with")),
});

/** @throws Error at definition, where a route is wrong */
export function syncApiFunction(routes: readonly Route[]) {
  const api = createSyncApi(routes);
  const method = defineMethod({
    title: { zh: "同步 API", en: "Sync API" },
    input: plainCall,
    sample: { api: "botman/test/sync", method: "POST", data: { name: "botman.cc" }, headers: { token: "123456" } },
    secrets: secretsOf(routes),
    async run(input, { context, environment, deadline }) {
      const call = { context: () => context, environment, deadline };
      if (input.run !== undefined) {
        await api.proceed(input.run, call);
        return {};
      }
      const request = requestOf(input, routes);
      const reply =
        request === undefined ? refusal("invalidParams", { message: TEXTS_ONLY }) : await api.answer(request, call);
      return reply.body as object;
    },
  });
  const called = method.main;
  const main = async (event: unknown, scf?: unknown) => {
    if (!isHttpEvent(event)) return await called(event, scf);
    const request = readEvent(event);
    if (request === undefined) return integrationResponse(refusal("invalidParams"), undefined);
    const answer = async () => {
      const deadline = deadlineIn(timeLimitMs(scf));
      return await api.answer(request, { context: contextFromSdk, environment: currentEnvironment(), deadline });
    };
    const reply = await answer().catch((error: unknown) => failureReply(reported(error)));
    return integrationResponse(reply, request.requestId);
  };
  return Object.assign(method, { main });
}

/** Names only: such a function is not built for the custom-code route. */
function secretsOf(routes: readonly Route[]): string[] {
  const names = routes.flatMap(({ credentials, run }) => [...Object.values(credentials), ...run.target.secrets]);
  return [...new Set(names)].sort();
}

const TEXTS_ONLY = {
  zh: "headers 的值，以及 GET 的 data 的值，都应是文字或数字",
  en: "The values of headers, and of the data of a GET, take texts and numbers",
};
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({});

/** `undefined` where a header, or a member of a query, is no text. */
function requestOf(
  { api = "", method, data, headers }: z.output<typeof plainCall>,
  routes: readonly Route[],
): ApiRequest | undefined {
  const asked = method ?? routes.find((route) => routeName(route) === api)?.method ?? "POST";
  const [named, query] = [texts.safeParse(headers), texts.safeParse(asked === "GET" ? data : undefined)];
  if (!named.success || !query.success) return undefined;
  const lower = Object.fromEntries(Object.entries(named.data).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method: asked,
    path: `/v1/api/${api}`,
    headers: { ...lower, "content-type": "application/json" },
    query: query.data,
    body: asked === "GET" || data === undefined ? "" : JSON.stringify(data),
    isBase64: false,
  };
}
