/** The built platform as a process of its own, whose log is kept, and what its processes take. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Client, clientOf, listeningUrl, temporaryFolder } from "../helpers/platform";
import { childrenOf, residentMb } from "./sync-api-memory";

export interface WatchedPlatform extends Client {
  port: number;
  /** All that it and its functions' processes have printed since it listens. */
  log(): string;
  /** Of the platform's own process, in MB, without what nobody holds any more. */
  heapMb(): Promise<number>;
  residentMb(): number;
  /** Processes of functions. */
  functions(): number[];
  kill(): Promise<void>;
}

const TELLS_HEAP = `process.on("SIGUSR2", () => {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write("heap " + (heapUsed + external) + "\\n");
});`;

/** What package.json gives `npm start`. */
const START_FLAGS = ["--max-semi-space-size=2", "--max-old-space-size=1024"];

/** @param flags where its memory is not looked at, others save it the work of keeping it small */
export async function watchedPlatform(flags = START_FLAGS): Promise<WatchedPlatform> {
  const main = pathToFileURL(resolve("dist", "local", "main.mjs")).href;
  const data = temporaryFolder();
  const args = JSON.stringify(["--port", "0", "--data", data]);
  const script = `${TELLS_HEAP} import("${main}").then(({ main }) => main(${args}))`;
  const child = spawn(process.execPath, [...flags, "--expose-gc", "-e", script], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  const url = await listeningUrl(child);
  let told = (_: number) => {};
  child.stdout.on("data", (chunk: Buffer) => {
    log += chunk.toString().replace(/^heap (\d+)\n/m, (_, bytes: string) => {
      told(Number(bytes) / 1_048_576);
      return "";
    });
  });
  const pid = child.pid as number;
  const client = clientOf(url);
  return {
    ...client,
    send: (...call) => turn().then(() => client.send(...call)),
    instances: () => turn().then(client.instances),
    port: Number(new URL(url).port),
    log: () => log,
    heapMb: () =>
      new Promise((settle) => {
        told = settle;
        child.kill("SIGUSR2");
      }),
    residentMb: () => residentMb(pid),
    functions: () => childrenOf(pid),
    async kill() {
      await killed(child);
      rmSync(data, { recursive: true });
    },
  };
}

/** Whoever was at work for a while has not seen yet which of the kept connections the platform has closed. */
async function turn(): Promise<void> {
  for (let at = 0; at < 2; at++) await new Promise((seen) => setImmediate(seen));
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.on("exit", () => done());
    child.kill("SIGKILL");
  });
}
