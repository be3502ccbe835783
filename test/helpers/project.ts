/** A copy of the project in an empty folder, for commands that read cloudbaserc.json, values and built files. */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ScriptResult } from "./built";

interface Config {
  functions: { name: string; [member: string]: unknown }[];
  [member: string]: unknown;
}

export interface ProjectChanges {
  /** Changes cloudbaserc.json in place. */
  config?: (config: Config) => void;
  /** By path; what is there is replaced. */
  files?: Record<string, string>;
}

/** What the commands read and nothing changes. */
const LINKED = ["functions", "shared", "local", "scripts", "node_modules", "package.json", "package-lock.json"];

export function projectCopy({ config = () => {}, files = {} }: ProjectChanges = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "startflow-project-"));
  for (const name of LINKED) symlinkSync(resolve(name), join(folder, name));
  for (const name of ["functions", "methods.json", "apis.json", "build.json"]) {
    cpSync(join("dist", name), join(folder, "dist", name), { recursive: true });
  }
  cpSync(".env.example", join(folder, ".env.example"));
  changeProject(folder, { config, files });
  return folder;
}

/** @returns what makes the copy as it was */
export function changeProject(folder: string, { config = () => {}, files = {} }: ProjectChanges): () => void {
  const rows = JSON.parse(readFileSync("cloudbaserc.json", "utf8")) as Config;
  config(rows);
  const all = { "cloudbaserc.json": JSON.stringify(rows), ...files };
  const undo = Object.entries(all).map(([path, content]) => {
    const file = join(folder, path);
    const before = existsSync(file) ? readFileSync(file) : undefined;
    writeFileSync(file, content);
    return () => (before === undefined ? rmSync(file) : writeFileSync(file, before));
  });
  return () => {
    for (const one of undo) one();
  };
}

/** Bundles the command as `npm run` does, so that it can be run in another folder. */
export function bundledCommand(name: string): string {
  execFileSync(process.execPath, ["scripts/run.mjs", name, "--help"]);
  return resolve("dist", "scripts", `${name}.mjs`);
}

/** With exactly this environment. */
export function runCommand(
  file: string,
  args: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<ScriptResult> {
  const { PATH = "" } = process.env;
  return new Promise((settle) => {
    execFile(process.execPath, [file, ...args], { cwd, env: { PATH, ...env } }, (error, stdout, stderr) =>
      settle({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

/** A `.env.local` of a real environment: nothing in it is the local platform's. */
export const REAL_VALUES: Readonly<Record<string, string>> = {
  CLOUDBASE_ENV_ID: "env-test1",
  STARTFLOW_EXTRA_USER_ID: "1811293850612345678",
  STARTFLOW_FEISHU_DOMAIN: "https://open.feishu.cn",
  STARTFLOW_FEISHU_APP_ID: "cli_a1b2c3d4e5f60708",
  STARTFLOW_FEISHU_APP_SECRET: "canary-feishu-app-secret",
  STARTFLOW_APAAS_OPERATOR_ID: "1711223344556677",
  STARTFLOW_SYNC_TOKEN: "canary-sync-token-0123456789",
  STARTFLOW_SYNC_USER: "erp",
  STARTFLOW_SYNC_PASSWORD: "canary-sync-password-0123456789",
  STARTFLOW_SYNC_HMAC_KEY: "canary-sync-hmac-key-0123456789",
  STARTFLOW_QYWX_CORPID: "ww0123456789abcdef",
  STARTFLOW_QYWX_CORPSECRET: "canary-qywx-corpsecret",
  STARTFLOW_QYWX_AGENTID: "1000007",
  STARTFLOW_CRM_SYSTEM_URL: "https://crm.example.com",
  STARTFLOW_CRM_SYSTEM_KEY: "canary-crm-key",
};

export function envFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join("");
}
