/** `tcb fn run` of @cloudbase/cli: its own copy of SCF's bootstrap, with the project's own cloudbaserc.json. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { LOCAL_CREDENTIALS, LOCAL_ENV_ID } from "../../../local/functions/environment";
import { CLI_FLAGS } from "../../../scripts/deploy-cli";
import { type Host, type HostParts, PRELOAD, variablesOf } from "./host";

const MAIN = resolve("node_modules", "@cloudbase", "cli", "bin", "tcb");
/** As `npm run deploy` starts it. */
const COMPILED = resolve("scripts", "cli-compiled.cjs");
/** Above the result, also where the terminal is English. */
const RESULT = /返回结果：\s*(.+)/;

export function cliBootstrap(parts: HostParts): Host {
  const project = parts.folder();
  cpSync("cloudbaserc.json", join(project, "cloudbaserc.json"));
  cpSync(join("dist", "functions"), join(project, "dist", "functions"), { recursive: true });
  // Being logged in is this file; the function gets these keys.
  const home = parts.folder();
  const { secretId, secretKey } = LOCAL_CREDENTIALS;
  mkdirSync(join(home, ".config", ".cloudbase"), { recursive: true });
  writeFileSync(
    join(home, ".config", ".cloudbase", "auth.json"),
    JSON.stringify({ credential: { secretId, secretKey } }),
  );
  return {
    name: "tcb fn run",
    async call(name, event) {
      const env = {
        ...variablesOf(name, parts),
        HOME: home,
        NODE_OPTIONS: `--require=${PRELOAD}`,
        CLOUDBASE_ENV_ID: LOCAL_ENV_ID,
        // Without it the function is told "3", which SCF's own unit makes 3 ms.
        SCF_FUNCTION_TIMEOUT: "20000",
      };
      const args = [
        ...CLI_FLAGS,
        "--require",
        COMPILED,
        MAIN,
        "fn",
        "run",
        "--name",
        name,
        "--params",
        JSON.stringify(event),
      ];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: project, env });
      const [, result] = RESULT.exec(stdout) ?? [];
      if (result === undefined) throw new Error(`tcb fn run gave no result: ${stdout}${stderr}`);
      return JSON.parse(result);
    },
    stop: async () => undefined,
  };
}
