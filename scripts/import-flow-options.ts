/** The command line of `npm run import-flow`: where the variables are read from, and what is done with them. */

import * as z from "zod";
import { parsedArguments } from "./command";
import { ImportRefused } from "./interface-draft";

export const USAGE = `npm run import-flow -- <file.har | response.json> [--method NAME] [--write | --check]
npm run import-flow -- --corehr <flow_definition_id> --variables a,b,c [--method NAME] [--url URL] [--write | --check]

  --method NAME    compares with functions/NAME/index.ts; without it the table is printed for all variables
  --write          writes the table into that file, between the braces of \`fields\`
  --check          ends with 1 where the two differ
  --variables …    CoreHR: API names with commas between, down into a record with dots (items.name);
                   default: those of the method
  --url URL        CoreHR: the local platform instead of Feishu, such as http://127.0.0.1:4000`;

const OPTIONS = {
  method: { type: "string" },
  corehr: { type: "string" },
  variables: { type: "string" },
  url: { type: "string" },
  write: { type: "boolean", default: false },
  check: { type: "boolean", default: false },
} as const;

export const METHOD_NAME = /^[a-z][a-z0-9-]{0,59}$/;
/** As `VARIABLE` of shared/engines/corehr/fields.ts, and as many as one call takes. */
const VARIABLES = /^[\w.-]{1,256}(,[\w.-]{1,256}){0,999}$/;

const optionsSchema = z.object({
  method: z.string().regex(METHOD_NAME, "a folder below functions/").optional(),
  corehr: z
    .string()
    .regex(/^\w{1,128}$/, "a flow_definition_id has letters, digits and _")
    .optional(),
  variables: z.string().regex(VARIABLES, "API names with commas between").optional(),
  // Feishu is reached over https only, and the stand-in's keys work nowhere else.
  url: z
    .string()
    .regex(/^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d{1,5}\/?$/, "a local platform, http://127.0.0.1:4000")
    .optional(),
  write: z.boolean(),
  check: z.boolean(),
});

export interface ImportFlowOptions {
  /** What WeDa's console answered; undefined where CoreHR is asked. */
  file: string | undefined;
  corehr: { flowDefinitionId: string; variables: string[] | undefined; url: string | undefined } | undefined;
  method: string | undefined;
  write: boolean;
  check: boolean;
}

/** @throws ImportRefused that names what is wrong */
export function readImportFlowOptions(args: readonly string[]): ImportFlowOptions {
  const { values, positionals } = parsedArguments(args, OPTIONS, USAGE, ImportRefused);
  const read = optionsSchema.safeParse(values);
  if (!read.success) {
    const [first] = read.error.issues;
    throw new ImportRefused(`--${first?.path.join(".")}: ${first?.message}`);
  }
  const { method, corehr, variables, url, write, check } = read.data;
  const [file, ...others] = positionals;
  const isOfCorehr = variables !== undefined || url !== undefined;
  if (others.length > 0 || (file !== undefined && corehr !== undefined)) throw new ImportRefused("one flow at a time");
  if (file === undefined && corehr === undefined) throw new ImportRefused(`import what?\n${USAGE}`);
  if (corehr === undefined && isOfCorehr) throw new ImportRefused("--variables and --url go with --corehr");
  if (corehr !== undefined && variables === undefined && method === undefined) {
    throw new ImportRefused("--corehr: which variables? Feishu tells only those that are named: --variables a,b,c");
  }
  if (write && check) throw new ImportRefused("--write and --check: give one of them");
  if ((write || check) && method === undefined) throw new ImportRefused("--write and --check need --method");
  const asked = { flowDefinitionId: corehr ?? "", variables: variables?.split(","), url: url?.replace(/\/$/, "") };
  return { file, corehr: corehr === undefined ? undefined : asked, method, write, check };
}
