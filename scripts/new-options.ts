/** The command line of `npm run new`: which kind, which name, which titles; a name that cannot be one is refused here. */

import * as z from "zod";
import { parsedArguments } from "./command";
import { RESERVED } from "./interface-write";

export const KINDS = ["weda", "workflow", "apaas", "corehr", "method", "api"] as const;
export type Kind = (typeof KINDS)[number];

export const USAGE = `npm run new -- <kind> <name> [--title-zh 标题] [--title-en Title]

  weda      a method that starts a WeDa process
  workflow  a method that runs a CloudBase workflow
  apaas     a method that executes a Feishu aPaaS flow
  corehr    a method that starts a Feishu CoreHR process
  method    a method that starts nothing
  api       a route of the sync API; its name is space/module/function`;

export interface NewOptions {
  kind: Kind;
  name: string;
  /** As a name in the source: \`start-trip\` -> \`startTrip\`. */
  id: string;
  title: { zh: string; en: string };
}

/** The name of a cloud function: a letter, then at most 59 more. https://cloud.tencent.com/document/product/583/18586 */
const FUNCTION_NAME = /^(?=.{2,60}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const ROUTE_NAME = /^[a-z][a-z0-9-]{0,29}\/[a-z][a-z0-9-]{0,29}\/[a-z][a-z0-9-]{0,29}$/;
/**
 * WeDa keeps method names that begin with `weda` for its data models (`types/platform/datasource.d.ts` in
 * https://www.npmjs.com/package/@cloudbase/cals), and its own functions have names that begin so.
 */
const OF_THE_PLATFORM = /^(weda|lowcode|lcap|cloudbase|tcb)/;
/** What the generated files call something else by. */
const USED = [
  ...["form", "label", "number", "routes", "credentials", "module", "exports", "require", "describe"],
  ...["defineMethod", "wedaProcess", "cloudbaseWorkflow", "apaasFlow", "corehrProcess"],
];

const titleSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, "one line of text");
const valuesSchema = z.object({ "title-zh": titleSchema.optional(), "title-en": titleSchema.optional() });

const OPTIONS = { "title-zh": { type: "string" }, "title-en": { type: "string" } } as const;

/** @throws Error that names what is wrong */
export function readNewOptions(args: readonly string[]): NewOptions {
  const { values, positionals } = parsedArguments(args, OPTIONS, USAGE);
  const [kind = "", name = "", ...others] = positionals;
  if (!isKind(kind)) throw new Error(`${kind === "" ? "which kind" : "no such kind"}; there are:\n${USAGE}`);
  if (others.length > 0) throw new Error("one name at a time; a title with spaces stands in quotes");
  const id = identifierOf(kind, name);
  const read = valuesSchema.safeParse(values);
  if (!read.success) {
    const [first] = read.error.issues;
    throw new Error(`--${first?.path.join(".")}: ${first?.message}`);
  }
  const words = name.split(/[-/]/).join(" ");
  const {
    "title-zh": zh = `${TITLES[kind]} ${name}`,
    "title-en": en = words.charAt(0).toUpperCase() + words.slice(1),
  } = read.data;
  return { kind, name, id, title: { zh, en } };
}

const TITLES: Record<Kind, string> = {
  weda: "发起流程",
  workflow: "运行工作流",
  apaas: "执行流程",
  corehr: "发起人事流程",
  method: "方法",
  api: "接口",
};

const isKind = (kind: string): kind is Kind => (KINDS as readonly string[]).includes(kind);

function identifierOf(kind: Kind, name: string): string {
  const pattern = kind === "api" ? ROUTE_NAME : FUNCTION_NAME;
  if (!pattern.test(name)) {
    const rule =
      kind === "api"
        ? "space/module/function, each of lower-case letters, digits and -, a letter first"
        : "2 to 60 lower-case letters, digits and -, a letter first";
    throw new Error(`${name === "" ? "no name" : "no such name can be given"}: ${rule}`);
  }
  if (kind !== "api" && OF_THE_PLATFORM.test(name)) {
    throw new Error("names that begin with weda, lowcode, lcap, cloudbase or tcb are the platform's own");
  }
  const [first = "", ...rest] = name.split(/[-/]/);
  const id = first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  if (RESERVED.includes(id) || USED.includes(id))
    throw new Error(`${name} is a word of the language, or of what the new file imports: add another to it`);
  return id;
}
