/** A host runs the built functions. What one answers, the others must answer too: here are they all, with one way to call them. */
import { resolve } from "node:path";
import { functionEnvironment, readFunctionConfigs } from "../../../local/functions/environment";
import { copyAlone, runScript } from "../../helpers/built";
import { temporaryFolder } from "../../helpers/platform";

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

/** The contract itself: `main(event, context)`, and its result as JSON. */
export function plainNode(parts: HostParts): Host {
  return {
    name: "plain Node",
    async call(functionName, event) {
      const folder = copyAlone(resolve("dist", "functions", functionName), []);
      const script = `console.log = () => {};
        require("./index.js/index.js").main(${JSON.stringify(event)}, { time_limit_in_ms: 20000 })
          .then((answer) => process.stdout.write(JSON.stringify(answer ?? null)));`;
      const { stdout, stderr } = await runScript(folder, script, variablesOf(functionName, parts));
      if (stdout === "") throw new Error(`${functionName} answered nothing: ${stderr}`);
      return JSON.parse(stdout);
    },
    stop: async () => undefined,
  };
}

/** The local platform's own processes, called as another function calls them: by the real SDK. */
export function localPlatform({ url }: HostParts): Host {
  const sdk = `const tcb = require(${JSON.stringify(resolve("node_modules", "@cloudbase", "node-sdk"))});
    const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });`;
  return {
    name: "the local platform",
    async call(name, data) {
      const script = `${sdk} app.callFunction(${JSON.stringify({ name, data })})
        .then(({ result }) => { process.stdout.write(JSON.stringify(result)); process.exit(0); });`;
      const variables = variablesOf(name, { url, operatorKey: "", fakeCloudUrl: url });
      const { stdout, stderr } = await runScript(temporaryFolder(), script, variables);
      if (stdout === "") throw new Error(`${name} answered nothing: ${stderr}`);
      return JSON.parse(stdout);
    },
    stop: async () => undefined,
  };
}
