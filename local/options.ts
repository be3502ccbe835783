/** The options of `npm start`: one row each, from the command line or the environment. */
import { parseArgs } from "node:util";
import * as z from "zod";

const ROWS = {
  port: {
    variable: "PORT",
    schema: z.coerce.number<string>().int().min(0).max(65_535).default(4000),
    help: "port on 127.0.0.1; 0 takes any free one",
  },
  data: {
    variable: "STARTFLOW_DATA",
    schema: z.string().min(1).default(".startflow"),
    help: "folder that keeps the state",
  },
} as const;

export interface Options {
  port: number;
  data: string;
}

export const HELP = `npm start -- [options]\n${Object.entries(ROWS)
  .map(([name, { variable, help }]) => `  --${name.padEnd(6)} ${help} (environment: ${variable})`)
  .join("\n")}`;

/** @throws Error that names the option and what it takes */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args,
    options: { port: { type: "string" }, data: { type: "string" } },
  });
  return {
    port: read("port", values.port ?? environment.PORT),
    data: read("data", values.data ?? environment.STARTFLOW_DATA),
  };
}

function read<Name extends keyof typeof ROWS>(name: Name, value: string | undefined): Options[Name] {
  const parsed = ROWS[name].schema.safeParse(value === "" ? undefined : value);
  if (parsed.success) return parsed.data as Options[Name];
  throw new Error(`--${name}: ${parsed.error.issues[0]?.message ?? "wrong value"} (${ROWS[name].help})`);
}
