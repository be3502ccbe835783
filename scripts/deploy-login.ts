/** The credentials of a deployment: keys that were given, in a home folder of their own, or the user's login by `tcb login`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { Values } from "./env-files";
import type { Credentials } from "./tencent-cloud-api";

export interface Login {
  /** Home folder of the CLI. */
  home: string;
  /** Read anew: the CLI renews a login that runs out. */
  credentials(): Credentials;
  /** Whether the login has run out, or will have in two minutes. */
  isStale(): boolean;
  /** Leaves no key behind. */
  remove(): void;
}

/** Where @cloudbase/cli 2.12.10 keeps its login. */
const AUTH_FILE = join(".config", ".cloudbase", "auth.json");
const NOT_LOGGED_IN =
  "no login: set TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY, or run npx tcb login / 没有登录：设置这两个环境变量，或者运行 npx tcb login";

/** The keys of one account, or the temporary ones of a login in the browser. */
const credentialSchema = z
  .object({
    secretId: z.string().optional(),
    secretKey: z.string().optional(),
    token: z.string().optional(),
    tmpSecretId: z.string().optional(),
    tmpSecretKey: z.string().optional(),
    tmpToken: z.string().optional(),
    /** Epoch milliseconds. */
    tmpExpired: z.coerce.number().optional(),
    accessTokenExpired: z.coerce.number().optional(),
  })
  .transform((raw) => ({
    secretId: raw.secretId ?? raw.tmpSecretId ?? "",
    secretKey: raw.secretKey ?? raw.tmpSecretKey ?? "",
    token: raw.token ?? raw.tmpToken,
    expiresAtMs: raw.accessTokenExpired ?? raw.tmpExpired ?? Number.POSITIVE_INFINITY,
  }))
  .refine(({ secretId, secretKey }) => secretId !== "" && secretKey !== "");
const authSchema = z.object({ credential: credentialSchema });

const STALE_MS = 120_000;

/** @throws Error where there is neither */
export function login(values: Values): Login {
  const secretId = values.get("TENCENTCLOUD_SECRETID") ?? "";
  const secretKey = values.get("TENCENTCLOUD_SECRETKEY") ?? "";
  if (secretId === "" || secretKey === "") return ownLogin();
  const token = values.get("TENCENTCLOUD_SESSIONTOKEN") || undefined;
  const home = mkdtempSync(join(tmpdir(), "startflow-deploy-"));
  const file = join(home, AUTH_FILE);
  const remove = () => rmSync(home, { recursive: true, force: true });
  process.once("exit", remove);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const credentials = { secretId, secretKey, ...(token === undefined ? {} : { token }) };
  writeFileSync(file, JSON.stringify({ credential: credentials }), { mode: 0o600, flag: "wx" });
  return { home, credentials: () => credentials, isStale: () => false, remove };
}

function ownLogin(): Login {
  const home = homedir();
  const read = () => {
    try {
      return authSchema.parse(JSON.parse(readFileSync(join(home, AUTH_FILE), "utf8"))).credential;
    } catch (error) {
      throw new Error(NOT_LOGGED_IN, { cause: error });
    }
  };
  read();
  return { home, credentials: read, isStale: () => read().expiresAtMs < Date.now() + STALE_MS, remove: () => {} };
}
