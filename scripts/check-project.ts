/** What the checks look at: cloudbaserc.json, the values, the functions, and what the build says of them. */
import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { LOCAL_ENVIRONMENT, readValues, type Values } from "./env-files";
import { functionNames, paths } from "./project";

export const CONFIG_FILE = "cloudbaserc.json";

/** A member that is wrong is a finding of its own, so most are taken as they are. */
const rowSchema = z.looseObject({
  name: z.string(),
  handler: z.unknown().optional(),
  runtime: z.unknown().optional(),
  timeout: z.unknown().optional(),
  memorySize: z.unknown().optional(),
  installDependency: z.unknown().optional(),
  path: z.string().optional(),
  envVariables: z.record(z.string(), z.string()).default({}),
  triggers: z.array(z.unknown()).default([]),
});
export type Row = z.infer<typeof rowSchema>;

const configSchema = z.looseObject({
  envId: z.string(),
  region: z.string().optional(),
  functionRoot: z.string().default("functions"),
  functions: z.array(rowSchema),
});
export type Config = z.infer<typeof configSchema>;

const targetSchema = z.object({ kind: z.string(), processKey: z.string() });
const methodsSchema = z.array(
  z.object({ name: z.string(), target: targetSchema.nullable(), fields: z.record(z.string(), z.unknown()) }),
);
export type DescribedMethod = z.infer<typeof methodsSchema>[number];

const apisSchema = z.array(
  z.object({
    space: z.string(),
    module: z.string(),
    function: z.string(),
    auth: z.string(),
    enabled: z.boolean(),
    mode: z.string(),
    waitMs: z.number(),
    credentials: z.record(z.string(), z.string()),
  }),
);
export type DescribedApi = z.infer<typeof apisSchema>[number];

/** The function that the routes of dist/apis.json belong to. */
export const API_FUNCTION = "sync-api";

export interface Project {
  isLocal: boolean;
  values: Values;
  config: Config;
  /** Rows that are looked at: all of them, or those that were named. */
  rows: Row[];
  folders: string[];
  /** Empty where nothing is built. */
  methods: DescribedMethod[];
  apis: DescribedApi[];
}

export interface ProjectOptions {
  environment: string | undefined;
  /** Functions; none: all. */
  names: readonly string[];
  /** What is built is out of date, and will be built anew: nothing of it is read. */
  skipsBuilt?: boolean;
}

/** @throws Error that says what cannot be read */
export function readProject({ environment, names, skipsBuilt = false }: ProjectOptions): Project {
  const config = readJson(CONFIG_FILE, configSchema);
  const rows = config.functions.filter(({ name }) => names.length === 0 || names.includes(name));
  return {
    isLocal: environment === LOCAL_ENVIRONMENT,
    values: readValues(environment),
    config,
    rows,
    folders: functionNames(),
    methods: !skipsBuilt && existsSync(paths.methods) ? readJson(paths.methods, methodsSchema) : [],
    apis: !skipsBuilt && existsSync(paths.apis) ? readJson(paths.apis, apisSchema) : [],
  };
}

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // The parser's message repeats what stands in the file.
    const isThere = existsSync(file);
    throw new Error(`${file}: ${isThere ? "is no JSON" : "there is no such file"}`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
