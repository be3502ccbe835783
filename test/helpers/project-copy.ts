/** The project's sources in a folder of their own, where a command may write; and commands, run there. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ScriptResult } from "./built";

const FILES = [
  ...[".gitignore", "biome.json", "cloudbaserc.json", "package.json", "package-lock.json", "tsconfig.json"],
  ...["functions", "shared", "local", "scripts", "bench", "test"],
];

export interface ProjectCopy {
  folder: string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** `npm run <name> -- <args>`, without what npm itself takes. */
  script(name: string, args: readonly string[], env?: Record<string, string>): Promise<ScriptResult>;
  /** A program of node_modules/.bin. */
  program(name: string, args: readonly string[]): Promise<ScriptResult>;
  remove(): void;
}

export function projectCopy(): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), "startflow-copy-"));
  for (const file of FILES) cpSync(file, join(folder, file), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const run = (args: readonly string[], env: Record<string, string>): Promise<ScriptResult> =>
    new Promise((settle) => {
      const { PATH = "", HOME = "" } = process.env;
      execFile(process.execPath, [...args], { cwd: folder, env: { PATH, HOME, ...env } }, (error, stdout, stderr) =>
        settle({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });
  return {
    folder,
    read: (file) => readFileSync(join(folder, file), "utf8"),
    write: (file, text) => writeFileSync(join(folder, file), text),
    script: (name, args, env = {}) => run([join("scripts", "run.mjs"), name, ...args], env),
    program: (name, args) => run([join("node_modules", ".bin", name), ...args], {}),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
