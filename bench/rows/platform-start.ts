/** `npm start` until the page answers: with everything built, and with the build; beside npm starting a bare node:http. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Comparison } from "../compare";

const PORT = 4_390;
/** Everything but the benchmark itself: what a fresh clone does not have. */
const BUILT = [
  "functions",
  "paste",
  "local",
  "console",
  "cache",
  "methods.json",
  "apis.json",
  "build.json",
  join("scripts", "start.mjs"),
];

export async function comparison(): Promise<Comparison> {
  const bare = resolve("dist", "bench", "bare");
  mkdirSync(bare, { recursive: true });
  writeFileSync(join(bare, "package.json"), JSON.stringify({ scripts: { start: "node server.cjs" } }));
  writeFileSync(
    join(bare, "server.cjs"),
    `require("node:http").createServer((_, answer) => answer.end("ok")).listen(${PORT}, "127.0.0.1");`,
  );
  return {
    name: "npm start until the page answers",
    unit: "ms",
    peer: "npm start of a bare node:http",
    variants: {
      "npm start of a bare node:http": () => untilAnswered(bare, []),
      "startflow, built": () => untilAnswered(resolve("."), platformArgs()),
      "startflow, with the build": () => {
        for (const name of BUILT) rmSync(join("dist", name), { recursive: true, force: true });
        return untilAnswered(resolve("."), platformArgs());
      },
    },
    rounds: 7,
  };
}

function platformArgs(): string[] {
  return ["--", "--port", String(PORT), "--data", mkdtempSync(join(tmpdir(), "startflow-bench-"))];
}

async function untilAnswered(cwd: string, args: string[]): Promise<number> {
  const startedMs = performance.now();
  const child = spawn("npm", ["start", "--silent", ...args], { cwd, stdio: "ignore", detached: true });
  try {
    while (!(await answers())) await new Promise((next) => setTimeout(next, 5));
    return performance.now() - startedMs;
  } finally {
    const ended = new Promise((done) => child.on("exit", done));
    process.kill(-(child.pid as number), "SIGKILL");
    await ended;
  }
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${PORT}/`)).ok;
  } catch {
    return false;
  }
}
