/** The scenarios, by name: each is one row of the report. */
import { otherContent, twoEnvironments } from "./contents";
import { feishuLimit } from "./feishu-limit";
import { oneLimit } from "./limits";
import { PATIENT, type Plan, type RunOptions, runPlan } from "./plan";
import type { Result } from "./result";
import { killedAtSteps } from "./steps";
import { storeDown } from "./store-down";
import { engineFaults, storeFaults, tokenFaults } from "./switches";
import { zombies } from "./zombies";

export interface Scenario {
  title: string;
  run(options: RunOptions): Promise<Result>;
}

const SUBMITS = 10_000;
const KEYS = 1_000;
const KILLS = 200;

const everything: Plan = {
  submits: SUBMITS,
  keys: KEYS,
  kills: KILLS,
  faultsAt: (random) => ({ ...engineFaults(random), ...storeFaults(random) }),
  resubmits: true,
};

const skewed: Plan = {
  submits: SUBMITS,
  keys: KEYS,
  kills: KILLS / 5,
  variablesOf: (worker) => ({ STARTFLOW_CLOCK_OFFSET_MS: worker % 2 === 0 ? "5000" : "-5000" }),
  resubmits: true,
  ...PATIENT,
};
/** The baselines start so many processes that a tenth of the load shows what they do. */
const tenth = { submits: SUBMITS / 10, keys: KEYS / 10 };
const hard = { ...everything, ...tenth, kills: KILLS / 10 };

function load(name: string, title: string, plan: () => Plan): [string, Scenario] {
  return [name, { title, run: (options) => runPlan(name, plan(), options) }];
}
function own(
  name: string,
  title: string,
  run: (name: string, options: RunOptions) => Promise<Result>,
): [string, Scenario] {
  return [name, { title, run: (options) => run(name, options) }];
}

const common = { submits: SUBMITS, keys: KEYS };

export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map([
  load("F1", "repeats at the same time", () => ({ ...common, isExact: true, ...PATIENT })),
  load("F2", "one hot key", () => ({ ...common, keys: 1, isExact: true, ...PATIENT })),
  load("F3", "kills at random moments", () => ({ ...common, kills: KILLS, resubmits: true, ...PATIENT })),
  own("F4", "kills at every step", killedAtSteps),
  load("F5", "engine faults, 20 %", () => ({ ...common, faultsAt: engineFaults, resubmits: true })),
  own("F6", "store faults, 5 %, and down for 5 s", storeDown),
  load("F7", "kills, engine faults and store faults together", () => everything),
  load("F8", "clocks of the workers ±5 s", () => skewed),
  own("F9", "owners stopped for twice their lease", zombies),
  own("F10", "the same id with other content", otherContent),
  own("F11", "two environments at once", twoEnvironments),
  own("F12", "one rate limit, asked for by 8 processes", oneLimit),
  load("F13", "tokens revoked and answers lost, on an engine that takes a key", () => ({
    submits: SUBMITS / 10,
    keys: KEYS / 10,
    method: "start-apaas-flow",
    faultsAt: tokenFaults,
    resubmits: true,
    isResolved: true,
    clockRate: 240,
    // A claim is dated on the fast clock: one that a killed worker leaves is never old enough.
    timeLimitMs: PATIENT.timeLimitMs,
    // A window of minutes would be seconds on this clock.
    variablesOf: () => ({ STARTFLOW_APAAS_KEY_WINDOW_MS: "86400000" }),
  })),
  own("F15", "Feishu's own rate limit, wanted by 8 processes on a fast clock", feishuLimit),
  load("swept", "F7 on a flow that carries the submission id, then swept", () => ({
    ...everything,
    method: "start-contract",
    reconciles: true,
  })),
  load("naive", "three tries, no ledger, under F7", () => ({ ...hard, protocol: "naive" })),
  load("powertools-like", "claim, delete on error, run again after expiry, under F7", () => ({
    ...hard,
    protocol: "powertools-like",
  })),
]);
