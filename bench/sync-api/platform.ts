/** The built local platform in a process of its own, with the shipped sync API or the one whose run is stubbed. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { BUNDLED } from "../handlers";

const PARTS = ["functions", "paste", "console", "local", "methods.json", "apis.json"];

/** Ends with this process. @returns its address */
export async function openPlatform(port: number, { isStubbed }: { isStubbed: boolean }): Promise<string> {
  mkdirSync(join("dist", "bench"), { recursive: true });
  // Inside the project, where packages are found.
  const folder = resolve(mkdtempSync(join("dist", "bench", "platform-")));
  cpSync("cloudbaserc.json", join(folder, "cloudbaserc.json"));
  for (const part of PARTS) cpSync(join("dist", part), join(folder, "dist", part), { recursive: true });
  if (isStubbed) await stub(join(folder, "dist", "functions", "sync-api", "index.js"));
  const main = pathToFileURL(join(folder, "dist", "local", "main.mjs")).href;
  const script = `import(${JSON.stringify(main)}).then(({ main }) => main(["--port", "${port}", "--data", "state"]))`;
  const child = spawn(process.execPath, ["-e", script], { cwd: folder, stdio: "ignore" });
  process.on("exit", () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  child.unref();
  const url = `http://127.0.0.1:${port}`;
  while (!(await isOpen(url))) await new Promise((next) => setTimeout(next, 20));
  return url;
}

async function stub(outfile: string): Promise<void> {
  const beside = { "@cloudbase/node-sdk": "./cloudbase.js", "node-fetch": "./node-fetch.js" };
  await build({
    entryPoints: [join("bench", "sync-api", "stubbed.ts")],
    outfile,
    ...BUNDLED,
    alias: beside,
    external: [...Object.values(beside), "./input-schemas.json"],
  });
}

function isOpen(url: string): Promise<boolean> {
  return fetch(`${url}/_local/clock`).then(
    ({ ok }) => ok,
    () => false,
  );
}
