/** The options of `npm start`: one row each, from the command line or the environment. */
import { parseArgs } from "node:util";
import * as z from "zod";

const ROWS = {
  port: {
    variable: "PORT",
    schema: z.coerce.number<string>().int().min(0).max(65_535).default(4000),
    takes: "a whole number from 0 to 65535",
    help: "port on 127.0.0.1; 0 takes any free one",
    example: "4001",
  },
  data: {
    variable: "STARTFLOW_DATA",
    schema: z.string().min(1).default(".startflow"),
    takes: "the path of a folder",
    help: "folder that keeps the state",
    example: ".startflow-4001",
  },
} as const;

export interface Options {
  port: number;
  data: string;
}

type Name = keyof Options;

const NAMES = Object.keys(ROWS) as Name[];
const EXAMPLE = `npm start -- ${NAMES.map((name) => `--${name} ${ROWS[name].example}`).join(" ")}`;

export const HELP = `npm start -- [options]\n${NAMES.map((name) => {
  const { help, variable } = ROWS[name];
  return `  --${name.padEnd(6)} ${help} (environment: ${variable})`;
}).join("\n")}`;

/** @throws Error that names what is wrong, and what to type */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): Options {
  const { values, positionals } = parsed(args);
  const kept = NAMES.filter((name) => environment[`npm_config_${name}`]);
  if (kept.length > 0)
    throw new Error(`npm has kept ${listed(kept)} to itself: ${meant(kept, positionals, environment)}`);
  if (positionals.length > 0)
    throw new Error(`npm start takes no "${positionals[0]}": its options are ${listed(NAMES)}, as in ${EXAMPLE}`);
  return { port: read("port", values.port, environment), data: read("data", values.data, environment) };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { port: { type: "string" }, data: { type: "string" } } });
  } catch (error) {
    const [, option = ""] = /'(-[^' ]*)/.exec(error instanceof Error ? error.message : "") ?? [];
    const known = NAMES.find((name) => option === `--${name}`);
    if (known !== undefined) throw new Error(`${option} takes ${ROWS[known].takes}: ${EXAMPLE}`, { cause: error });
    throw new Error(`there is no option ${option}: there are ${listed(NAMES)}, as in ${EXAMPLE}`, { cause: error });
  }
}

/** What npm hands on of `npm start --port 4999`: the option as a variable, its value there or among the bare words. */
function meant(kept: Name[], words: string[], environment: NodeJS.ProcessEnv): string {
  const left = [...words];
  const options = kept.map((name) => {
    const value = environment[`npm_config_${name}`];
    if (value !== "true") return `--${name} ${value}`;
    const at = left.findIndex((word) => ROWS[name].schema.safeParse(word).success);
    return `--${name} ${at < 0 ? ROWS[name].example : left.splice(at, 1)[0]}`;
  });
  return `npm start -- ${options.join(" ")}`;
}

function read<One extends Name>(name: One, typed: string | undefined, environment: NodeJS.ProcessEnv): Options[One] {
  const { variable, schema, takes } = ROWS[name];
  const value = typed ?? environment[variable];
  const { success, data } = schema.safeParse(value === "" ? undefined : value);
  if (success) return data as Options[One];
  throw new Error(`${typed === undefined ? variable : `--${name}`} takes ${takes}, not "${value}"`);
}

function listed(names: Name[]): string {
  return names.map((name) => `--${name}`).join(" and ");
}
