/** The console's own API, `/_local/…`: for the page, for scripts and for tests. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type * as z from "zod";
import type { LocalClock } from "../clock";
import type { Blobs } from "../cloudbase/storage";
import { type FaultSwitches, faultsSchema } from "../faults";
import type { Feishu } from "../feishu/feishu";
import type { Functions } from "../functions/functions";
import { contentType } from "../guard";
import type { InstanceConsole } from "../instances/store";
import type { RequestLog } from "../requests";
import type { Apis } from "../sync-api/apis";
import type { Weda } from "../weda/weda";
import { apiError } from "./api-error";
import { testMethod } from "./test-method";
import {
  apiChangeSchema,
  apiRunSchema,
  clockSchema,
  feishuChangeSchema,
  publishSchema,
  taskActionSchema,
  testRequestSchema,
} from "./wire";

export interface ConsoleParts {
  apis: Apis;
  functions: Functions;
  weda: Pick<Weda, "processes" | "publish">;
  instances: InstanceConsole;
  feishu: Pick<Feishu, "settings" | "revokeTokens">;
  requests: RequestLog;
  faults: FaultSwitches;
  clock: LocalClock;
  blobs: Blobs;
  reset: () => Promise<void>;
}

/** As much as a synchronous event of a function takes. https://cloud.tencent.com/document/product/583/11637 */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

export function createConsoleApi(parts: ConsoleParts): Hono {
  const api = new Hono();
  api.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => apiError(c, 413, "BODY_TOO_LARGE") }));
  api.use(contentType((path) => (path === "/_local/files" ? "application/octet-stream" : "application/json")));
  methodRoutes(api, parts);
  instanceRoutes(api, parts);
  feishuRoutes(api, parts);
  apiRoutes(api, parts);
  switchRoutes(api, parts);
  api.notFound((c) => apiError(c, 404, "NOT_FOUND"));
  return api;
}

function methodRoutes(api: Hono, { functions, requests, blobs }: ConsoleParts): void {
  api.get("/methods", (c) => c.json(functions.methods()));
  api.post("/methods/:name/test", async (c) => {
    const row = functions.methods().find(({ name }) => name === c.req.param("name"));
    if (row === undefined) return apiError(c, 404, "METHOD_NOT_FOUND");
    const text = await c.req.text();
    return withBody(c, text, testRequestSchema, async (request) => {
      if (!row.entries.includes(request.entry)) return apiError(c, 404, "ENTRY_NOT_FOUND");
      return c.json(await testMethod({ functions, requests }, row.name, text, request));
    });
  });
  api.get("/requests", (c) => c.json(requests.list()));
  api.post("/files", async (c) => {
    const name = c.req.query("name") ?? "file";
    return c.json({ fileID: await blobs.put(name, Buffer.from(await c.req.arrayBuffer())) });
  });
}

function instanceRoutes(api: Hono, { weda, instances }: ConsoleParts): void {
  api.get("/processes", async (c) => c.json(await weda.processes()));
  api.post("/publish", async (c) =>
    withBody(c, await c.req.text(), publishSchema, async ({ processKey }) => c.json(await weda.publish(processKey))),
  );
  api.get("/instances", async (c) => {
    const limit = Number(c.req.query("limit") ?? Number.POSITIVE_INFINITY);
    return c.json(await instances.list(limit > 0 ? limit : undefined));
  });
  api.get("/instances/:id", async (c) => c.json(await instances.get(c.req.param("id"))));
  api.get("/instances/:id/diagram", async (c) => c.json(await instances.diagram(c.req.param("id"))));
  api.post("/instances/:id/tasks/:taskId", async (c) =>
    withBody(c, await c.req.text(), taskActionSchema, async (action) =>
      c.json(await instances.completeTask(c.req.param("id"), c.req.param("taskId"), action)),
    ),
  );
  api.post("/instances/:id/fast-forward", async (c) => c.json(await instances.fastForward(c.req.param("id"))));
}

/** The routes of the sync API: what they are, how they are switched, and one run with its debug data. */
function apiRoutes(api: Hono, { apis }: ConsoleParts): void {
  const nameOf = (c: Context) => ["space", "module", "function"].map((part) => c.req.param(part)).join("/");
  api.get("/apis", (c) => c.json(apis.list()));
  api.patch("/apis/:space/:module/:function", async (c) => {
    if (!apis.has(nameOf(c))) return apiError(c, 404, "API_NOT_FOUND");
    return withBody(c, await c.req.text(), apiChangeSchema, async (change) =>
      c.json(await apis.change(nameOf(c), change)),
    );
  });
  api.post("/apis/:space/:module/:function/run", async (c) => {
    if (!apis.has(nameOf(c))) return apiError(c, 404, "API_NOT_FOUND");
    return withBody(c, await c.req.text(), apiRunSchema, async (run) => c.json(await apis.run(nameOf(c), run)));
  });
}

function feishuRoutes(api: Hono, { feishu }: ConsoleParts): void {
  api.get("/feishu", (c) => c.json(feishu.settings.get()));
  api.put("/feishu", async (c) =>
    withBody(c, await c.req.text(), feishuChangeSchema, async (change) => c.json(feishu.settings.set(change))),
  );
  api.post("/feishu/revoke-tokens", (c) => {
    feishu.revokeTokens();
    return c.json({ ok: true });
  });
}

function switchRoutes(api: Hono, { faults, clock, reset }: ConsoleParts): void {
  api.get("/faults", (c) => c.json(faults.get()));
  api.put("/faults", async (c) =>
    withBody(c, await c.req.text(), faultsSchema, async (switches) => {
      faults.set(switches);
      return c.json(faults.get());
    }),
  );
  api.get("/clock", (c) => c.json(clock.get()));
  api.put("/clock", async (c) =>
    withBody(c, await c.req.text(), clockSchema, async (change) => c.json(clock.set(change))),
  );
  api.post("/reset", async (c) => {
    await reset();
    return c.json({ ok: true });
  });
}

async function withBody<S extends z.ZodType>(
  c: Context,
  text: string,
  schema: S,
  use: (body: z.output<S>) => Promise<Response>,
): Promise<Response> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return apiError(c, 400, "BODY_NOT_JSON");
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return use(parsed.data);
  const members = parsed.error.issues.slice(0, 5).map(({ path }) => path.map(String).join(".") || "body");
  return apiError(c, 400, "BODY_INVALID", [...new Set(members)].join(", ").slice(0, 200));
}
