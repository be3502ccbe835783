/** The built files, as the platform gets them, and ways to run one alone. */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export const functionNames = readdirSync(join("dist", "functions")).sort();
export const pasteNames = readdirSync(join("dist", "paste"))
  .map((file) => file.replace(/\.js$/, ""))
  .sort();

interface Described {
  name: string;
  target: { kind: string } | null;
}
/** The functions that start a process, with the kind of their target; the others read, or do chores. */
export const startingMethods = (JSON.parse(readFileSync(join("dist", "methods.json"), "utf8")) as Described[])
  .flatMap(({ name, target }): [name: string, kind: string][] => (target === null ? [] : [[name, target.kind]]))
  .sort();
export const startingNames = startingMethods.map(([name]) => name);

/** Copies built files into an empty folder, where just the named packages can be required. */
export function copyAlone(from: string, packages: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "startflow-alone-"));
  cpSync(from, join(folder, "index.js"), { recursive: true });
  for (const name of packages) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve("node_modules", name), link);
  }
  return folder;
}

export interface ScriptResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a script in a process of its own, with exactly this environment. */
export function runScript(folder: string, script: string, env: Record<string, string> = {}): Promise<ScriptResult> {
  const file = join(folder, "script.cjs");
  writeFileSync(file, script);
  return new Promise((settle) => {
    execFile(
      process.execPath,
      [file],
      { cwd: folder, env: { PATH: "/usr/bin:/bin", ...env } },
      (error, stdout, stderr) => {
        settle({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      },
    );
  });
}

export const hasChromium = existsSync(process.env.CHROMIUM_PATH ?? "");
