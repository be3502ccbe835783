/** The command line of `npm run interface`: what is to be imported, and where it goes. */
import { parsedArguments } from "./command";
import { ImportRefused } from "./interface-draft";

export const USAGE = `npm run interface -- import <openapi.json | openapi.yaml | postman.json | 'curl …'> [options]
npm run interface -- import [options] curl …      (quote the address)
… | npm run interface -- import - [options]

  --key KEY        the platform_key; default: from the title or the host
  --out FILE       default: shared/proxy/platforms/<key>.ts
  --base-url URL   the address, where the input has none
  --force          overwrites the file
  --print          prints the file and writes nothing`;

const OPTIONS = {
  key: { type: "string" },
  out: { type: "string" },
  "base-url": { type: "string" },
  force: { type: "boolean", default: false },
  print: { type: "boolean", default: false },
} as const;

export interface InterfaceOptions {
  /** A file, `-`, or a curl command in one text. */
  source: string;
  /** A curl command that the shell has taken apart. */
  words: string[] | undefined;
  key: string | undefined;
  out: string | undefined;
  baseUrl: string | undefined;
  force: boolean;
  print: boolean;
}

/** @throws ImportRefused that names what is wrong */
export function readInterfaceOptions(args: readonly string[]): InterfaceOptions {
  const [command, ...all] = args;
  if (command !== "import") {
    throw new ImportRefused(`${command === undefined ? "no command" : `no command "${command}"`}; there is:\n${USAGE}`);
  }
  const at = all.indexOf("curl");
  const words = at < 0 ? undefined : all.slice(at);
  const { values, positionals } = parsedArguments(at < 0 ? all : all.slice(0, at), OPTIONS, USAGE, ImportRefused);
  const [source = "", ...others] = positionals;
  if (others.length > 0 || (words !== undefined && source !== "")) throw new ImportRefused("one thing at a time");
  if (words === undefined && source === "") throw new ImportRefused(`import what?\n${USAGE}`);
  const { key, out, "base-url": baseUrl, force, print } = values;
  if (baseUrl !== undefined && !/^https?:\/\/[^\s/?#@\\]+(\/[^\s?#@\\]*)?$/.test(baseUrl)) {
    throw new ImportRefused("--base-url: https://host[:port][/prefix]");
  }
  return { source, words, key, out, baseUrl: baseUrl?.replace(/\/+$/, ""), force, print };
}
