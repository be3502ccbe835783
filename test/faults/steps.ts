/** A worker killed at every named step of a submission, and what is then left of it. */
import { each } from "../helpers/platform";
import { untilInTime } from "./again";
import { type Arena, openArena } from "./arena";
import type { Attempt } from "./load";
import { idsOf, laterVariables, PATIENT, type RunOptions, scaled } from "./plan";
import { openProxy, STEPS, type Step } from "./proxy";
import { seeded } from "./random";
import { evidenceOf, judged, type Result } from "./result";
import { sizeOf } from "./size";
import { leaveEvent } from "./wire";
import { said } from "./worker-process";

const KILLS_PER_STEP = 50;
const LANES = 4;

/** docs/faults.md prints these. */
export interface StepRow {
  step: Step;
  /** The record right after the kill. */
  ledger: string;
  /** Whether the engine has a process then. */
  processes: string;
  /** What the same submission is answered when its lease is over. */
  resubmitted: string;
  /** Processes in the end. */
  inTheEnd: string;
}

export async function killedAtSteps(name: string, { seed, scale, progress, stage }: RunOptions): Promise<Result> {
  const arena = openArena(stage);
  try {
    const ids = idsOf(scaled(KILLS_PER_STEP, scale) * STEPS.length, seed, "step");
    const startedMs = Date.now();
    const attempts = [await makeCollection(arena)];
    await each(ids, LANES, async (id, at) => {
      attempts.push(await killedAt(arena, stepOf(at), id));
      progress(`${name}: ${attempts.length} of ${ids.length} kills`);
    });
    const between = { processes: await arena.processes(ids), ledger: await arena.ledger() };
    const load = { arena, round: "resubmit", submissions: ids, workers: sizeOf(scale).lateWorkers, inFlight: 8 };
    const later = { kills: 0, timeLimitMs: PATIENT.timeLimitMs, variablesOf: () => laterVariables() };
    const resubmits = await untilInTime({ ...load, ...later, random: seeded(seed) });
    attempts.push(...resubmits.attempts);
    const seconds = (Date.now() - startedMs) / 1_000;
    const evidence = await evidenceOf(arena, [MAKER, ...ids], attempts);
    const counts = { submits: attempts.length, kills: ids.length, seconds };
    return { ...judged(name, {}, counts, evidence), steps: stepRows(ids, between, evidence, resubmits.last) };
  } finally {
    await arena.stop();
  }
}

const stepOf = (at: number) => STEPS[at % STEPS.length] as Step;

const MAKER = "makes-the-collection";
/** The first insert of all fails, because there is no collection yet: that is no claim to be killed at. */
async function makeCollection(arena: Arena): Promise<Attempt> {
  const worker = await arena.worker();
  const outcome = await worker.submit(leaveEvent(MAKER));
  worker.end();
  return { key: `preview:${MAKER}`, round: "first", pid: worker.pid, atMs: 0, ...said(outcome) };
}

async function killedAt(arena: Arena, step: Step, id: string): Promise<Attempt> {
  const startedMs = Date.now();
  let kill = async () => {};
  const proxy = await openProxy(arena.url, async (reached) => {
    if (reached !== step) return "pass";
    await kill();
    return "cut";
  });
  const worker = await arena.worker({ url: proxy.url });
  kill = async () => {
    worker.signal("SIGKILL");
    await worker.gone;
  };
  const outcome = await worker.submit(leaveEvent(id));
  worker.end();
  await proxy.close();
  return { key: `preview:${id}`, round: step, pid: worker.pid, atMs: Date.now() - startedMs, ...said(outcome) };
}

type Seen = Pick<Result["evidence"], "processes" | "ledger">;

function stepRows(ids: readonly string[], between: Seen, end: Seen, resubmits: readonly Attempt[]): StepRow[] {
  const processesOf = (seen: Seen, key: string) => seen.processes.filter((one) => one.key === key).length;
  return STEPS.map((step, number) => {
    const keys = ids.filter((_, at) => at % STEPS.length === number).map((id) => `preview:${id}`);
    const answers = resubmits.filter(({ key }) => keys.includes(key));
    return {
      step,
      ledger: shared(keys, (key) => between.ledger.get(key)?.state ?? "none"),
      processes: shared(keys, (key) => String(processesOf(between, key))),
      resubmitted: shared(answers, ({ outcome }) => outcome),
      inTheEnd: shared(keys, (key) => String(processesOf(end, key))),
    };
  });
}

/** The value that they share, or every value with its count. */
function shared<Item>(items: readonly Item[], of: (item: Item) => string): string {
  const counts = new Map<string, number>();
  for (const value of items.map(of)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [only, ...others] = [...counts];
  if (only !== undefined && others.length === 0) return only[0];
  return [...counts].map(([value, count]) => `${value} (${count})`).join(", ");
}
