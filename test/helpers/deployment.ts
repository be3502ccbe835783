/** `npm run deploy` with the real CLI, against a stand-in for Tencent Cloud. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { expect } from "vitest";
import type { ScriptResult } from "./built";
import { temporaryFolder } from "./platform";
import { bundledCommand, envFile, type ProjectChanges, projectCopy, REAL_VALUES, runCommand } from "./project";
import { KEYS, startTencentCloud, type TencentCloud } from "./tencent-cloud/server";

export const real: ProjectChanges = { files: { ".env.local": envFile(REAL_VALUES) } };

export interface Run {
  args?: string[];
  changes?: ProjectChanges;
  cwd?: string;
  env?: Record<string, string>;
  /** Else what is built is deployed as it is. */
  isBuilding?: boolean;
}

export interface Deployed extends ScriptResult {
  /** Both streams. */
  text: string;
  cwd: string;
}

export interface Deployment {
  cloud: TencentCloud;
  /** A copy of the project, and an empty folder; both are removed at the end. */
  project(changes: ProjectChanges): string;
  folder(): string;
  deploy(run?: Run): Promise<Deployed>;
  /** Under way, to be stopped; with the folder of its temporary files. */
  start(args: string[]): { child: ChildProcessWithoutNullStreams; temporary: string };
  /** What `deploy` was asked for so far of a function. */
  actionsOf(name: string): (string | undefined)[];
  stop(): Promise<void>;
}

/** The login of a deployment with keys: in a home folder of its own, while it runs. */
export const loginsIn = (temporary: string) =>
  readdirSync(temporary).filter((name) => name.startsWith("startflow-deploy-"));

let bundled: string | undefined;

export async function openDeployment(): Promise<Deployment> {
  bundled ??= bundledCommand("deploy");
  const command = bundled;
  const cloud = await startTencentCloud();
  const folders: string[] = [];
  const kept = (folder: string) => {
    folders.push(folder);
    return folder;
  };
  const folder = () => kept(temporaryFolder());
  const project = (changes: ProjectChanges) => kept(projectCopy(changes));
  const variables = (temporary: string) => ({
    HOME: folder(),
    TMPDIR: temporary,
    ...cloud.variables,
    TENCENTCLOUD_SECRETID: KEYS.secretId,
    TENCENTCLOUD_SECRETKEY: KEYS.secretKey,
  });
  return {
    cloud,
    project,
    folder,
    // No secret is ever printed, and no key left behind, whatever happens.
    async deploy({ args = [], changes = real, cwd = project(changes), env = {}, isBuilding = false } = {}) {
      const temporary = folder();
      const result = await runCommand(command, [...(isBuilding ? [] : ["--no-build"]), ...args], {
        cwd,
        env: { ...variables(temporary), ...env },
      });
      const text = result.stdout + result.stderr;
      expect(text).not.toContain("canary");
      expect(text).not.toContain(KEYS.secretId);
      expect(loginsIn(temporary)).toEqual([]);
      return { ...result, text, cwd };
    },
    start(args) {
      const temporary = folder();
      const env = { PATH: process.env.PATH ?? "", ...variables(temporary) };
      const child = spawn(process.execPath, [command, "--no-build", ...args], { cwd: project(real), env });
      return { child, temporary };
    },
    actionsOf: (name) => cloud.calls.filter((call) => call.endsWith(` ${name}`)).map((call) => call.split(" ")[1]),
    async stop() {
      await cloud.stop();
      for (const one of folders) rmSync(one, { recursive: true, force: true });
    },
  };
}
