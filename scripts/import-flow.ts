/** `npm run import-flow -- …`: codes and types of a flow's start variables into a method's `fields`, and what has drifted. */

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { CorehrVariable } from "../shared/engines/corehr/fields";
import type { MethodDescription } from "../shared/method/description";
import { runCommand } from "./command";
import { readAnswers, refuseSecrets } from "./import-flow-answer";
import { askedBy, corehrVariables, dottedIn } from "./import-flow-corehr";
import { matched } from "./import-flow-match";
import { describedMethod, fieldsOf, keyOf } from "./import-flow-method";
import { type ImportFlowOptions, readImportFlowOptions, USAGE } from "./import-flow-options";
import { formattedTable, notedCodes, replaced, tableText } from "./import-flow-print";
import { fieldsTable } from "./import-flow-source";
import type { FlowVariable } from "./import-flow-variable";
import { wedaVariables } from "./import-flow-weda";
import { ImportRefused } from "./interface-draft";
import { paths } from "./project";

/** npm runs scripts in the project's folder; what was typed is meant from where it was typed. */
const typedAt = process.env.INIT_CWD ?? process.cwd();

interface Read {
  variables: FlowVariable[];
  secrets: string[];
  /** What Feishu said beside its answer. */
  said: string;
}

async function readVariables(options: ImportFlowOptions, method: MethodDescription | undefined): Promise<Read> {
  const { file, corehr } = options;
  if (corehr !== undefined) {
    const entries = Object.values(method?.fields ?? {}) as CorehrVariable[];
    const asked = [...new Set([...askedBy(entries), ...(corehr.variables ?? [])])];
    if (asked.length === 0)
      throw new ImportRefused("the method has no variables yet: name them with --variables a,b,c");
    return { ...(await corehrVariables(corehr.flowDefinitionId, asked, corehr.url, dottedIn(entries))), secrets: [] };
  }
  const { answers, secrets } = readAnswers(resolve(typedAt, file ?? ""), file ?? "");
  return { variables: wedaVariables(answers, method?.target?.processKey), secrets, said: "" };
}

async function run(options: ImportFlowOptions): Promise<void> {
  const method = options.method === undefined ? undefined : await describedMethod(options.method);
  if (method !== undefined) refuseOther(method, options);
  const read = await readVariables(options, method);
  if (read.said !== "") console.error(`Feishu says: ${read.said}`);
  if (method === undefined) printAll(read);
  else await compare(method, read, options);
}

function refuseOther({ name, target }: MethodDescription, { corehr }: ImportFlowOptions): void {
  const wanted = corehr === undefined ? "weda-process" : "corehr-process";
  if (target?.kind !== wanted) {
    throw new ImportRefused(
      `${name} is of the kind ${target?.kind ?? "that starts nothing"}, and this is for ${wanted}`,
    );
  }
  if (corehr !== undefined && corehr.flowDefinitionId !== target.processKey) {
    throw new ImportRefused(`${name} starts ${target.processKey}, not ${corehr.flowDefinitionId}`);
  }
}

/** Without a method every variable is a row, under its own name. */
function printAll({ variables, secrets }: Read): void {
  const taken = new Set<string>();
  const rows = variables.flatMap((variable) => {
    const field = keyOf(variable, taken);
    return variable.entry === undefined || field === undefined
      ? []
      : [{ field, entry: variable.entry, isKept: false, variable }];
  });
  const without = variables.filter((variable) => !rows.some((row) => row.variable === variable));
  const table = formattedTable(tableText(rows, without));
  refuseSecrets(table, secrets);
  console.log(table);
  console.error(`${count(variables.length, "variable")}; with --method NAME they are compared with a method's`);
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;

async function compare(method: MethodDescription, read: Read, { write, check }: ImportFlowOptions): Promise<void> {
  const file = join(paths.functions, method.name, "index.ts");
  const source = readFileSync(file, "utf8");
  const table = fieldsTable(source);
  const noted = notedCodes(source.slice(table.start, table.end));
  const { rows, without, drift } = matched(fieldsOf(method, noted), read.variables);
  const stamp = method.target?.kind === "weda-process" ? method.target.stamp : undefined;
  if (stamp !== undefined && !read.variables.some(({ code }) => code === stamp)) {
    drift.push(`gone: the stamp's ${stamp} is no variable of the flow: change \`stamp\` by hand`);
  }
  if (rows.every(({ variable }) => variable === undefined)) {
    throw new ImportRefused(`none of these variables is one of ${method.name}: is this answer of another flow?`);
  }
  const text = tableText(rows, without, table);
  refuseSecrets([text, ...drift].join("\n"), read.secrets);
  if (!write) console.log(formattedTable(text));
  console.error(
    drift.length === 0 ? `${method.name}: nothing has drifted` : [`${method.name}:`, ...drift].join("\n  "),
  );
  if (write) await writeTable(method.name, file, source, replaced(source, table, text));
  else if (check && drift.length > 0) process.exitCode = 1;
}

/** What does not load any more is taken back. @throws ImportRefused */
async function writeTable(name: string, file: string, before: string, after: string): Promise<void> {
  if (after === before) return console.error(`${relative(".", file)} is as it should be`);
  replaceFile(file, after);
  try {
    await describedMethod(name);
  } catch (error) {
    replaceFile(file, before);
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImportRefused(`with this table the method does not load, so nothing was changed: ${reason}`);
  }
  console.error(`written: ${relative(".", file)}; npm run build, then a dry run shows what is sent`);
}

/** At once: a file that is half written would be worse than none. */
function replaceFile(file: string, text: string): void {
  const beside = `${file}.new`;
  if (existsSync(beside)) throw new ImportRefused(`${beside} is in the way: remove it`);
  writeFileSync(beside, text, { flag: "wx" });
  renameSync(beside, file);
}

await runCommand("import-flow", USAGE, (args) => run(readImportFlowOptions(args)));
