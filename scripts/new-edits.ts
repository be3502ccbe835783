/** What a new method or route adds to the files that list them: text in, text out, and nothing else of them changes. */
import { partsOf, skeleton } from "./import-flow-source";
import type { KindParts } from "./new-kinds";

/** @throws Error where the list cannot be found */
export function withRow(config: string, name: string, { timeout, variables }: KindParts): string {
  const head = /"functions"\s*:\s*\[/.exec(config);
  if (head === null) throw new Error("cloudbaserc.json has no list of functions");
  const code = skeleton(config);
  const rows = partsOf(code, head.index + head[0].length).filter(
    ({ from, to }) => config.slice(from, to).trim() !== "",
  );
  const last = rows[rows.length - 1];
  if (last === undefined) throw new Error("cloudbaserc.json has no row that the new one could stand beside");
  const end = last.from + config.slice(last.from, last.to).trimEnd().length;
  const indent = /\n([ \t]*)\{/.exec(config.slice(last.from, last.to))?.[1] ?? "    ";
  const newline = config.includes("\r\n") ? "\r\n" : "\n";
  const row = rowLines(name, timeout, variables).map((line) => `${newline}${indent}${line}`);
  const changed = `${config.slice(0, end)},${row.join("")}${config.slice(end)}`;
  JSON.parse(changed);
  return changed;
}

function rowLines(name: string, timeout: number, variables: readonly string[]): string[] {
  const set = variables.map((variable, at) => {
    return `    "${variable}": "{{env.${variable}}}"${at === variables.length - 1 ? "" : ","}`;
  });
  return [
    "{",
    `  "name": "${name}",`,
    '  "handler": "index.main",',
    '  "runtime": "Nodejs20.19",',
    `  "timeout": ${timeout},`,
    '  "memorySize": 256,',
    '  "installDependency": false,',
    `  "ignore": ["**/.env*", "**/*.map"]${set.length === 0 ? "" : ","}`,
    ...(set.length === 0 ? [] : ['  "envVariables": {', ...set, "  }"]),
    "}",
  ];
}

/** @throws Error where the list of methods cannot be found, or has the name already */
export function withTarget(source: string, name: string, id: string): string {
  const list = /const METHODS = \[([^\]]*)\]/.exec(source);
  if (list === null) throw new Error("functions/targets.ts has no list METHODS");
  return inserted(source, `import ${id} from "./${name}/index";`, id, list.index + list[0].length - 1);
}

/** @throws Error as `withTarget` */
export function withRoute(source: string, file: string, id: string): string {
  const head = /\bdefineRoutes\(\[/.exec(source);
  if (head === null) throw new Error("functions/sync-api/routes.ts has no defineRoutes([…])");
  const parts = partsOf(skeleton(source), head.index + head[0].length);
  return inserted(source, `import { ${id} } from "./${file}";`, id, parts[parts.length - 1]?.to ?? 0);
}

/** At the end of a list, and among the imports. */
function inserted(source: string, importLine: string, id: string, end: number): string {
  if (new RegExp(`\\b${id}\\b`).test(source)) throw new Error(`the name ${id} is taken there`);
  const before = source.slice(0, end).trimEnd();
  const comma = /[,[]$/.test(before) ? "" : ",";
  const listed = `${before}${comma} ${id}${source.slice(end)}`;
  const last = [...listed.matchAll(/^import [^;]*;[ \t]*\r?$/gm)].pop();
  const at = last === undefined ? 0 : last.index + last[0].length;
  return `${listed.slice(0, at)}\n${importLine}${listed.slice(at)}`;
}
