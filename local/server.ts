/** The one HTTP server: CloudBase's wire, Feishu's open APIs, the other stand-ins, the console's API and its page. */
import { readFileSync, statSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { extname, join } from "node:path";
import { type Context, Hono } from "hono";
import { apiError } from "./console/api-error";
import { WorkflowError, type WorkflowErrorCode } from "./engine/workflow-error";
import { ownHostOnly, ownOriginOnly, securityHeaders } from "./guard";
import { isBrokenOff } from "./read-body";

export interface ServerParts {
  admin: Hono;
  api: Hono;
  /** What answers below `/open-apis/`. */
  openApis: (c: Context) => Promise<Response>;
  /** What answers below `/interfaces/`. */
  interfaces: (c: Context) => Promise<Response>;
  /** What answers below `/v1/`. */
  syncApi: (c: Context) => Promise<Response>;
  /** The built page. */
  pageDir: string;
}

const WORKFLOW_STATUS: Record<WorkflowErrorCode, 404 | 409> = {
  FLOW_INVALID: 409,
  PROCESS_NOT_FOUND: 404,
  INSTANCE_NOT_FOUND: 404,
  INSTANCE_ENDED: 409,
  TASK_NOT_FOUND: 404,
  TASK_NOT_OPEN: 409,
};

export function createServer({ admin, api, openApis, interfaces, syncApi, pageDir }: ServerParts): Hono {
  const app = new Hono();
  app.use(securityHeaders);
  app.use(ownHostOnly);
  // Which pages may call, each route says itself.
  app.all("/v1/*", syncApi);
  app.use(ownOriginOnly);
  // An SDK whose domain ends with a slash sends two.
  app.use((c, next) => (/^\/{1,2}open-apis\//.test(new URL(c.req.url).pathname) ? openApis(c) : next()));
  app.use((c, next) => (/^\/{1,2}interfaces\//.test(new URL(c.req.url).pathname) ? interfaces(c) : next()));
  app.route("/_local", api);
  app.route("/", admin);
  app.get("/*", (c) => {
    const file = pageFile(pageDir, c.req.path);
    if (file === undefined) return apiError(c, 404, "NOT_FOUND");
    const cache = file.isHashed ? "public, max-age=31536000, immutable" : "no-cache";
    return c.body(file.bytes, 200, { "content-type": file.type, "cache-control": cache });
  });
  app.notFound((c) => apiError(c, 404, "NOT_FOUND"));
  app.onError((error, c) => {
    if (error instanceof WorkflowError) {
      return c.json({ error: { code: error.code, message: error.text } }, WORKFLOW_STATUS[error.code]);
    }
    if (!isBrokenOff((c.env as { incoming?: IncomingMessage }).incoming)) console.error("startflow:", error);
    return apiError(c, 500, "INTERNAL");
  });
  return app;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
};

function pageFile(pageDir: string, path: string) {
  const name = path === "/" ? "index.html" : path.slice(1);
  const type = TYPES[extname(name)];
  // The page's own files have plain names: nothing that would have to be decoded is one of them.
  if (type === undefined || !/^[\w./-]+$/.test(name) || name.includes("..")) return undefined;
  const file = join(pageDir, name);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return { bytes: new Uint8Array(readFileSync(file)), type, isHashed: /-[A-Z0-9]{8}\./i.test(name) };
}
