/** `npm run interface -- import …`: a catalogue file from an OpenAPI description, a Postman collection or a curl command. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { formatted } from "./biome";
import { runCommand } from "./command";
import { type Built, built } from "./interface-build";
import { readCurl, readCurlWords } from "./interface-curl";
import { type Draft, ImportRefused, isObject, makeNotes, type Notes } from "./interface-draft";
import { platformKey } from "./interface-names";
import { readOpenApi } from "./interface-openapi";
import { type InterfaceOptions, readInterfaceOptions, USAGE } from "./interface-options";
import { readPostman } from "./interface-postman";
import { catalogueSource, exportName } from "./interface-write";

const PLATFORMS = join("shared", "proxy", "platforms");
/** npm runs scripts in the project's folder; what was typed is meant from where it was typed. */
const typedAt = process.env.INIT_CWD ?? process.cwd();

async function run(args: string[]): Promise<void> {
  const options = readInterfaceOptions(args);
  const notes = makeNotes();
  const draft = await readDraft(options, notes);
  const key = platformKey(options.key, draft.name);
  const file =
    options.out === undefined ? join(PLATFORMS, `${key.replaceAll("_", "-")}.ts`) : resolve(typedAt, options.out);
  if (!options.print && !options.force && existsSync(file)) {
    throw new ImportRefused(
      `${relative(".", file)} is there already: --force overwrites it, --key or --out names another`,
    );
  }
  const made = built(draft, key, notes);
  if (Object.keys(made.interfaces).length === 0)
    throw new ImportRefused(["nothing could be imported:", ...notes.texts].join("\n  "));
  const from = definitionFrom(options.print ? join(PLATFORMS, "x.ts") : file);
  const source = formatted(catalogueSource(made, from, notes));
  if (options.print) process.stdout.write(source);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source, { flag: options.force ? "w" : "wx" });
  }
  report(made, key, file, options.print, notes);
}

/** Where `definePlatform` is, as an import of the file that is written. */
function definitionFrom(file: string): string {
  const path = relative(dirname(resolve(file)), resolve("shared", "proxy", "types")).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** With the prompt of a shell, as it is copied from a page. */
const CURL = /^\s*(\$\s+)?curl\s/;
const PROMPT = /^\s*\$\s+/;

async function readDraft({ source, words, baseUrl }: InterfaceOptions, notes: Notes): Promise<Draft> {
  if (words !== undefined) return readCurlWords(words, notes);
  if (CURL.test(source)) return readCurl(source.replace(PROMPT, ""), notes);
  const content = source === "-" ? await text(process.stdin) : fileText(source);
  if (CURL.test(content)) return readCurl(content.replace(PROMPT, ""), notes);
  const root = await rootOf(content);
  if (root.openapi !== undefined || root.swagger !== undefined) return readOpenApi(root, baseUrl, notes);
  if (root.info !== undefined && root.item !== undefined) return readPostman(root, baseUrl, notes);
  throw new ImportRefused("this is no OpenAPI 3 description, no Postman collection v2.1 and no curl command");
}

function fileText(name: string): string {
  const file = resolve(typedAt, name);
  if (!existsSync(file)) throw new ImportRefused(`there is no file ${name}`);
  return readFileSync(file, "utf8");
}

/** JSON is YAML too, but the reader of JSON is stricter and faster. */
async function rootOf(content: string): Promise<Record<string, unknown>> {
  const isJson = /^\s*\{/.test(content);
  try {
    const root: unknown = isJson ? JSON.parse(content.replace(/^\uFEFF/, "")) : (await import("yaml")).parse(content);
    if (isObject(root)) return root;
  } catch {
    // Its message would repeat what stands in the file.
  }
  throw new ImportRefused(isJson ? "this is no JSON that can be read" : "this is no JSON and no YAML that can be read");
}

/** On the error stream, so that `--print` gives nothing but the file. */
function report({ interfaces, variables }: Built, key: string, file: string, isPrinted: boolean, notes: Notes): void {
  const names = Object.keys(interfaces);
  const lines = [`${names.length} interface${names.length === 1 ? "" : "s"} of ${key}: ${names.join(", ")}`];
  if (!isPrinted) {
    const place = relative(PLATFORMS, file).replace(/\.ts$/, "");
    lines.push(`written: ${relative(".", file)}`);
    lines.push("", `Add it to ${join(PLATFORMS, "index.ts")}:`);
    const from = place.startsWith(".") ? place : `./${place}`;
    lines.push(`  import { ${exportName(key)} } from "${from}";   and ${exportName(key)} in catalogue`);
  }
  lines.push("", "Environment variables (secrets stand nowhere else):");
  for (const [name, meaning] of Object.entries(variables)) lines.push(`  ${name}  ${meaning}`);
  if (notes.texts.length > 0)
    lines.push("", "Not in the file, or not as it was:", ...notes.texts.map((note) => `  - ${note}`));
  console.error(lines.join("\n"));
}

await runCommand("interface", USAGE, run);
