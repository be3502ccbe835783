/** Where a scenario takes place: a platform as it is shipped, the built function, and what can be read of both after. */
import { join } from "node:path";
import type { InstanceView } from "../../local/console/wire";
import type { Faults } from "../../local/faults";
import { functionEnvironment, readFunctionConfigs } from "../../local/functions/environment";
import { keyOf as apaasKeyOf } from "../../shared/engines/apaas";
import type { SubmissionRecord } from "../../shared/once/record";
import type { Client } from "../helpers/platform";
import type { Stage } from "./stage";
import type { Environment, MethodName, Protocol } from "./wire";
import type { WorkerOptions, WorkerProcess } from "./worker-process";

/** SCF's limit for the function, as cloudbaserc.json has it. */
export const TIME_LIMIT_MS = 20_000;
const PAGE = 1_000;
const SETTLED_MS = 250;
const CONFIGS = readFunctionConfigs("cloudbaserc.json");

/** Each environment starts its processes for another user, so that the engine's list tells them apart. */
const USERS: Record<Environment, string> = { preview: "1000000000000000000", production: "2000000000000000000" };

/** A process that the engine has; the key is the ledger's: `<environment>:<submission id>`. */
export interface EngineProcess {
  key: string;
  id: string;
}

export interface WorkerChanges {
  protocol?: Protocol;
  environment?: Environment;
  timeLimitMs?: number;
  killAfterMs?: number;
  /** Instead of the platform's own address: a proxy's. */
  url?: string;
  variables?: Record<string, string>;
}

export interface Arena {
  readonly url: string;
  worker(changes?: WorkerChanges): Promise<WorkerProcess>;
  setFaults(faults: Faults): Promise<void>;
  publish(): Promise<void>;
  /** Moves the store's clock, and sweeps until nothing is left that the engine could tell of. @returns how many sweeps */
  sweep(offsetMs: number): Promise<number>;
  ledger(): Promise<Map<string, SubmissionRecord>>;
  /** All of them, once no more appear. @param ids of all submissions: an engine may know them by the key that they make */
  processes(ids: readonly string[]): Promise<EngineProcess[]>;
  /** Clears the stage for the next one. */
  stop(): Promise<void>;
}

/** The stage is one that nobody else plays on until `stop`. */
export function openArena(stage: Stage, method: MethodName = "start-leave"): Arena {
  const { platform, past } = stage;
  const ids = new Set<string>();
  const worker: Arena["worker"] = (changes = {}) => stage.worker(optionsOf(stage, method, changes));
  return {
    url: platform.url,
    worker,
    setFaults: (faults) => platform.send("PUT", "/_local/faults", faults),
    publish: () => platform.send("POST", "/_local/publish", { processKey: "flow_012" }),
    sweep: (offsetMs) => sweepAll(platform, offsetMs),
    ledger: () => readLedger(stage),
    async processes(submitted) {
      for (const id of submitted) ids.add(id);
      for (let known = -1; ; ) {
        const found = await platform.instances();
        if (found.length === known) {
          const keys = found.some(({ engine }) => engine === "apaas")
            ? keysOfApaas(submitted)
            : new Map<string, string>();
          const all = found.map((instance) => ({ id: instance.id, key: keyOf(instance, keys) }));
          return all.filter(({ key }) => !past.has(key.slice(key.indexOf(":") + 1)));
        }
        known = found.length;
        await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      }
    },
    async stop() {
      for (const id of ids) past.add(id);
      await stage.clear();
    },
  };
}

function optionsOf({ platform }: Stage, method: MethodName, changes: WorkerChanges): WorkerOptions {
  const { protocol = "startflow", timeLimitMs = TIME_LIMIT_MS, killAfterMs = timeLimitMs } = changes;
  const { environment = "preview", url = platform.url, variables = {} } = changes;
  const config = CONFIGS.get(method);
  if (config === undefined) throw new Error(`cloudbaserc.json has no function ${method}`);
  return {
    ...{ protocol, timeLimitMs, killAfterMs },
    folder: join(platform.folder, "dist", "functions", method),
    environment: {
      ...functionEnvironment(config, `${url}/admin`),
      STARTFLOW_EXTRA_USER_ID: USERS[environment],
      IS_PREVIEW: String(environment === "preview"),
      ...variables,
    },
  };
}

/** What `start-apaas-flow` starts. */
const APAAS_FLOW = "package_7344545d87__c/deleteObject_99c656599f";
/** A start that was known to have failed is followed by one with another key. */
const MAX_GENERATION = 20;

/** The key that aPaaS gets -> the ledger's. */
function keysOfApaas(ids: readonly string[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const environment of ["preview", "production"] as const)
    for (const id of ids)
      for (let generation = 1; generation <= MAX_GENERATION; generation += 1)
        keys.set(apaasKeyOf({ environment, id, generation }, APAAS_FLOW), `${environment}:${id}`);
  return keys;
}

/**
 * WeDa's forms carry the submission's id where a user types something: the leave its reason, the contract its title.
 * CoreHR's variable carries the ledger's key itself.
 */
function keyOf({ engine, startedBy, variables, request }: InstanceView, apaasKeys: Map<string, string>): string {
  if (engine === "corehr") return String(variables.submission_id);
  if (engine === "apaas") {
    const { idempotent_key: key } = request as { idempotent_key: string };
    return apaasKeys.get(key) ?? key;
  }
  const environment = startedBy === USERS.production ? "production" : "preview";
  const { reason, contract } = variables;
  const { title } = (contract ?? {}) as { title?: unknown };
  return `${environment}:${String(reason ?? title)}`;
}

async function readLedger(stage: Stage): Promise<Map<string, SubmissionRecord>> {
  const reader = await stage.worker(optionsOf(stage, "start-leave", { protocol: "ledger" }));
  const records = new Map<string, SubmissionRecord>();
  for (let skip = 0; ; skip += PAGE) {
    const page = await reader.submit({ skip, limit: PAGE });
    if (page === "killed" || !("records" in page)) throw new Error("the ledger could not be read");
    for (const record of page.records) records.set(record._id, record);
    if (page.records.length < PAGE) break;
  }
  reader.end();
  return records;
}

/** More than any scenario needs at 50 submissions a sweep. */
const MAX_SWEEPS = 200;
/** One that settled nothing may only have asked too slow an engine. */
const IDLE_SWEEPS = 3;

async function sweepAll(platform: Client, offsetMs: number): Promise<number> {
  await platform.send("PUT", "/_local/clock", { offsetMs });
  for (let sweeps = 1, idle = 0; sweeps <= MAX_SWEEPS; sweeps += 1) {
    const { result } = await platform.test("sweep", { params: {} });
    const { checked, started, freed } = result as { checked: number; started: number; freed: number };
    idle = started + freed === 0 ? idle + 1 : 0;
    if (checked === 0 || idle === IDLE_SWEEPS) return sweeps;
  }
  throw new Error(`the sweep has not come to an end after ${MAX_SWEEPS} times`);
}
