/** The command line of `npm run paste`. */
import { parsedArguments } from "./command";

export const USAGE = `npm run paste -- <method> [--json] [--outputs <file>]

  --json          one JSON object instead of text
  --outputs FILE  takes the output parameters (出参) from a real test answer: the JSON of a method test of WeDa, or what
                  /_local/methods/<method>/test answered`;

export interface PasteOptions {
  name: string;
  json: boolean;
  outputs: string | undefined;
}

const OPTIONS = { json: { type: "boolean", default: false }, outputs: { type: "string" } } as const;

/** @throws Error that names what is wrong */
export function readPasteOptions(args: readonly string[]): PasteOptions {
  const { values, positionals } = parsedArguments(args, OPTIONS, USAGE);
  const [name, ...others] = positionals;
  if (name === undefined) throw new Error(`which method?\n${USAGE}`);
  if (others.length > 0) throw new Error("one method at a time");
  return { name, json: values.json, outputs: values.outputs };
}
