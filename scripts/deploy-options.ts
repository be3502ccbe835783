/** The command line of `npm run deploy`: which functions go where, and what is wrong with what was asked. */

import * as z from "zod";
import { parsedArguments, refuseLostDryRun } from "./command";
import { LOCAL_ENVIRONMENT } from "./env-files";

export const USAGE = `npm run deploy -- [functions] [--env ENV] [--dry-run] [--no-build] [--timeout SECONDS]

  functions   names; default: all rows of cloudbaserc.json
  --env ENV   the values of .env < .env.local < .env.ENV < the environment
  --dry-run   checks and builds, shows what would be deployed, and sends nothing
  --no-build  deploys what is built, as it was tested
  --timeout   how long one function may take; default 300`;

const optionsSchema = z.object({
  env: z
    .string()
    .regex(/^[\w-]{1,64}$/, "letters, digits, - and _")
    .refine((name) => name !== LOCAL_ENVIRONMENT, "nothing is deployed to the local platform: run npm start")
    .optional(),
  "dry-run": z.boolean().default(false),
  "no-build": z.boolean().default(false),
  timeout: z.coerce.number<string>().int().min(1).max(3_600).default(300),
});

export interface DeployOptions {
  names: string[];
  environment: string | undefined;
  isDryRun: boolean;
  isBuilding: boolean;
  timeoutMs: number;
}

const flag = { type: "boolean" } as const;
const text = { type: "string" } as const;
const OPTIONS = { env: text, "dry-run": flag, "no-build": flag, timeout: text };

/** @throws Error that names what is wrong */
export function readDeployOptions(args: string[]): DeployOptions {
  const { values, positionals } = parsedArguments(args, OPTIONS, USAGE);
  refuseLostDryRun("deploy");
  const read = optionsSchema.safeParse(values);
  if (!read.success) {
    const [first] = read.error.issues;
    throw new Error(`--${first?.path.join(".")}: ${first?.message}`);
  }
  return {
    names: [...new Set(positionals)],
    environment: read.data.env,
    isDryRun: read.data["dry-run"],
    isBuilding: !read.data["no-build"],
    timeoutMs: read.data.timeout * 1_000,
  };
}
