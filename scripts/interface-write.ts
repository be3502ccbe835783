/** The source text of a catalogue file, formatted as the others are, with no secret of the input in it. */
import { camelCase } from "../shared/proxy/names";
import type { Built, BuiltArgument } from "./interface-build";
import { ImportRefused, type Notes } from "./interface-draft";

/** Not yet formatted. @param from where `definePlatform` is, as the file that is written sees it */
export function catalogueSource({ platform, interfaces }: Built, from: string, notes: Notes): string {
  const key = String(platform.platform_key);
  const { en } = platform.title as { en: string };
  const entries = Object.entries(interfaces).map(([name, one]) => `${JSON.stringify(name)}: ${interfaceSource(one)}`);
  const parts = Object.entries(platform).map(([name, value]) => `${name}: ${json(value)}`);
  const body = `{${[...parts, `interfaces: {${entries.join(",")}}`].join(",")}}`;
  const hasArguments = Object.values(interfaces).some(({ args }) => args !== undefined);
  const source = [
    `/** ${en.replaceAll("*/", "* /")}: imported; look over names, titles and what may be called again. */`,
    ...(hasArguments ? ['import * as z from "zod";'] : []),
    `import { definePlatform } from ${json(from)};`,
    "",
    `export const ${exportName(key)} = definePlatform(${body});`,
    "",
  ].join("\n");
  checkSecrets(source, notes);
  return source;
}

/** What no module can export, and what the file itself imports: https://tc39.es/ecma262/#prod-ReservedWord */
export const RESERVED = (
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function " +
  "if import in instanceof new null return super switch this throw true try typeof var void while with yield let static " +
  "implements interface package private protected public arguments eval undefined NaN Infinity z definePlatform"
).split(" ");

/** `crm_system` -> `crmSystem`. */
export function exportName(key: string): string {
  const name = camelCase(key);
  return RESERVED.includes(name) ? `${name}Platform` : name;
}

/** JSON is source text too, but for two line separators that older readers break lines at. */
export const json = (value: unknown) =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => (end === "\u2028" ? "\\u2028" : "\\u2029"));

function interfaceSource({ args, ...rest }: Built["interfaces"][string]): string {
  const parts = Object.entries(rest).map(([name, value]) => `${name}: ${json(value)}`);
  if (args !== undefined) parts.splice(3, 0, `args: [${args.map(argumentSource).join(",")}]`);
  return `{${parts.join(",")}}`;
}

function argumentSource({ schema, default: value, ...rest }: BuiltArgument): string {
  const parts = Object.entries(rest).map(([name, part]) => `${name}: ${json(part)}`);
  if (value !== undefined) return `{${[...parts, `schema: ${schema}`, `default: ${json(value)}`].join(",")}}`;
  return `{${[...parts, `schema: ${schema}`].join(",")}}`;
}

/** The last look: whatever way a secret came in, it is not written. @throws ImportRefused without the value */
function checkSecrets(source: string, notes: Notes): void {
  const isIn = (secret: string) =>
    [secret, encodeURIComponent(secret), json(secret).slice(1, -1), Buffer.from(secret).toString("base64")].some(
      (text) => source.includes(text),
    );
  if (!notes.secrets.some(isIn)) return;
  throw new ImportRefused(
    "a secret of the input also stands where a name or an address is read; take it out of the input",
  );
}
