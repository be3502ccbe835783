/** The local platform as a process of its own, from a copy of what was built, so that a build meanwhile changes nothing. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type Client, clientOf, listeningUrl } from "../helpers/platform";
import { endsWithRunner, folderEndsWithRunner, removeFolder } from "./children";

export interface OwnPlatform extends Client {
  /** Holds dist/ as it was, the state, and whatever the scenario puts there; gone after `stop`. */
  folder: string;
  stop(): Promise<void>;
}

const PARTS = ["functions", "paste", "console", "local", "methods.json", "apis.json"];
/** There only when a build is complete. */
const NEEDED = [join("functions", "start-leave", "cloudbase.js"), join("local", "main.mjs"), join("local", "flows")];
const COPY_TRIES = 20;
const COPY_RETRY_MS = 500;

/** Inside the project, where packages are found. @throws Error where nothing is built */
async function copyOfDist(): Promise<string> {
  mkdirSync(join("dist", "faults"), { recursive: true });
  const folder = resolve(mkdtempSync(join("dist", "faults", "run-")));
  folderEndsWithRunner(folder);
  cpSync("cloudbaserc.json", join(folder, "cloudbaserc.json"));
  for (let attempt = 1; ; attempt += 1) {
    try {
      for (const part of PARTS) cpSync(join("dist", part), join(folder, "dist", part), { recursive: true });
      if (NEEDED.every((file) => existsSync(join(folder, "dist", file)))) return folder;
    } catch (error) {
      // A build takes files away and makes them anew.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (attempt === COPY_TRIES) throw new Error("dist/ is not complete: run `npm run build`");
    await sleep(COPY_RETRY_MS);
  }
}

/** @throws Error with what it printed, where the platform ends before it listens */
export async function openPlatform(): Promise<OwnPlatform> {
  const folder = await copyOfDist();
  const main = pathToFileURL(join(folder, "dist", "local", "main.mjs")).href;
  // Ends with its input, which ends with the runner.
  const script = `process.stdin.resume().on("end", () => process.exit());import(${JSON.stringify(main)}).then(({ main }) => main(["--port", "0", "--data", "state"]))`;
  const child = spawn(process.execPath, ["-e", script], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = endsWithRunner(child);
  const url = await listeningUrl(child);
  return {
    ...clientOf(url),
    folder,
    async stop() {
      child.kill("SIGKILL");
      await gone;
      removeFolder(folder);
    },
  };
}
