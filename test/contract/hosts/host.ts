/** A host runs the built functions. What one answers, the others must answer too: here are they all, with one way to call them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { functionEnvironment, readFunctionConfigs } from "../../../local/functions/environment";

export interface Host {
  name: string;
  /** What `exports.main` answers to this event. */
  call(functionName: string, event: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export interface HostParts {
  /** Of the local platform, to which every host's SDK calls go. */
  url: string;
  /** A loopback server that stands for everything else. */
  fakeCloudUrl: string;
  operatorKey: string;
  /** Gives a new folder, removed at the end. */
  folder(): string;
}

export const PRELOAD = resolve("test", "contract", "hosts", "loopback-only.cjs");

/** The variables of SCF and of the function's row in cloudbaserc.json; in preview, as the local platform calls by itself. */
export function variablesOf(name: string, { url, operatorKey, fakeCloudUrl }: HostParts): Record<string, string> {
  const config = readFunctionConfigs("cloudbaserc.json").get(name);
  if (config === undefined) throw new Error(`cloudbaserc.json has no ${name}`);
  const { PATH: _, ...variables } = functionEnvironment(config, `${url}/admin`);
  return {
    ...variables,
    PATH: process.env.PATH ?? "",
    IS_PREVIEW: "true",
    STARTFLOW_OPERATOR_KEY: operatorKey,
    STARTFLOW_FAKE_CLOUD: fakeCloudUrl,
  };
}

/** A process that answers one message at a time: `answerTo(message)` of the script. */
function answering(folder: string, script: string, env: Record<string, string>) {
  const file = join(folder, "script.cjs");
  writeFileSync(
    file,
    `${script}
    process.on("message", async (message) => process.send({ answer: (await answerTo(message)) ?? null }));`,
  );
  const child = spawn(process.execPath, [file], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return {
    child,
    ask(message: object): Promise<unknown> {
      return new Promise((settle, reject) => {
        const onEnd = (code: number | null) => reject(new Error(`${file} ended with ${code}, and did not answer`));
        child.once("exit", onEnd);
        child.once("message", ({ answer }: { answer: unknown }) => {
          child.off("exit", onEnd);
          settle(answer);
        });
        child.send(message);
      });
    },
  };
}

export async function killed(children: Iterable<ChildProcess>): Promise<void> {
  for (const child of children) {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    const exit = isOver ? undefined : once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }
}

/** The contract itself: `main(event, context)`, and its result as JSON. */
export function plainNode(parts: HostParts): Host {
  const processes = new Map<string, ReturnType<typeof answering>>();
  const open = (name: string) => {
    const folder = parts.folder();
    cpSync(join("dist", "functions", name), join(folder, name), { recursive: true });
    const script = `const { main } = require("./${name}/index.js");
      const answerTo = (event) => main(event, { time_limit_in_ms: 20000 });`;
    return answering(folder, script, variablesOf(name, parts));
  };
  return {
    name: "plain Node",
    call(name, event) {
      const one = processes.get(name) ?? open(name);
      processes.set(name, one);
      return one.ask(event as object);
    },
    stop: () => killed([...processes.values()].map(({ child }) => child)),
  };
}

/** The local platform's own processes, called as another function calls them: by the real SDK. */
export function localPlatform(parts: HostParts): Host {
  const sdk = resolve("node_modules", "@cloudbase", "node-sdk");
  const script = `const tcb = require(${JSON.stringify(sdk)});
    const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
    const answerTo = async (call) => (await app.callFunction(call)).result;`;
  const variables = variablesOf("start-leave", { ...parts, operatorKey: "", fakeCloudUrl: parts.url });
  const caller = answering(parts.folder(), script, variables);
  return {
    name: "the local platform",
    call: (name, data) => caller.ask({ name, data }),
    stop: () => killed([caller.child]),
  };
}
