/** `npm run deploy -- [functions] [--env ENV] [--dry-run]`: checks, builds, deploys by the real CLI, and verifies. */

import * as z from "zod";
import { type Checked, check, errorsOf } from "./check-all";
import type { Project } from "./check-project";
import { runCommand } from "./command";
import { type CliOptions, runCli, withoutSecrets } from "./deploy-cli";
import { type Deployed, deployFunction } from "./deploy-function";
import { type Login, login } from "./deploy-login";
import { type DeployOptions, readDeployOptions, USAGE } from "./deploy-options";
import { adviceText, findingsText, planText, resultsText } from "./deploy-report";
import type { Ask, Place } from "./deploy-verify";
import { filledIn } from "./env-files";
import { isBuilt } from "./project";
import { ApiError, callApi } from "./tencent-cloud-api";

/** Each loads the CLI's 32 MB: more at a time only wait for each other. */
const SIDE_BY_SIDE = 4;
const DEFAULT_REGION = "ap-shanghai";
const RENEW_MS = 30_000;

class Stopped extends Error {}

/** @throws Stopped with every finding, before anything is deployed */
async function checkedProject({ environment, names, isBuilding }: DeployOptions): Promise<Project> {
  const isToBuild = isBuilding && !isBuilt();
  const first = check({ environment, names, skipsBuilt: isToBuild });
  const known = first.project?.config.functions.map(({ name }) => name);
  const unknown = known && names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no function ${unknown}; there are ${known?.join(", ")}`);
  const project = passed(first);
  if (!isToBuild) return project;
  console.log("building");
  await (await import("./build-all")).buildIfStale();
  return passed(check({ environment, names }));
}

function passed({ findings, project }: Checked): Project {
  if (project === undefined || errorsOf(findings).length > 0)
    throw new Stopped(`${findingsText(findings)}\nnothing was deployed`);
  return project;
}

const environmentsSchema = z.object({
  EnvList: z
    .array(z.object({ EnvId: z.string(), Functions: z.array(z.object({ Namespace: z.string() })).nullish() }))
    .nullish(),
});

/** Asked before the CLI, which at a refused key would open a page to log in, and wait. @throws ApiError */
async function placeOf(ask: Ask, envId: string): Promise<Place> {
  const answer = await ask({ service: "tcb", action: "DescribeEnvs", params: { EnvId: envId } });
  const found = environmentsSchema.safeParse(answer).data?.EnvList?.find((one) => one.EnvId === envId);
  if (found === undefined) throw new ApiError("NO_ENVIRONMENT", `there is no environment ${envId}`);
  return { envId, namespace: found.Functions?.[0]?.Namespace ?? envId };
}

async function deployed(project: Project, user: Login, { timeoutMs }: DeployOptions): Promise<Deployed[]> {
  const { values, config, rows } = project;
  const envId = filledIn(config.envId, values);
  // An empty one is none, as for the CLI.
  const region = values.get("TCB_REGION") || filledIn(config.region ?? "", values) || DEFAULT_REGION;
  const cli: CliOptions = { home: user.home, values, timeoutMs };
  if (user.isStale()) await runCli(["env", "list"], { ...cli, timeoutMs: RENEW_MS });
  const ask: Ask = (call) => callApi(call, user.credentials(), region);
  const place = await placeOf(ask, envId);
  console.log(`deploying ${rows.length} functions to ${envId}`);
  const results: Deployed[] = [];
  const queue = [...rows];
  const lane = async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      const result = await deployFunction(row, { ask, place, cli });
      results.push({ ...result, text: withoutSecrets(result.text, values) });
      if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${rows.length} `);
    }
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, rows.length) }, lane));
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return results.sort(
    (a, b) => rows.findIndex(({ name }) => name === a.name) - rows.findIndex(({ name }) => name === b.name),
  );
}

async function run(args: string[]): Promise<void> {
  const options = readDeployOptions(args);
  const project = await checkedProject(options);
  if (options.isDryRun) {
    console.log(planText(project, filledIn(project.config.envId, project.values)));
    return;
  }
  const user = login(project.values);
  const end = () => process.exit(130);
  process.once("SIGINT", end).once("SIGTERM", end).once("SIGHUP", end);
  try {
    const results = await deployed(project, user, options);
    console.log(resultsText(results, options));
    process.exitCode = results.every(({ isDeployed }) => isDeployed) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const cause = withoutSecrets(`${error.code}: ${error.message}`, project.values);
    throw new Stopped(`${cause}\n${adviceText(cause)}\nnothing was deployed`);
  } finally {
    user.remove();
  }
}

await runCommand("deploy", USAGE, run, (error) =>
  error instanceof Stopped ? error.message : `deploy: ${error instanceof Error ? error.message : error}`,
);
