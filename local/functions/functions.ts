/** The functions of the bundle on the local platform: which there are, and how one is called. */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { MethodDescription } from "../../shared/method/description";
import type { MethodRow } from "../console/wire";
import { type FunctionConfig, functionEnvironment } from "./environment";
import { createPool, type Pool } from "./pool";
import type { CallMessage, CallReply } from "./protocol";

/** Who calls, and where: known to the platform, never read from what was sent. */
export interface Caller {
  /** null: nobody is signed in. */
  userId: string | null;
  environment: "preview" | "production";
}

export interface FunctionCall extends Caller {
  route: CallMessage["route"];
  text: string;
  member?: "params";
}

export interface Functions {
  methods(): MethodRow[];
  /** Whether there is such a function, with this entry. */
  has(name: string, entry: "code" | "main"): boolean;
  /** Never rejects; `name` must be one that `has` knows. */
  call(name: string, call: FunctionCall): Promise<CallReply & { callId: string }>;
  /** Whose call a session token belongs to, while that call runs. */
  callerOf(sessionToken: string): (Caller & { callId: string }) | undefined;
  /** As after a deployment: its next call is the first of a new process. */
  renew(name: string): void;
  stop(): void;
}

export interface FunctionsOptions {
  /** The built files. */
  distDir: string;
  configs: Map<string, FunctionConfig>;
  adminUrl: () => string;
}

/** Custom code that is dropped in as it is gets the time that WeDa's own callers wait. */
const CODE_CONFIG = { timeout: 60, memorySize: 256, envVariables: {} };

export function createFunctions({ distDir, configs, adminUrl }: FunctionsOptions): Functions {
  const methods = methodRows(distDir, [...configs.keys()]);
  const hosts = new Map<string, { pool: Pool; sdk: string }>();
  const calls = new Map<string, Caller & { callId: string }>();

  const hostOf = (name: string) => {
    const config = configs.get(name) ?? { name, ...CODE_CONFIG };
    const known = hosts.get(name);
    if (known !== undefined) return known;
    const pool = createPool({
      hostFile: join(distDir, "local", "host.cjs"),
      environment: functionEnvironment(config, adminUrl()),
      memoryMb: config.memorySize,
      timeoutMs: config.timeout * 1_000,
    });
    const host = { pool, sdk: sdkOf(distDir, name) };
    hosts.set(name, host);
    return host;
  };

  return {
    methods: () => methods,
    has: (name, entry) => methods.some((row) => row.name === name && row.entries.includes(entry)),
    callerOf: (token) => calls.get(token),
    async call(name, { route, text, member, ...caller }) {
      const callId = randomUUID();
      const sessionToken = randomUUID();
      calls.set(sessionToken, { ...caller, callId });
      try {
        const { pool, sdk } = hostOf(name);
        const reply = await pool.call({
          route,
          text,
          ...(member === undefined ? {} : { member }),
          file: fileOf(distDir, name, route),
          sdk,
          environment: caller.environment,
          variables: callVariables(caller, callId, sessionToken),
        });
        return { ...reply, callId };
      } catch (error) {
        // The pool itself never rejects: the function's configuration was refused.
        const message = error instanceof Error ? error.message : String(error);
        return { id: 0, error: { name: "Error", code: "FUNCTIONS_EXECUTE_FAIL", message }, logs: [], callId };
      } finally {
        calls.delete(sessionToken);
      }
    },
    renew: (name) => hosts.get(name)?.pool.renew(),
    stop() {
      for (const { pool } of hosts.values()) pool.stop();
    },
  };
}

/** The members that the platform sets for each call; `IS_PREVIEW` is what WeDa's own SDK reads. */
function callVariables(caller: Caller, callId: string, sessionToken: string): Record<string, string> {
  return {
    TCB_UUID: caller.userId ?? "",
    TCB_ISANONYMOUS_USER: String(caller.userId === null),
    TCB_SEQID: callId,
    TCB_SESSIONTOKEN: sessionToken,
    IS_PREVIEW: String(caller.environment === "preview"),
  };
}

/** The custom-code route runs the file that is pasted; where there is none, the deployed one. */
function fileOf(distDir: string, name: string, route: CallMessage["route"]): string {
  const deployed = join(distDir, "functions", name, "index.js");
  if (route === "main") return deployed;
  const candidates = [join(distDir, "paste", `${name}.js`), join(distDir, "local", "code", `${name}.js`)];
  return candidates.find(existsSync) ?? deployed;
}

/** A function of the bundle reaches no more of node-sdk than lies beside it, in a third of the time; other code may reach all. */
function sdkOf(distDir: string, name: string): string {
  const beside = join(distDir, "functions", name, "cloudbase.js");
  return existsSync(beside) ? beside : "@cloudbase/node-sdk";
}

/** The bundle's methods in the order of cloudbaserc.json, then the custom code that lies in the code folder as it is. */
function methodRows(distDir: string, order: string[]): MethodRow[] {
  const described = JSON.parse(readFileSync(join(distDir, "methods.json"), "utf8")) as MethodDescription[];
  const missing = described.find(({ name }) => !order.includes(name));
  if (missing !== undefined) {
    throw new Error(
      `functions/${missing.name} has no row in cloudbaserc.json: add one, with its name, timeout and envVariables`,
    );
  }
  described.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const rows: MethodRow[] = described.map(({ secrets, ...row }) => {
    return { ...row, pasted: secrets.length === 0, entries: ["code", "main"] };
  });
  for (const file of readdirSync(join(distDir, "local", "code")).sort()) {
    const name = basename(file, ".js");
    rows.push({
      name,
      title: { zh: `自定义代码 ${name}`, en: `Custom code ${name}` },
      target: null,
      inputSchema: null,
      sample: {},
      fields: {},
      entries: ["code"],
    });
  }
  return rows;
}
