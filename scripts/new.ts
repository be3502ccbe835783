/** `npm run new -- <kind> <name>`: a method or a route that runs on the local platform at once, with its test. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { corrected } from "./biome";
import { runCommand } from "./command";
import { withRoute, withRow, withTarget } from "./new-edits";
import { carryOut, type Plan } from "./new-files";
import { partsOfKind } from "./new-kinds";
import { type NewOptions, readNewOptions, USAGE } from "./new-options";
import { methodSource, methodTest, routeSource, routeTest } from "./new-source";
import { paths } from "./project";

const CONFIG = "cloudbaserc.json";
const TARGETS = join(paths.functions, "targets.ts");
const ROUTES = join(paths.functions, "sync-api", "routes.ts");
/** Kinds that start something: what became of it is asked of their engine. */
const ASKED: readonly string[] = ["weda", "workflow", "apaas", "corehr"];

interface Files {
  source: string;
  test: string;
}

function filesOf({ kind, name }: NewOptions): Files {
  if (kind !== "api") {
    return {
      source: join(paths.functions, name, "index.ts"),
      test: join("test", "local", "methods", `${name}.test.ts`),
    };
  }
  const file = name.replaceAll("/", "-");
  return {
    source: join(paths.functions, "sync-api", `${file}.ts`),
    test: join("test", "local", "sync-api", `${file}.test.ts`),
  };
}

function planOf(options: NewOptions, { source, test }: Files): Plan {
  const isRoute = options.kind === "api";
  const create = new Map([
    [source, corrected(isRoute ? routeSource(options) : methodSource(options), source)],
    [test, corrected(isRoute ? routeTest(options) : methodTest(options), test)],
  ]);
  return { create, change: isRoute ? changedRoutes(options) : changedLists(options) };
}

function changedRoutes({ name, id }: NewOptions): Map<string, string> {
  const routes = withRoute(readFileSync(ROUTES, "utf8"), name.replaceAll("/", "-"), id);
  return new Map([[ROUTES, corrected(routes, ROUTES)]]);
}

function changedLists(options: NewOptions): Map<string, string> {
  const { kind, name, id } = options;
  const change = new Map([[CONFIG, withRow(readFileSync(CONFIG, "utf8"), name, partsOfKind(options))]]);
  if (!ASKED.includes(kind)) return change;
  const targets = withTarget(readFileSync(TARGETS, "utf8"), name, id);
  return change.set(TARGETS, corrected(targets, TARGETS));
}

/** @throws Error that repeats nothing of the file */
function configuredFunctions(): ({ name?: unknown } | null)[] {
  let functions: unknown;
  try {
    functions = JSON.parse(readFileSync(CONFIG, "utf8"))?.functions;
  } catch {
    // The parser's message repeats what stands in the file.
  }
  if (!Array.isArray(functions))
    throw new Error(`${CONFIG} cannot be read, or has no list of functions: npm run check`);
  return functions;
}

/** @throws Error where something of this name is there already, under whatever spelling */
function refuseTaken({ kind, name }: NewOptions, { source, test }: Files): void {
  const functions = configuredFunctions();
  const dropped = join("local", "weda", "code", `${name}.js`);
  const folder = kind === "api" ? source : join(paths.functions, name);
  const taken = [folder, `${folder}.ts`, test, dropped].find((path) => existsSync(path));
  if (taken !== undefined) throw new Error(`${name} is taken: ${taken} is there already`);
  if (functions.some((row) => row?.name === name)) throw new Error(`${name} is taken: it has a row in ${CONFIG}`);
  if (kind !== "api") return;
  const [space, module, last] = name.split("/");
  const isRoute = new RegExp(`space: "${space}",\\s*module: "${module}",\\s*function: "${last}"`);
  if (isRoute.test(readFileSync(ROUTES, "utf8"))) throw new Error(`${name} is taken: ${ROUTES} has it`);
}

function run(args: string[]): void {
  const options = readNewOptions(args);
  const files = filesOf(options);
  refuseTaken(options, files);
  const plan = planOf(options, files);
  carryOut(plan);
  const call =
    options.kind === "api"
      ? `npm start, then: curl -H 'token: 123456' -d '${JSON.stringify(partsOfKind(options).sample)}' http://127.0.0.1:4000/v1/api/${options.name}`
      : `npm start, then open http://127.0.0.1:4000/#/methods/${options.name}: it runs as it is`;
  const next = [call, `npm test -- ${files.test}`, ...partsOfKind(options).next];
  console.log(
    [
      ...[...plan.create.keys()].map((path) => `new:     ${path}`),
      ...[...plan.change.keys()].map((path) => `changed: ${path}`),
      "",
      "Next:",
      ...next.map((step, at) => `  ${at + 1}. ${step}`),
    ].join("\n"),
  );
}

await runCommand("new", USAGE, run);
