/** Deploys one function by the CLI, adds what the CLI leaves out, and verifies it. */
import type { Row } from "./check-project";
import { type CliOptions, type CliRun, deployFailureIn, failureIn, runCli } from "./deploy-cli";
import { type Ask, differences, hasPath, type Place, readState } from "./deploy-verify";
import { ApiError } from "./tencent-cloud-api";

export interface Deployed {
  name: string;
  isDeployed: boolean;
  /** What is there now, or what went wrong; without secrets. */
  text: string;
  durationMs: number;
}

export interface DeployParts {
  ask: Ask;
  place: Place;
  cli: CliOptions;
}

export async function deployFunction(row: Row, parts: DeployParts): Promise<Deployed> {
  const startedMs = Date.now();
  const told = (isDeployed: boolean, text: string) => ({
    name: row.name,
    isDeployed,
    text,
    durationMs: Date.now() - startedMs,
  });
  try {
    const run = await cliStep(["fn", "deploy", row.name, "--yes", "--deployMode", "zip"], parts);
    const failure = deployFailureIn(run, parts.cli.timeoutMs);
    if (failure !== undefined) return told(false, `${failure}${await statusNow(row.name, parts)}`);
    const problem = await pathProblem(row, parts);
    if (problem !== undefined) return told(false, problem);
    const state = await readState(parts.ask, parts.place, row.name, startedMs + parts.cli.timeoutMs);
    const found = differences(row, state, parts.cli.values);
    const path = row.path === undefined ? "" : `, ${row.path}`;
    const size = `${state.Status}, ${state.Runtime}, ${state.CodeSize} B${path}`;
    return found.length === 0 ? told(true, size) : told(false, `DIFFERS: ${found.join("; ")}`);
  } catch (error) {
    return told(false, error instanceof ApiError ? `${error.code}: ${error.message}` : String(error));
  }
}

function cliStep(args: string[], { cli, place }: DeployParts): Promise<CliRun> {
  return runCli([...args, "--envId", place.envId], cli);
}

/** What the platform says itself of a function with which the CLI was not content. */
async function statusNow(name: string, { ask, place }: DeployParts): Promise<string> {
  try {
    const { Status, StatusDesc } = await readState(ask, place, name, 0);
    return Status === "Active" ? "" : `; Status is ${Status}${StatusDesc ? ` (${StatusDesc})` : ""}`;
  } catch {
    // There is none, or nothing can be asked: the CLI has said why.
    return "";
  }
}

/** An update by @cloudbase/cli 2.12.10 makes no path: it is made where it is not there. */
async function pathProblem(row: Row, parts: DeployParts): Promise<string | undefined> {
  const { ask, place } = parts;
  if (await hasPath(ask, place, row)) return undefined;
  const run = await cliStep(["service", "create", "-p", String(row.path), "-f", row.name], parts);
  if (await hasPath(ask, place, row)) return undefined;
  const failure = failureIn(run, parts.cli.timeoutMs);
  return `PATH: ${row.path} was not made${failure === undefined ? "" : `; ${failure}`}`;
}
