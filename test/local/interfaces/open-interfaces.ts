/** The local platform with this process' environment as a function's is there, and raw calls of its stand-ins. */
import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import type { RequestRow } from "../../../local/console/wire";
import { functionEnvironment } from "../../../local/functions/environment";
import { catalogue } from "../../../shared/proxy/platforms/index";
import { type Client, platformHere, temporaryFolder } from "../../helpers/platform";

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  json: any;
}

export interface StandIns extends Pick<Client, "url" | "get" | "send" | "test"> {
  /** `path` is below `/interfaces`. */
  call(method: string, path: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** What the stand-ins received, oldest first. */
  received(): Promise<RequestRow[]>;
}

/** What the catalogue reads from the environment, as the local platform gives it to a function. */
export function interfaceEnvironment(url: string): Record<string, string> {
  const names = catalogue.flatMap(({ instances }) =>
    instances.flatMap((instance) => [
      ...Object.values(instance.secrets),
      ...Object.values("variables" in instance ? instance.variables : {}),
    ]),
  );
  const envVariables = Object.fromEntries(names.map((name) => [name, `{{env.${name}}}`]));
  const all = functionEnvironment({ name: "test", timeout: 20, memorySize: 256, envVariables }, `${url}/admin`);
  return Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith("STARTFLOW_")));
}

/** Opened before the tests of a file, reset before each. */
export function standIns(): { current: StandIns } {
  const held = {} as { current: StandIns };
  let stop: () => Promise<void> = async () => undefined;
  beforeAll(async () => {
    const platform = await platformHere(temporaryFolder());
    stop = platform.stop;
    for (const [name, value] of Object.entries(interfaceEnvironment(platform.url))) vi.stubEnv(name, value);
    held.current = {
      ...platform,
      call: (method, path, { body, headers = {} } = {}) => rawCall(platform.url, method, path, body, headers),
      received: async () => (await platform.get<RequestRow[]>("/_local/requests")).reverse(),
    };
  });
  beforeEach(() => held.current.send("POST", "/_local/reset", {}));
  afterAll(async () => {
    vi.unstubAllEnvs();
    await stop();
  });
  return held;
}

async function rawCall(
  url: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const answer = await fetch(`${url}/interfaces${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === "" ? undefined : JSON.parse(text) };
}
