/** `npm run check [-- --env ENV] [--json]`: whether what is here can be deployed, and what stands against it. */

import { parseArgs } from "node:util";
import { check, errorsOf, findingText } from "./check-all";
import { runCommand } from "./command";

const USAGE = `npm run check [-- --env ENV] [--json]

  --env ENV   local: the values of .env.example; else .env < .env.local < .env.ENV < the environment
  --json      the findings as JSON`;

const ENVIRONMENT = /^[\w-]{1,64}$/;

function run(args: string[]): void {
  const { values } = parseArgs({ args, options: { env: { type: "string" }, json: { type: "boolean" } } });
  if (values.env !== undefined && !ENVIRONMENT.test(values.env)) throw new Error("--env: letters, digits, - and _");
  const { findings } = check({ environment: values.env, names: [] });
  const errors = errorsOf(findings).length;
  if (values.json) console.log(JSON.stringify(findings, null, 2));
  else {
    for (const one of findings) console.log(findingText(one));
    console.log(`${errors} errors, ${findings.length - errors} warnings`);
  }
  process.exitCode = errors === 0 ? 0 : 1;
}

await runCommand("check", USAGE, run);
