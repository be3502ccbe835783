/** CloudBase's wire: `POST /admin` for the real @cloudbase/node-sdk, and the addresses of stored files. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import type { LocalClock } from "../clock";
import { ConnectionFault, cut } from "../connection-fault";
import type { FaultSwitches } from "../faults";
import { isBrokenOff, readBody } from "../read-body";
import { CloudError } from "./cloud-error";
import { type Answer, DATABASE_ACTIONS, type DatabaseParts } from "./database";
import type { Documents } from "./documents";
import { type Credentials, checkSignature } from "./signature";
import { type Blobs, MAX_BLOB_BYTES } from "./storage";
import { faulty } from "./store-faults";
import { createTransactions } from "./transactions";

/** A call of a function: who it is, is known by the session token alone. */
export interface FunctionCaller {
  sessionToken: string;
  seqId: string;
}

export interface AdminParts {
  envId: string;
  credentials: Credentials;
  documents: Documents;
  blobs: Blobs;
  clock: LocalClock;
  faults: FaultSwitches;
  /** Text in, text out: what JSON numbers would lose is not touched here. @throws CloudError, ConnectionFault */
  invoke(functionName: string, requestData: string, caller: FunctionCaller): Promise<string>;
}

/** An event of a function may have 6 MB; as JSON text inside JSON it can be twice that. */
const MAX_BODY_BYTES = 13 * 1024 * 1024;

const commonSchema = z.looseObject({
  action: z.string().min(1).max(100),
  envName: z.string().default(""),
  tcb_sessionToken: z.string().default(""),
});
const invokeSchema = z.looseObject({ function_name: z.string().min(1).max(60), request_data: z.string().default("") });

export function createAdmin(parts: AdminParts): Hono {
  const app = new Hono();
  const database = { ...parts, transactions: createTransactions(parts.documents, parts.clock) };
  const tooLarge = (c: Context) =>
    c.json({ code: "EXCEED_REQUEST_SIZE_LIMIT", message: "the request is too large", requestId: randomUUID() });
  app.post("/admin", async (c) => {
    const requestId = randomUUID();
    const { incoming } = c.env as { incoming: IncomingMessage };
    try {
      const bytes = await readBody(incoming, MAX_BODY_BYTES);
      if (bytes === undefined) return tooLarge(c);
      const body = bodyOf(bytes.toString());
      checkSignature(
        { url: `http://${c.req.header("host")}${pathAndQuery(c)}`, headers: c.req.header(), body },
        parts.credentials,
      );
      return c.json({ requestId, ...(await act(parts, database, body, c.req.query("seqId") ?? "")) });
    } catch (error) {
      if (error instanceof ConnectionFault) return cut(incoming, error);
      const { code, message } =
        error instanceof CloudError ? error : new CloudError("SYS_ERR", "the local platform failed");
      if (!(error instanceof CloudError) && !isBrokenOff(incoming)) console.error("startflow: /admin failed", error);
      return c.json({ code, message, requestId });
    }
  });
  blobRoutes(app, parts.blobs);
  return app;
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch (error) {
    throw new CloudError("INVALID_PARAM", "[InvalidParameter] the body is not JSON", { cause: error });
  }
  throw new CloudError("INVALID_PARAM", "[InvalidParameter] the body is no object");
}

async function act(
  parts: AdminParts,
  database: DatabaseParts,
  body: Record<string, unknown>,
  seqId: string,
): Promise<Answer> {
  const common = commonSchema.safeParse(body);
  if (!common.success) throw new CloudError("INVALID_PARAM", "[InvalidParameter] action is missing");
  const { action, envName, tcb_sessionToken: sessionToken } = common.data;
  if (envName !== parts.envId)
    throw new CloudError("INVALID_ENV", `[InvalidEnv] there is no environment of this name; here it is ${parts.envId}`);
  const databaseAction = DATABASE_ACTIONS.get(action);
  if (databaseAction !== undefined) {
    const name = typeof body.collectionName === "string" ? body.collectionName : "";
    return faulty(parts.faults, name, () => durably(parts.documents, async () => databaseAction(database, body)));
  }
  switch (action) {
    case "functions.invokeFunction":
      return invoke(parts, body, { sessionToken, seqId });
    case "storage.getUploadMetadata":
      return parts.blobs.uploadMetadata(body);
    case "storage.batchGetDownloadUrl":
      return parts.blobs.downloadUrls(body);
    case "storage.batchDeleteFile":
      return parts.blobs.deleteFiles(body);
    default:
      throw new CloudError(
        "INVALID_ACTION",
        `[InvalidAction] the local platform has no action ${action.slice(0, 60)}; docs/parity.md lists those that it has`,
      );
  }
}

/** Also a refusal tells what is stored ("that _id is taken"): neither goes out before it is in the journal. */
async function durably<Result>(documents: Documents, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await documents.settled();
  }
}

async function invoke(parts: AdminParts, body: unknown, caller: FunctionCaller): Promise<Answer> {
  const call = invokeSchema.safeParse(body);
  if (!call.success) throw new CloudError("INVALID_PARAM", "[InvalidParameter] function_name is missing");
  const text = await parts.invoke(call.data.function_name, call.data.request_data, caller);
  return { data: { response_data: text } };
}

function blobRoutes(app: Hono, blobs: Blobs): void {
  const pathOf = (c: Context) => decodeURIComponent(new URL(c.req.url).pathname.slice("/blobs/".length));
  const refuse = (c: Context, error: unknown) => {
    const { code, message } = error instanceof CloudError ? error : new CloudError("SYS_ERR", "InternalError");
    const id = randomUUID();
    const xml = `<?xml version='1.0' encoding='utf-8' ?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>${id}</RequestId><TraceId>${id}</TraceId></Error>`;
    return c.body(xml, code === "STORAGE_FILE_NONEXIST" ? 404 : 403, { "content-type": "application/xml" });
  };
  app.put(
    "/blobs/*",
    bodyLimit({
      maxSize: MAX_BLOB_BYTES,
      onError: (c) => refuse(c, new CloudError("EXCEED_REQUEST_SIZE_LIMIT", "EntityTooLarge")),
    }),
    async (c) => {
      try {
        await blobs.upload(pathOf(c), c.req.header("authorization") ?? "", Buffer.from(await c.req.arrayBuffer()));
        return c.body("", 200);
      } catch (error) {
        return refuse(c, error);
      }
    },
  );
  app.get("/blobs/*", async (c) => {
    try {
      const bytes = await blobs.download(pathOf(c), c.req.query("sign") ?? "", Number(c.req.query("expires")));
      return c.body(new Uint8Array(bytes), 200, {
        "content-type": "application/octet-stream",
        "content-disposition": "attachment",
        // Said here for HEAD, by which the SDK asks for the size.
        "content-length": String(bytes.length),
      });
    } catch (error) {
      return refuse(c, error);
    }
  });
}

function pathAndQuery(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}
