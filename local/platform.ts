/** The local platform: its parts, wired together, behind one port of 127.0.0.1. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { serve } from "@hono/node-server";
import { SYNC_API_FUNCTION } from "../shared/sync-api/routes/route";
import { createClock } from "./clock";
import { createAdmin } from "./cloudbase/admin";
import { openDocuments } from "./cloudbase/documents";
import { openBlobs } from "./cloudbase/storage";
import { createConsoleApi } from "./console/api";
import { createWorkflowEngine } from "./engine/bpmn-workflow-engine";
import { createFaultSwitches } from "./faults";
import { openFeishu } from "./feishu/feishu";
import { LOCAL_CREDENTIALS, LOCAL_ENV_ID, readFunctionConfigs } from "./functions/environment";
import { createFlowCall } from "./functions/flow-call";
import { createFunctions } from "./functions/functions";
import { openInstanceStore } from "./instances/store";
import { createInterfaces } from "./interfaces/interfaces";
import { createCallMethod, createInvoke } from "./invoke";
import { lockFolder } from "./lock";
import { createModels } from "./models";
import { createRequestLog } from "./requests";
import { createServer } from "./server";
import { createApis } from "./sync-api/apis";
import { createGateway } from "./sync-api/gateway";
import { createWeda } from "./weda/weda";
import { createWorkflows } from "./workflow/workflows";

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

/** @throws Error that says what to do: the port or the folder is taken, a file of the state or the configuration is broken */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const dir = resolve(options.data);
  await mkdir(dir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const advice = "choose another: npm start -- --data .startflow-2";
    throw new Error(`${dir} cannot be made a folder for the state (${error.code}): ${advice}`, { cause: error });
  });
  const unlock = await lockFolder(dir);
  try {
    const parts = await openParts(resolve(options.distDir), dir, options.configFile);
    const server = await listen(parts.app.fetch, options.port);
    const url = `http://${HOST}:${server.port}`;
    parts.listensAt(url);
    const stop = async () => {
      parts.functions.stop();
      await server.close();
      await parts.close();
      await unlock();
    };
    return { url, port: server.port, stop };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openParts(distDir: string, dir: string, configFile: string) {
  let url = "";
  const clock = createClock();
  const faults = createFaultSwitches();
  const requests = createRequestLog(clock);
  const configs = readFunctionConfigs(configFile);
  const functions = createFunctions({ distDir, configs, adminUrl: () => `${url}/admin` });
  const documents = await openDocuments({ dir });
  const blobs = openBlobs({ dir, envId: LOCAL_ENV_ID, clock, publicUrl: () => url });
  const engine = createWorkflowEngine({ clock });
  const store = await openInstanceStore({ dir, clock, engine, callFunction: createFlowCall(functions) });
  const flowsDir = join(distDir, "local", "flows");
  const feishu = await openFeishu({ dir, store, flowsDir: join(flowsDir, "feishu"), clock, faults, engine, requests });
  const interfaces = createInterfaces({ clock, faults, requests, feishu: feishu.answer });
  const weda = createWeda({
    store,
    clock,
    faults,
    flowsDir,
    engine,
    models: createModels(documents, clock),
    callMethod: createCallMethod(functions),
    onRequest: (row) => requests.record({ ...row, headers: {} }),
  });
  const workflowsDir = join(flowsDir, "workflow");
  const workflows = createWorkflows({ store, flowsDir: workflowsDir, clock, faults, engine, requests });
  const invoke = createInvoke({ functions, requests, weda, workflows });
  const admin = createAdmin({
    envId: LOCAL_ENV_ID,
    credentials: LOCAL_CREDENTIALS,
    documents,
    blobs,
    clock,
    faults,
    invoke,
  });
  const renewApi = () => functions.renew(SYNC_API_FUNCTION);
  const reset = async () => {
    faults.set({});
    clock.set({ offsetMs: 0, rate: 1 });
    requests.clear();
    interfaces.reset();
    await store.reset();
    await Promise.all([feishu.reset(), documents.reset(), blobs.reset()]);
    renewApi();
  };
  const syncApi = createGateway(functions);
  const apis = createApis({ distDir, documents, url: () => url, onChange: renewApi });
  const api = createConsoleApi({
    apis,
    functions,
    weda,
    instances: store.console,
    feishu,
    requests,
    faults,
    clock,
    blobs,
    reset,
  });
  const app = createServer({
    admin,
    api,
    openApis: feishu.answer,
    interfaces: interfaces.answer,
    syncApi,
    pageDir: join(distDir, "console"),
  });
  return {
    functions,
    app,
    /** The parts give out addresses of the platform, so they are told where it listens. */
    listensAt(at: string) {
      url = at;
    },
    close() {
      workflows.close();
      return Promise.all([store.close(), feishu.close(), documents.close()]);
    },
  };
}

interface Listening {
  port: number;
  close(): Promise<void>;
}

/** What to do, by the system's code. */
const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "is taken: another startflow may be running. Stop it, or choose a port and a folder: npm start -- --port 4001 --data .startflow-4001",
  EACCES: "is not for this user: choose one above 1023: npm start -- --port 4001",
};

/** @throws Error that says what to do where the port cannot be had */
function listen(fetch: Parameters<typeof serve>[0]["fetch"], port: number): Promise<Listening> {
  return new Promise((settle, reject) => {
    // Node.js itself reads on behind an answer, as long as somebody sends; this would close the connection half a second after it,
    // and whoever still sends would lose the answer. https://datatracker.ietf.org/doc/html/rfc9112#section-9.6
    const server = serve({ fetch, hostname: HOST, port, autoCleanupIncoming: false }, (info) => {
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done());
          if ("closeAllConnections" in server) server.closeAllConnections();
        });
      settle({ port: info.port, close });
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      const words = LISTEN_PROBLEMS[error.code ?? ""];
      reject(words === undefined ? error : new Error(`port ${port} ${words}`, { cause: error }));
    });
  });
}
