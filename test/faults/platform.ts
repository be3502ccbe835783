/** The local platform as a process of its own, from a copy of what was built, so that a build meanwhile changes nothing. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Client, clientOf } from "../helpers/platform";
import { endsWithRunner } from "./children";

export interface OwnPlatform extends Client {
  /** Holds dist/ as it was, the state, and whatever the scenario puts there; gone after `stop`. */
  folder: string;
  stop(): Promise<void>;
}

const PARTS = ["functions", "paste", "console", "local", "methods.json"];

/** Inside the project, where packages are found. */
function copyOfDist(): string {
  mkdirSync(join("dist", "faults"), { recursive: true });
  const folder = resolve(mkdtempSync(join("dist", "faults", "run-")));
  for (const part of PARTS) cpSync(join("dist", part), join(folder, "dist", part), { recursive: true });
  cpSync("cloudbaserc.json", join(folder, "cloudbaserc.json"));
  return folder;
}

/** What package.json gives `npm start`. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { start: string } };
  return scripts.start.split(" ").filter((part) => part.startsWith("--"));
}

/** @throws Error with what it printed, where the platform ends before it listens */
export async function openPlatform(): Promise<OwnPlatform> {
  const folder = copyOfDist();
  const main = pathToFileURL(join(folder, "dist", "local", "main.mjs")).href;
  const script = `import(${JSON.stringify(main)}).then(({ main }) => main(["--port", "0", "--data", "state"]))`;
  const child = spawn(process.execPath, [...startFlags(), "-e", script], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = endsWithRunner(child);
  const url = await new Promise<string>((settle, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
      if (found !== null) settle(found[0]);
    });
    void gone.then(() => reject(new Error(`the platform ended before it listened: ${printed}`)));
  });
  return {
    ...clientOf(url),
    folder,
    async stop() {
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
