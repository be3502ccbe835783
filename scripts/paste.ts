/** `npm run paste -- <method>`: builds the file to paste, and says what else is entered in WeDa's console. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { schemaOfAnswer } from "../local/console/page/paste-answer";
import { pasteParts } from "../local/console/page/paste-parts";
import type { WedaSchema } from "../local/console/page/paste-schema";
import { parseExactJson } from "../shared/base/exact-json";
import type { MethodDescription } from "../shared/method/description";
import { runCommand } from "./command";
import { readPasteOptions, USAGE } from "./paste-options";
import { pasteJson, pasteText } from "./paste-print";
import { isBuilt, paths } from "./project";

/** npm runs scripts in the project's folder; what was typed is meant from where it was typed. */
const typedAt = process.env.INIT_CWD ?? process.cwd();
/** As much as one answer of a function may have. https://cloud.tencent.com/document/product/583/11637 */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024;

async function run(args: string[]): Promise<void> {
  const { name, json, outputs } = readPasteOptions(args);
  if (!isBuilt()) await (await import("./build-all")).buildIfStale();
  const methods = JSON.parse(readFileSync(paths.methods, "utf8")) as MethodDescription[];
  const method = methods.find((row) => row.name === name);
  if (method === undefined) {
    throw new Error(`there is no such method; there are: ${methods.map((row) => row.name).join(", ")}`);
  }
  const { title, secrets, target, inputSchema } = method;
  const parts = pasteParts({ target, inputSchema, pasted: secrets.length === 0 });
  if (parts === null) throw new Error(`${name} declares no params`);
  if (outputs !== undefined) parts.outParams = outputsIn(outputs);
  const pasteFile = secrets.length === 0 ? join(paths.distPaste, `${name}.js`) : null;
  const printed = { name, title, pasteFile, secrets, parts };
  console.log(json ? pasteJson(printed) : pasteText(printed));
}

/** Its values go nowhere, and no error repeats them. @throws Error that names what is wrong */
function outputsIn(file: string): WedaSchema {
  const path = resolve(typedAt, file);
  if (!existsSync(path) || !statSync(path).isFile()) throw new Error(`there is no file ${file}`);
  if (statSync(path).size > MAX_ANSWER_BYTES)
    throw new Error(`${file} is no answer of a method: it has more than 6 MB`);
  const answer = answerIn(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) {
    throw new Error(`${file} holds no JSON object, which is what a method answers`);
  }
  return schemaOfAnswer(answer);
}

/** What the method gave: of a test of the local platform its `result`. */
function answerIn(text: string): unknown {
  try {
    const value = parseExactJson(text);
    const { ok, result } = (value ?? {}) as { ok?: unknown; result?: unknown };
    return ok === true ? result : value;
  } catch {
    return undefined;
  }
}

await runCommand("paste", USAGE, run);
