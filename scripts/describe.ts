/** What the console has to know of each method and route, taken from its declaration: dist/methods.json, dist/apis.json. */
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { MethodDescription } from "../shared/method/description";
import type { ApiDescription } from "../shared/sync-api/routes/description";
import { build } from "./bundler";
import { paths } from "./project";

export interface Descriptions {
  methods: MethodDescription[];
  /** The routes of the sync API. */
  apis: ApiDescription[];
}

/** One bundle of all functions, so that zod is loaded once, and is the very zod of their schemas. */
export async function describeFunctions(names: string[]): Promise<Descriptions> {
  const imports = names.map((name, at) => importOf(name, at));
  const rows = names.map((name, at) => describedAs(name, at));
  const entry = `${imports.join("\n")}
import { routes } from "./functions/sync-api/routes";
import { describeApi } from "./scripts/describe-api";
export const describe = () => ({ methods: [${rows.join(", ")}], apis: routes.map(describeApi) });`;
  return (await loaded<() => Descriptions>("describe", entry))();
}

/** One method as it is on disk: of the others and of the routes nothing is read. */
export async function describeFunction(name: string): Promise<MethodDescription> {
  const entry = `${importOf(name, 0)}\nexport const describe = () => ${describedAs(name, 0)};`;
  return (await loaded<() => MethodDescription>(`describe-${name}`, entry, ["zod"]))();
}

const importOf = (name: string, at: number) => `import method${at} from "./functions/${name}/index";`;
const describedAs = (name: string, at: number) => `describeMethod(${JSON.stringify(name)}, method${at}.definition)`;

/** @param packages that are loaded from where they are: to read one of them is faster than to bundle it */
async function loaded<Describe>(file: string, entry: string, packages: readonly string[] = []): Promise<Describe> {
  const outfile = resolve(paths.dist, "cache", `${file}.cjs`);
  mkdirSync(join(paths.dist, "cache"), { recursive: true });
  const contents = `import { describeMethod } from "./scripts/describe-method";\n${entry}`;
  await build({
    stdin: { contents, resolveDir: ".", loader: "ts", sourcefile: "describe-entry.ts" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@cloudbase/node-sdk", "./input-schemas.json", ...packages],
    outfile,
  });
  const require = createRequire(outfile);
  try {
    return (require(outfile) as { describe: Describe }).describe;
  } finally {
    // What is described again has changed.
    delete require.cache[outfile];
    rmSync(outfile);
  }
}
