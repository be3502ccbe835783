/** The local platform: its parts, wired together, behind one port of 127.0.0.1. */
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { serve } from "@hono/node-server";
import { createClock } from "./clock";
import { createAdmin } from "./cloudbase/admin";
import { openDocuments } from "./cloudbase/documents";
import { openBlobs } from "./cloudbase/storage";
import { createConsoleApi } from "./console/api";
import { createWorkflowEngine } from "./engine/bpmn-workflow-engine";
import { createFaultSwitches } from "./faults";
import { LOCAL_CREDENTIALS, LOCAL_ENV_ID, readFunctionConfigs } from "./functions/environment";
import { createFunctions } from "./functions/functions";
import { createCallMethod, createInvoke } from "./invoke";
import { createModels } from "./models";
import { createRequestLog } from "./requests";
import { createServer } from "./server";
import { openWeda, type Weda } from "./weda/weda";

export interface PlatformOptions {
  /** 0 takes any free port. */
  port: number;
  /** Where the state is kept. */
  data: string;
  distDir: string;
  /** cloudbaserc.json */
  configFile: string;
}

export interface Platform {
  url: string;
  port: number;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const distDir = resolve(options.distDir);
  const dir = resolve(options.data);
  await mkdir(dir, { recursive: true });
  let url = "";
  let weda: Weda | undefined;
  const openedWeda = () => weda as Weda;

  const clock = createClock();
  const faults = createFaultSwitches();
  const requests = createRequestLog(clock);
  const functions = createFunctions({
    distDir,
    configs: readFunctionConfigs(options.configFile),
    adminUrl: () => `${url}/admin`,
  });
  const [documents, blobs] = [
    await openDocuments({ dir }),
    openBlobs({ dir, envId: LOCAL_ENV_ID, clock, publicUrl: () => url }),
  ];
  weda = await openWeda({
    dir,
    clock,
    faults,
    flowsDir: join(distDir, "local", "flows"),
    engine: createWorkflowEngine({ clock }),
    models: createModels(documents, clock),
    callMethod: createCallMethod(functions),
    onRequest: (row) => requests.record({ ...row, headers: {} }),
  });
  const admin = createAdmin({
    envId: LOCAL_ENV_ID,
    credentials: LOCAL_CREDENTIALS,
    documents,
    blobs,
    clock,
    faults,
    invoke: createInvoke({ functions, requests, weda: openedWeda }),
  });
  const reset = async () => {
    faults.set({});
    clock.set({ offsetMs: 0, rate: 1 });
    requests.clear();
    await Promise.all([openedWeda().reset(), documents.reset(), blobs.reset()]);
  };
  const api = createConsoleApi({ functions, weda, requests, faults, clock, blobs, reset });
  const app = createServer({ admin, api, pageDir: join(distDir, "console") });
  const server = await listen(app.fetch, options.port);
  url = `http://${HOST}:${server.port}`;
  return {
    url,
    port: server.port,
    async stop() {
      functions.stop();
      await server.close();
      await Promise.all([openedWeda().close(), documents.close()]);
    },
  };
}

interface Listening {
  port: number;
  close(): Promise<void>;
}

/** @throws Error that says what to do where the port is taken */
function listen(fetch: Parameters<typeof serve>[0]["fetch"], port: number): Promise<Listening> {
  return new Promise((settle, reject) => {
    const server = serve({ fetch, hostname: HOST, port }, (info) => {
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done());
          if ("closeAllConnections" in server) server.closeAllConnections();
        });
      settle({ port: info.port, close });
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      reject(
        new Error(
          `port ${port} is taken: another startflow may be running. Stop it, or choose a port: npm start -- --port 4001`,
          { cause: error },
        ),
      );
    });
  });
}

/** The version that the page shows. */
export function version(): string {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  return version;
}
