/** The command line of `npm run submissions`: what may be asked, and what is wrong with what was asked. */
import { userInfo } from "node:os";
import { type ParseArgsConfig, parseArgs } from "node:util";
import * as z from "zod";
import { SUBMISSION_ID } from "../shared/engines/submission";
import type { SubmissionState } from "../shared/once/record";
import { MAX_LIST } from "../shared/once/resolve";
import { parsingProblem } from "./command";

export const USAGE = `npm run submissions -- list [--state unknown|dispatched|free|started] [--env preview|production] [--limit N]
npm run submissions -- show <submission id> [--env preview|production]
npm run submissions -- resolve <submission id> --started <process id> | --not-started [--env …] [--by NAME]

Each takes --json, and one of
  --url URL       a local platform (default http://127.0.0.1:4000)
  --cloud ENV_ID  a CloudBase environment; keys from TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY`;

const COMMON = { env: "string", json: "boolean", url: "string", cloud: "string" } as const;
/** The options that each command takes beside those. */
const COMMANDS = {
  list: { state: "string", limit: "string" },
  show: {},
  resolve: { started: "string", "not-started": "boolean", by: "string" },
} as const;
type CommandName = keyof typeof COMMANDS;

const DEFAULT_LIMIT = 50;
const optionsSchema = z.object({
  env: z.enum(["preview", "production"]).optional(),
  state: z.enum(["unknown", "dispatched", "free", "started"]).optional(),
  limit: z.coerce.number<string>().int().min(1).max(MAX_LIST).default(DEFAULT_LIMIT),
  url: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:4000"),
  cloud: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  started: z
    .string()
    .regex(/^[^\s\p{Cc}]{1,128}$/u)
    .optional(),
  "not-started": z.boolean().default(false),
  by: z.string().trim().min(1).max(64).optional(),
  json: z.boolean().default(false),
});

export interface SubmissionsOptions {
  command: CommandName;
  /** "" for `list`. */
  submissionId: string;
  environment: "preview" | "production" | undefined;
  state: SubmissionState | undefined;
  limit: number;
  url: string;
  cloud: string | undefined;
  /** Of `resolve`. */
  decision: { to: "started" | "free"; processId: string | null; by: string };
  json: boolean;
}

/** @throws Error that names what is wrong */
export function readSubmissionsOptions(args: string[]): SubmissionsOptions {
  const [command = "", ...rest] = args;
  if (!isCommand(command)) {
    throw new Error(`${command === "" ? "no command" : `no command "${command}"`}; there are:\n${USAGE}`);
  }
  const { values, positionals } = parsed(command, rest);
  const read = optionsSchema.safeParse(values);
  if (!read.success) {
    const [first] = read.error.issues;
    throw new Error(`--${first?.path.join(".")}: ${first?.message}`);
  }
  const { data } = read;
  if (values.url !== undefined && data.cloud !== undefined) throw new Error("--url and --cloud: give one of them");
  return {
    command,
    submissionId: submissionIdOf(command, positionals),
    environment: data.env,
    state: data.state,
    limit: data.limit,
    url: data.url,
    cloud: data.cloud,
    decision: decisionOf(command, data),
    json: data.json,
  };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function parsed(command: CommandName, args: string[]) {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const [name, type] of Object.entries({ ...COMMON, ...COMMANDS[command] })) options[name] = { type };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const taken = Object.keys(options).map((name) => `--${name}`);
    throw new Error(`${command}: ${parsingProblem(error)}; it takes ${taken.join(", ")}`, { cause: error });
  }
}

function submissionIdOf(command: CommandName, [id, ...others]: string[]): string {
  if (command === "list") {
    if (id !== undefined) throw new Error(`list: takes no "${id}"`);
    return "";
  }
  if (id === undefined) throw new Error(`${command}: which submission? give its id`);
  if (others.length > 0) throw new Error(`${command}: one submission at a time`);
  if (!SUBMISSION_ID.test(id))
    throw new Error(`${command}: a submission id has 8 to 64 letters, digits, - or _: ${id}`);
  return id;
}

function decisionOf(command: CommandName, data: z.output<typeof optionsSchema>): SubmissionsOptions["decision"] {
  const { started: processId = null, "not-started": isNotStarted } = data;
  if (command === "resolve" && (processId !== null) === isNotStarted) {
    throw new Error("resolve: give --started <process id> or --not-started, as you found it in the process list");
  }
  return { to: isNotStarted ? "free" : "started", processId, by: data.by ?? userInfo().username };
}
