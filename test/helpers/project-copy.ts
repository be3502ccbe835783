/** The project in a folder of its own, where a command may write; and programs, run there. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import type { ScriptResult } from "./built";

const ROOT = [
  ...[".gitignore", "biome.json", "cloudbaserc.json", "package.json", "package-lock.json", "tsconfig.json"],
  ...["functions", "shared", "local", "scripts", "bench", "test", "node_modules"],
];
/** What commands and the tests that they make write to; of everything else there is a link. */
const COPIED = [
  ...[".gitignore", "biome.json", "cloudbaserc.json", "package.json", "tsconfig.json", "functions"],
  ...[join("test", "contract"), join("test", "local", "methods"), join("test", "local", "sync-api")],
];

export interface ProjectCopy {
  folder: string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** `npm run <name> -- <args>` as in a project where nothing is bundled and built yet. */
  script(name: string, args: readonly string[]): Promise<ScriptResult>;
  /** A program of node_modules/.bin. */
  program(name: string, args: readonly string[]): Promise<ScriptResult>;
  remove(): void;
}

export function projectCopy(): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), "startflow-copy-"));
  for (const file of ROOT) copyOrLink(file, folder);
  return {
    folder,
    read: (file) => readFileSync(join(folder, file), "utf8"),
    write: (file, text) => writeFileSync(join(folder, file), text),
    // The link's own folder is the project, not the one that it leads to.
    script: (name, args) => nodeIn(folder, ["--preserve-symlinks-main", join("scripts", "run.mjs"), name, ...args]),
    program: (name, args) => nodeIn(folder, [join("node_modules", ".bin", name), ...args]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function copyOrLink(path: string, folder: string): void {
  const to = join(folder, path);
  // With their times: what was built of them is not out of date.
  if (COPIED.includes(path)) cpSync(path, to, { recursive: true, preserveTimestamps: true });
  else if (COPIED.some((copied) => copied.startsWith(path + sep))) {
    mkdirSync(to);
    for (const name of readdirSync(path)) copyOrLink(join(path, name), folder);
  } else symlinkSync(resolve(path), to);
}

function nodeIn(cwd: string, args: readonly string[]): Promise<ScriptResult> {
  const { PATH = "", HOME = "" } = process.env;
  return new Promise((settle) => {
    execFile(process.execPath, [...args], { cwd, env: { PATH, HOME } }, (error, stdout, stderr) =>
      settle({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}
