/** A scenario that is load: what is submitted, by whom, under which faults; and the row that comes of it. */
import type { Faults } from "../../local/faults";
import { clientOf } from "../helpers/platform";
import { untilInTime, untilNotRejected } from "./again";
import { type Arena, openArena } from "./arena";
import { type Attempt, runLoad } from "./load";
import { type Random, seeded, shuffled } from "./random";
import { evidenceOf, type JudgedPlan, judged, type Result } from "./result";
import { type Size, sizeOf } from "./size";
import type { Stage } from "./stage";
import { EVENTS, type MethodName } from "./wire";

export interface RunOptions {
  seed: number;
  /** 1 is the full count. */
  scale: number;
  progress: (text: string) => void;
  stage: Stage;
}

export interface Plan extends JudgedPlan {
  submits: number;
  keys: number;
  kills?: number;
  sendTimeoutMs?: number;
  timeLimitMs?: number;
  /** The switches, asked for at every tick. */
  faultsAt?: (random: Random) => Faults;
  variablesOf?: (worker: number) => Record<string, string>;
  /** Every key is submitted once more when all leases are over. */
  resubmits?: boolean;
  /** Default `start-leave`. */
  method?: MethodName;
  /** Before that, the sweep settles what is unknown: then each key must have one process, and nothing be unknown. */
  reconciles?: boolean;
  /** The last round has settled everything: each key must have one process, and nothing be unknown. */
  isResolved?: boolean;
  /** Of the platform's clock: so fast that no rate limit of a minute is waited for. */
  clockRate?: number;
}

/** Short, so that calls that are never answered do not hold a run up. */
export const SEND_TIMEOUT_MS = 3_000;
/** Where what is counted is not the machine: time enough for every start of a full queue. */
export const PATIENT = { sendTimeoutMs: 20_000, timeLimitMs: 60_000 };
/** More than the longest lease and its margin, and more than the settle time of the sweep. */
export const LEASES_OVER_MS = 300_000;

/** Each key as often as the others; its repeats partly at once, partly later. */
export function submissionsOf(submits: number, keys: readonly string[], random: Random, size: Size): string[] {
  const repeats = Math.max(1, Math.round(submits / keys.length));
  const ordered: string[] = [];
  for (let at = 0; at < keys.length; at += size.blockKeys) {
    const block = keys.slice(at, at + size.blockKeys);
    ordered.push(
      ...shuffled(
        Array.from({ length: repeats }, () => block),
        random,
      ).flatMap((one) => shuffled(one, random)),
    );
  }
  return ordered;
}

/** @param prefix of this scenario alone */
export function idsOf(count: number, seed: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}-${seed}-${String(at).padStart(5, "0")}`);
}

export function scaled(count: number, scale: number): number {
  return Math.max(1, Math.round(count * scale));
}

export async function runPlan(name: string, plan: Plan, options: RunOptions): Promise<Result> {
  const arena = openArena(options.stage, plan.method);
  try {
    return await runIn(arena, name, plan, options);
  } finally {
    await arena.stop();
  }
}

async function runIn(arena: Arena, name: string, plan: Plan, { seed, scale, progress }: RunOptions): Promise<Result> {
  if (plan.clockRate !== undefined) await clientOf(arena.url).send("PUT", "/_local/clock", { rate: plan.clockRate });
  const random = seeded(seed);
  const size = sizeOf(scale);
  const ids = idsOf(plan.keys === 1 ? 1 : scaled(plan.keys, scale), seed, name);
  const submissions = submissionsOf(scaled(plan.submits, scale), ids, random, size);
  const { protocol, timeLimitMs } = plan;
  const eventOf = EVENTS[plan.method ?? "start-leave"];
  const common = {
    arena,
    workers: size.workers,
    inFlight: size.inFlight,
    random,
    protocol,
    timeLimitMs,
    eventOf,
  };
  const variablesOf = (worker: number) => ({
    STARTFLOW_SEND_TIMEOUT_MS: String(plan.sendTimeoutMs ?? SEND_TIMEOUT_MS),
    ...plan.variablesOf?.(worker),
  });
  const startedMs = Date.now();
  const onAnswer = (attempts: readonly Attempt[]) => {
    if (attempts.length % 50 === 0) progress(`${name}: ${attempts.length} tries of ${submissions.length} submissions`);
  };
  const switches = faultsWhile(arena, plan, random, size.tickMs);
  const planned = plan.kills === undefined ? 0 : scaled(plan.kills, scale);
  const main = { ...common, round: "run", submissions, kills: planned, variablesOf, onAnswer };
  const { attempts, kills } = await runLoad(main).finally(switches.stop);
  const few = { ...common, workers: size.lateWorkers, kills: 0 };
  if (plan.isExact === true)
    attempts.push(...(await untilNotRejected({ ...few, inFlight: 8, round: "again", variablesOf }, ids, attempts)));
  if (plan.reconciles === true) await arena.sweep(LEASES_OVER_MS);
  if (plan.resubmits === true) {
    const later = laterVariables(plan.variablesOf?.(0));
    const { timeLimitMs } = PATIENT;
    const last = { ...few, inFlight: 16, timeLimitMs, round: "resubmit", submissions: ids, variablesOf: () => later };
    attempts.push(...(await untilInTime(last)).attempts);
  }
  const seconds = (Date.now() - startedMs) / 1_000;
  const evidence = await evidenceOf(arena, ids, attempts);
  return judged(
    name,
    { ...plan, isExact: [plan.isExact, plan.reconciles, plan.isResolved].includes(true) },
    { submits: submissions.length, kills, seconds },
    evidence,
  );
}

/** Of workers that submit everything once more, when all leases are over. */
export function laterVariables(own: Record<string, string> = {}): Record<string, string> {
  const sendTimeoutMs = String(PATIENT.sendTimeoutMs);
  return { ...own, STARTFLOW_SEND_TIMEOUT_MS: sendTimeoutMs, STARTFLOW_CLOCK_OFFSET_MS: String(LEASES_OVER_MS) };
}

/** Sets the switches again and again while the load runs; off in the end. */
function faultsWhile(arena: Arena, plan: Plan, random: Random, tickMs: number) {
  const { faultsAt } = plan;
  if (faultsAt === undefined) return { stop: async () => undefined };
  let isOver = false;
  const loop = (async () => {
    while (!isOver) {
      await arena.setFaults(faultsAt(random));
      await new Promise((resolve) => setTimeout(resolve, tickMs));
    }
    await arena.setFaults({});
  })();
  return {
    async stop() {
      isOver = true;
      await loop;
    },
  };
}
