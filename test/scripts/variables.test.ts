/** .env.example and the table of variables, against what is deployed and what the local platform sets. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { routes } from "../../functions/sync-api/routes";
import {
  functionEnvironment,
  LOCAL_ENV_ID,
  LOCAL_VALUES,
  readFunctionConfigs,
} from "../../local/functions/environment";
import { isSecret, VARIABLES } from "../../scripts/variables";
import { SECRET_NAMES, SETTING_NAMES } from "../../shared/base/environment";
import { catalogue } from "../../shared/proxy/platforms/index";

const example = readFileSync(".env.example", "utf8");
const config = readFileSync("cloudbaserc.json", "utf8");
const values = parseEnv(example) as Record<string, string>;
/** One variable each: its two lines of comment, and the assignment, which may be a comment itself. */
const entries = [...example.matchAll(/^# (.+)\n# (.+)\n#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
  ([, zh = "", en = "", name = "", value = ""]) => ({ zh, en, name, value }),
);
const names = entries.map(({ name }) => name);

const templates = [...config.matchAll(/\{\{env\.(\w+)\}\}/g)].map(([, name]) => name as string);
const ofPlatforms = catalogue.flatMap(({ instances }) =>
  instances.flatMap(({ baseUrlVariable, allowPrivateVariable, secrets, ...rest }) => {
    const variables = "variables" in rest ? rest.variables : {};
    return [baseUrlVariable, allowPrivateVariable, ...Object.values({ ...secrets, ...variables })] as string[];
  }),
);
const ofRoutes = routes.flatMap(({ credentials }) => Object.values(credentials));

describe(".env.example", () => {
  it("names every variable that templates and deployed code read, once, and no other", () => {
    const read = new Set([...templates, ...SETTING_NAMES, ...SECRET_NAMES, ...ofPlatforms, ...ofRoutes]);
    // Read by the command that deploys, and never by what is deployed.
    for (const name of ["TENCENTCLOUD_SECRETID", "TENCENTCLOUD_SECRETKEY"]) read.add(name);
    expect([...names].sort()).toEqual([...read].sort());
  });

  it("has each in the table, with its meaning in both languages and the mark of a secret", () => {
    expect([...names].sort()).toEqual([...VARIABLES.keys()].sort());
    for (const { zh, en, name } of entries) {
      expect([name, zh.startsWith("【保密】"), en.startsWith("[secret] ")]).toEqual([
        name,
        isSecret(name),
        isSecret(name),
      ]);
      expect([name, /\p{Script=Han}/u.test(zh), /\p{Script=Han}/u.test(en)]).toEqual([name, true, false]);
    }
  });

  it("says what the local platform says, variable by variable", () => {
    for (const [name, value] of Object.entries(LOCAL_VALUES)) expect([name, values[name]]).toEqual([name, value]);
    expect(values.CLOUDBASE_ENV_ID).toBe(LOCAL_ENV_ID);
  });

  it("gives every function the environment that it has on the local platform", () => {
    for (const row of readFunctionConfigs("cloudbaserc.json").values()) {
      const local = functionEnvironment(row, "http://127.0.0.1:4000/admin");
      for (const name of Object.keys(row.envVariables)) {
        expect([row.name, name, values[name] ?? ""]).toEqual([row.name, name, local[name]]);
      }
    }
  });

  it("is read by a shell as it is by Node", () => {
    const script = 'set -eu; set -a; . ./.env.example; set +a; node -e "console.log(JSON.stringify(process.env))"';
    const shell = JSON.parse(execFileSync("sh", ["-c", script], { encoding: "utf8" })) as Record<string, string>;
    for (const [name, value] of Object.entries(values)) expect([name, shell[name]]).toEqual([name, value]);
  });
});

it("what the configuration calls a secret is one in the table", () => {
  expect(SECRET_NAMES.filter((name) => !isSecret(name))).toEqual([]);
  expect(SETTING_NAMES.filter(isSecret)).toEqual([]);
});
