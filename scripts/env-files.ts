/** The values of environment variables, from the files and in the order of precedence of the CloudBase CLI. */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

export const EXAMPLE_FILE = ".env.example";
export const LOCAL_ENVIRONMENT = "local";

export interface Values {
  /** Where a new value goes. */
  file: string;
  /** Files that were named and are not there. */
  missing: string[];
  /** `undefined`: not set. */
  get(name: string): string | undefined;
  /** The file that it comes from, or "environment". */
  sourceOf(name: string): string;
  all(): Record<string, string>;
}

/**
 * `.env` < `.env.local` < `.env.<environment>` < the process's environment, as the CLI reads them; of the local platform
 * `.env.example` and nothing else, so that it says the same everywhere.
 */
export function readValues(environment: string | undefined, own: NodeJS.ProcessEnv = process.env): Values {
  const isLocal = environment === LOCAL_ENVIRONMENT;
  const named = environment === undefined ? [] : [`.env.${environment}`];
  const files = isLocal ? [EXAMPLE_FILE] : [".env", ".env.local", ...named];
  // Without a prototype: {{env.constructor}} is not set.
  const values: Record<string, string> = Object.create(null);
  const sources: Record<string, string> = Object.create(null);
  const take = (from: NodeJS.ProcessEnv, source: string) => {
    for (const [name, value] of Object.entries(from)) {
      if (value === undefined) continue;
      values[name] = value;
      sources[name] = source;
    }
  };
  // The CLI's parser takes a byte order mark for a space.
  const read = (file: string) => parseEnv(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  for (const file of files) if (existsSync(file)) take(read(file), file);
  if (!isLocal) take(own, "environment");
  return {
    file: isLocal ? EXAMPLE_FILE : (named[0] ?? ".env.local"),
    missing: (isLocal ? files : named).filter((file) => !existsSync(file)),
    get: (name) => values[name],
    sourceOf: (name) => sources[name] ?? "environment",
    all: () => ({ ...values }),
  };
}

const TEMPLATE = /\{\{\s*env\.(\w+)\s*\}\}/g;

/** The variables that a text of cloudbaserc.json names. */
export function templateNames(text: string): string[] {
  return [...text.matchAll(TEMPLATE)].map(([, name]) => name as string);
}

/** A missing one is "", as the CLI has it. */
export function filledIn(text: string, values: Values): string {
  return text.replace(TEMPLATE, (_, name: string) => values.get(name) ?? "");
}
