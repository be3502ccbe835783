/** The local platform for tests: as a process of its own (to be killed), or in this process (to be given other parts). */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import type { InstanceView, TestAnswer, TestRequest } from "../../local/console/wire";

export interface Client {
  url: string;
  get<Value>(path: string): Promise<Value>;
  send<Value>(method: "POST" | "PUT" | "PATCH", path: string, body: unknown): Promise<Value>;
  test(name: string, request: TestRequest): Promise<TestAnswer>;
  instances(): Promise<InstanceView[]>;
}

export function clientOf(url: string): Client {
  const read = async <Value>(answer: Promise<Response>) => (await (await answer).json()) as Value;
  const client: Client = {
    url,
    get: (path) => read(fetch(url + path)),
    send: (method, path, body) =>
      read(fetch(url + path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) })),
    test: (name, request) => client.send("POST", `/_local/methods/${name}/test`, request),
    instances: () => client.get("/_local/instances"),
  };
  return client;
}

/** The form as it is opened: with a submission id of its own. */
export function form<Values extends object>(values: Values): Values & { submissionId: string } {
  return { ...values, submissionId: randomUUID() };
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "startflow-data-"));
}

/** What package.json gives `npm start`. */
const START_FLAGS = /node (--\S+(?: --\S+)*)/
  .exec((JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { start: string } }).scripts.start)?.[1]
  ?.split(" ") as string[];

/** The address that it prints once it listens. @throws Error with what it printed, where it ends before */
export function listeningUrl(child: ChildProcess & { stdout: Readable }): Promise<string> {
  return new Promise((settle, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
      if (found !== null) settle(found[0]);
    });
    child.on("close", (code) => reject(new Error(`the platform ended with ${code}: ${printed}`)));
  });
}

export interface PlatformProcess extends Client {
  process: ChildProcess;
  /** SIGKILL, to its whole process group where it has one of its own, and wait until it is gone. */
  kill(): Promise<void>;
}

/** The built platform, with the flags that `npm start` gives it, on a free port. */
export async function platformProcess(
  data: string,
  environment: NodeJS.ProcessEnv = process.env,
  { ownGroup = false }: { ownGroup?: boolean } = {},
): Promise<PlatformProcess> {
  const main = pathToFileURL(resolve("dist", "local", "main.mjs")).href;
  const script = `import(${JSON.stringify(main)}).then(({ main }) => main(["--port", "0", "--data", ${JSON.stringify(data)}]))`;
  const child = spawn(process.execPath, [...START_FLAGS, "-e", script], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
    detached: ownGroup,
  });
  const url = await listeningUrl(child);
  const kill = () =>
    new Promise<void>((done) => {
      if (child.exitCode !== null || child.signalCode !== null) return done();
      child.on("exit", () => done());
      if (ownGroup) process.kill(-(child.pid as number), "SIGKILL");
      else child.kill("SIGKILL");
    });
  return { ...clientOf(url), process: child, kill };
}

export interface PlatformHere extends Client {
  stop(): Promise<void>;
}

export interface Changes {
  /** Custom code, by name, as it would lie in the code folder. */
  code?: Record<string, string>;
  /** Rows for cloudbaserc.json, merged by name into the real ones. */
  functions?: { name: string; [member: string]: unknown }[];
  /** A folder with other built functions. */
  built?: string;
}

/** The platform's own sources in this process, on the built functions; with other code or configuration beside them. */
export async function platformHere(
  data: string,
  { code = {}, functions = [], built = join("dist", "functions") }: Changes = {},
): Promise<PlatformHere> {
  // Inside the project, so that the code can require the packages that custom code has.
  mkdirSync(join("dist", "test"), { recursive: true });
  const dist = mkdtempSync(join("dist", "test", "platform-"));
  symlinkSync(resolve(built), join(dist, "functions"));
  for (const name of ["paste", "console", "methods.json", "apis.json"])
    symlinkSync(resolve("dist", name), join(dist, name));
  mkdirSync(join(dist, "local", "code"), { recursive: true });
  for (const name of ["host.cjs", "flows"]) symlinkSync(resolve("dist", "local", name), join(dist, "local", name));
  cpSync(join("local", "weda", "code"), join(dist, "local", "code"), { recursive: true });
  for (const [name, source] of Object.entries(code)) writeFileSync(join(dist, "local", "code", `${name}.js`), source);
  const config = JSON.parse(readFileSync("cloudbaserc.json", "utf8")) as { functions: { name: string }[] };
  for (const row of functions) {
    const known = config.functions.find(({ name }) => name === row.name);
    if (known === undefined) config.functions.push(row);
    else Object.assign(known, row);
  }
  const configFile = join(dist, "cloudbaserc.json");
  writeFileSync(configFile, JSON.stringify(config));
  // Only here: the sources of the platform take longer to load than most tests that meet it as a process take to run.
  const { startPlatform } = await import("../../local/platform");
  const platform = await startPlatform({ port: 0, data, distDir: dist, configFile });
  return {
    ...clientOf(platform.url),
    async stop() {
      await platform.stop();
      rmSync(dist, { recursive: true, force: true });
    },
  };
}

/** Runs `work` for each item, at most `inFlight` at a time. */
export async function each<Item>(
  items: readonly Item[],
  inFlight: number,
  work: (item: Item, at: number) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}
