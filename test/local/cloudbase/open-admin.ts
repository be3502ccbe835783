/** The document store and the storage behind their real wire, on a free port, and the real SDK pointed at them. */
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sign } from "@cloudbase/signature-nodejs";
import { serve } from "@hono/node-server";
import { afterEach } from "vitest";
import { createClock } from "../../../local/clock";
import { createAdmin } from "../../../local/cloudbase/admin";
import { openDocuments } from "../../../local/cloudbase/documents";
import { openBlobs } from "../../../local/cloudbase/storage";
import { createFaultSwitches } from "../../../local/faults";
import { tcb } from "../../helpers/sdk";

export const ENV_ID = "env-test";
export const CREDENTIALS = { secretId: "test-id", secretKey: "test-key" };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "startflow-cloudbase-"));
  cleanUps.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

export type Opened = Awaited<ReturnType<typeof open>>;

/** With the same `dir`, it is what a restart finds. */
export async function open({ dir: given, collections = ["things"] }: { dir?: string; collections?: string[] } = {}) {
  const dir = given ?? (await temporaryDir());
  const [clock, faults, documents] = [createClock(), createFaultSwitches(), await openDocuments({ dir })];
  let url = "";
  const blobs = openBlobs({ dir, envId: ENV_ID, clock, publicUrl: () => url });
  const invoke = async (name: string, data: string) => JSON.stringify({ name, data });
  const admin = createAdmin({ envId: ENV_ID, credentials: CREDENTIALS, documents, blobs, clock, faults, invoke });
  const server = serve({ fetch: admin.fetch, hostname: "127.0.0.1", port: 0 });
  if (!server.listening) await new Promise((listening) => server.once("listening", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await documents.close();
  };
  cleanUps.push(close);
  const app = tcb.init({ env: ENV_ID, serviceUrl: `${url}/admin`, ...CREDENTIALS, timeout: 5_000 });
  const db = app.database();
  for (const name of collections) if (!documents.hasCollection(name)) await db.createCollection(name);
  return { dir, url, app, db, _: db.command, clock, faults, documents, close, things: db.collection("things") };
}

export interface RawCall {
  /** Changes what is sent after it was signed. */
  tamper?: (body: string) => string;
  headers?: Record<string, string>;
  /** Seconds since 1970 that the signature says it was made at. */
  timestamp?: number;
  secretKey?: string;
}

/** A signed call as the SDK would make it, with a body of any kind, and the text of its answer. */
export async function raw(url: string, body: Record<string, unknown>, call: RawCall = {}) {
  const { timestamp = Math.floor(Date.now() / 1_000) - 1, tamper = (text: string) => text } = call;
  const address = `${url}/admin?env=${ENV_ID}&seqId=raw`;
  const params = { envName: ENV_ID, tcb_sessionToken: "", ...body };
  const signed = { "content-type": "application/json", host: new URL(url).host, "x-timestamp": String(timestamp) };
  const { authorization } = sign({
    ...CREDENTIALS,
    secretKey: call.secretKey ?? CREDENTIALS.secretKey,
    method: "post",
    url: address,
    params,
    headers: signed,
    timestamp,
    withSignedParams: true,
  });
  const headers = { ...signed, authorization, "x-signature-expires": "600", ...call.headers };
  return await post(address, tamper(JSON.stringify(params)), headers);
}

export async function post(address: string, body: string, headers: Record<string, string>) {
  const response = await fetch(address, { method: "POST", body, headers });
  const text = await response.text();
  return { status: response.status, text, answer: JSON.parse(text) as Record<string, unknown> };
}
