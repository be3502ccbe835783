/** What the console has to know of each method and route, taken from its declaration: dist/methods.json, dist/apis.json. */
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { ApiDescription } from "../local/console/wire";
import { build } from "./bundler";
import { paths } from "./project";

/** What a method starts. */
export interface MethodTarget {
  kind: string;
  processKey: string;
  /** The variable that carries the submission's id. */
  stamp?: string;
  /** Of WeDa: by which identifiers its console knows the API and the method. */
  connector?: { ConnectorName: string; FunctionName: string };
}

export interface MethodDescription {
  name: string;
  title: { zh: string; en: string };
  /** null where it starts nothing. */
  target: MethodTarget | null;
  /** JSON Schema of the params. */
  inputSchema: Record<string, unknown>;
  sample: unknown;
  fields: Record<string, unknown>;
  /** Environment variables with secrets: such a method is not built for the custom-code route. */
  secrets: string[];
}

export interface Descriptions {
  methods: MethodDescription[];
  /** The routes of the sync API. */
  apis: ApiDescription[];
}

/** One bundle of all functions, so that zod is loaded once, and is the very zod of their schemas. */
export async function describeFunctions(names: string[]): Promise<Descriptions> {
  const outfile = resolve(paths.dist, "cache", "describe.cjs");
  mkdirSync(join(paths.dist, "cache"), { recursive: true });
  await build({
    stdin: { contents: entry(names), resolveDir: ".", loader: "ts", sourcefile: "describe-entry.ts" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@cloudbase/node-sdk", "./input-schemas.json"],
    outfile,
  });
  const require = createRequire(outfile);
  const { describe } = require(outfile) as { describe: () => Descriptions };
  rmSync(outfile);
  return describe();
}

function entry(names: string[]): string {
  const imports = names.map((name, at) => `import method${at} from "./functions/${name}/index";`);
  const rows = names.map((name, at) => `describeMethod(${JSON.stringify(name)}, method${at}.definition)`);
  return `${imports.join("\n")}
import { routes } from "./functions/sync-api/routes";
import { describeApi } from "./scripts/describe-api";
import { describeMethod } from "./scripts/describe-method";
export const describe = () => ({ methods: [${rows.join(", ")}], apis: routes.map(describeApi) });`;
}
