/** The real CloudBase CLI as a child process: it asks nothing, reports nothing, and what it prints shows no secret. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { maskText } from "../shared/base/log";
import type { Values } from "./env-files";
import { isSecret } from "./variables";

export interface CliOptions {
  home: string;
  values: Values;
  timeoutMs: number;
}

export interface CliRun {
  exitCode: number | null;
  isTimedOut: boolean;
  /** Both streams, without secrets. */
  output: string;
}

/** The CLI would take them before its own login, in some of its parts and not in others. */
const CLOUD_KEYS = ["TENCENTCLOUD_SECRETID", "TENCENTCLOUD_SECRETKEY", "TENCENTCLOUD_SESSIONTOKEN"];
const MAX_OUTPUT = 200_000;
const PRELOADED = ["no-telemetry.cjs", "cli-compiled.cjs"];
/** It runs for seconds: what V8 optimizes on the way costs more than it gives, and what is kept compiled holds for these flags alone. */
export const CLI_FLAGS = ["--no-opt"];

/** A deployment that is stopped leaves none behind. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export function runCli(args: readonly string[], { home, values, timeoutMs }: CliOptions): Promise<CliRun> {
  const cli = createRequire(import.meta.url).resolve("@cloudbase/cli/bin/tcb");
  // The values that were checked: in the environment they come before those of the CLI's own files.
  const env: Record<string, string> = {
    ...values.all(),
    HOME: home,
    USERPROFILE: home,
    TCB_LANG: "en",
    TCB_NO_BROWSER: "true",
    NO_COLOR: "1",
  };
  for (const name of CLOUD_KEYS) delete env[name];
  const preload = PRELOADED.flatMap((name) => ["--require", resolve("scripts", name)]);
  const child = spawn(process.execPath, [...CLI_FLAGS, ...preload, cli, ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  const take = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-MAX_OUTPUT);
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    child.kill("SIGKILL");
  }, timeoutMs);
  return new Promise((settle, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      running.delete(child);
      settle({ exitCode, isTimedOut, output: withoutSecrets(output, values) });
    });
  });
}

/** Shorter values would take every other word with them. */
const MIN_SECRET_LENGTH = 4;

export function withoutSecrets(text: string, values: Values): string {
  const secrets = Object.entries(values.all())
    .filter(([name, value]) => isSecret(name) && value.length >= MIN_SECRET_LENGTH)
    .map(([, value]) => value)
    .sort((a, b) => b.length - a.length);
  return maskText(secrets.reduce((shown, secret) => shown.split(secret).join("***"), text));
}

/** The CLI's own words of what went wrong; it says them with exit code 0. */
const FAILED = /✖|部署失败|错误码|错误信息|deploy failed/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const COLOUR = /\u001b\[[0-9;]*m/g;

/** Of `fn deploy`, for a new function and for one that was there. */
const DONE = /deployed successfully|updated successfully|部署成功|更新成功/;

/** @returns what went wrong in `fn deploy`: a success is only what is called one. `undefined`: nothing */
export function deployFailureIn(run: CliRun, timeoutMs: number): string | undefined {
  const failure = failureIn(run, timeoutMs);
  if (failure !== undefined || DONE.test(run.output)) return failure;
  return `NOT_DONE: the CLI ended without a word of success; ${lastLines(run.output)}`;
}

/** `undefined` where it says nothing of a failure. */
export function failureIn({ exitCode, isTimedOut, output }: CliRun, timeoutMs: number): string | undefined {
  if (isTimedOut) return `TIMEOUT: the CLI was not done within ${timeoutMs / 1_000} s`;
  const lines = linesOf(output);
  const from = lines.findIndex((line) => FAILED.test(line));
  if (from < 0) return exitCode === 0 ? undefined : lastLines(output);
  const told = lines.slice(from).map((line) => line.replace(/^✖\s*/, "").replace(/^错误信息[:：]\s*/, ""));
  const code = told.flatMap((line) => /^错误码[:：]\s*(\S+)/.exec(line)?.[1] ?? []);
  return [...code, ...told.filter((line) => !NOISE.test(line))].join("; ");
}

/** Suggestions, stack traces, lines that say no more than that it failed, and the code, which comes first. */
const NOISE = /^(ℹ|at |错误码|.*部署失败[：:]?$)/;

function linesOf(output: string): string[] {
  const lines = output.replace(COLOUR, "").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

function lastLines(output: string): string {
  return linesOf(output).slice(-3).join("; ");
}
