/** @cloudbase/functions-framework (`tcb-ff`), one server for each function. It takes the event as the body of an HTTP request. */
import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { listeningUrl } from "../../helpers/platform";
import { type Host, type HostParts, killed, PRELOAD, variablesOf } from "./host";

const MAIN = resolve("node_modules", "@cloudbase", "functions-framework", "bin", "tcb-ff.js");

export function functionsFramework(parts: HostParts): Host {
  const servers = new Map<string, Promise<string>>();
  const children: ChildProcess[] = [];
  const open = (name: string) => {
    // It writes its logs into the folder in which it is started.
    const cwd = parts.folder();
    const source = resolve("dist", "functions", name, "index.js");
    const args = [
      "--require",
      PRELOAD,
      MAIN,
      `--source=${source}`,
      "--target=main",
      `--logDirname=${join(cwd, "logs")}`,
    ];
    const child = spawn(process.execPath, args, {
      cwd,
      env: variablesOf(name, parts),
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return listeningUrl(child);
  };
  return {
    name: "tcb-ff",
    async call(name, event) {
      const url = servers.get(name) ?? open(name);
      servers.set(name, url);
      const headers = { "content-type": "application/json" };
      const response = await fetch(await url, { method: "POST", headers, body: JSON.stringify(event) });
      return answerOf(name, response);
    },
    stop: () => killed(children),
  };
}

/** An answer with status and headers becomes the response itself; any other one is its body. */
async function answerOf(name: string, response: Response): Promise<unknown> {
  const body = await response.text();
  if (name !== "sync-api") return JSON.parse(body);
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body };
}
