/** Workers that are stopped for twice their lease and then go on, as if nothing had been. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Arena, openArena } from "./arena";
import { type Attempt, runLoad } from "./load";
import { idsOf, LEASES_OVER_MS, type RunOptions, scaled } from "./plan";
import { openProxy, STEPS, type Step } from "./proxy";
import { type Random, seeded } from "./random";
import { evidenceOf, judged, type Result } from "./result";
import { leaveEvent } from "./wire";
import { said } from "./worker-process";

const SUBMITS = 500;
/** Hardly more than a claim, a send and a record need, so that the lease is short. */
const LEASE_MS = 8_000;
const SEND_TIMEOUT_MS = 500;
const STOPPED_MS = 2 * LEASE_MS;
/** Past the lease and the readers' margin, while the owner is still stopped. */
const LOOKED_AT_MS = 14_500;
const RANDOM_STOP_MS = 60;
const variables = { STARTFLOW_SEND_TIMEOUT_MS: String(SEND_TIMEOUT_MS) };

export async function zombies(name: string, { seed, scale, progress, stage }: RunOptions): Promise<Result> {
  const arena = openArena(stage);
  try {
    const random = seeded(seed);
    const groups = [...STEPS, undefined, undefined];
    const size = scaled(SUBMITS / groups.length, scale);
    const ids = groups.map((_, group) => idsOf(size, seed, `zombie${group}`));
    const startedMs = Date.now();
    progress(`${name}: workers stopped for ${STOPPED_MS / 1_000} s`);
    const owners = Promise.all(groups.map((step, group) => stoppedAt(arena, step, ids[group] ?? [], random)));
    await sleep(LOOKED_AT_MS);
    const common = { arena, submissions: ids.flat(), workers: 2, inFlight: 8, kills: 0, random };
    const meanwhile = await runLoad({ ...common, round: "meanwhile", variablesOf: () => variables });
    const attempts = [...(await owners).flat(), ...meanwhile.attempts];
    const later = { ...variables, STARTFLOW_CLOCK_OFFSET_MS: String(LEASES_OVER_MS) };
    const last = await runLoad({ ...common, round: "resubmit", variablesOf: () => later });
    attempts.push(...last.attempts);
    const seconds = (Date.now() - startedMs) / 1_000;
    const evidence = await evidenceOf(arena, ids.flat(), attempts);
    return judged(name, {}, { submits: attempts.length, kills: 0, seconds }, evidence);
  } finally {
    await arena.stop();
  }
}

/** One worker with all these in flight, stopped when the first of them is at the step, or at a random moment. */
async function stoppedAt(arena: Arena, step: Step | undefined, ids: string[], random: Random): Promise<Attempt[]> {
  const startedMs = Date.now();
  let isStopped = false;
  let stop = () => {};
  const proxy = await openProxy(arena.url, async (reached) => {
    if (reached === step) stop();
    return "pass";
  });
  const worker = await arena.worker({ url: proxy.url, timeLimitMs: LEASE_MS, killAfterMs: 3 * STOPPED_MS, variables });
  const woken = new Promise<void>((awake) => {
    stop = () => {
      if (isStopped) return;
      isStopped = true;
      worker.signal("SIGSTOP");
      setTimeout(() => {
        worker.signal("SIGCONT");
        awake();
      }, STOPPED_MS);
    };
  });
  if (step === undefined) setTimeout(() => stop(), random.next() * RANDOM_STOP_MS);
  const attempts = await Promise.all(
    ids.map(async (id): Promise<Attempt> => {
      const outcome = await worker.submit(leaveEvent(id));
      return {
        key: `preview:${id}`,
        round: `stopped ${step ?? "anywhere"}`,
        pid: worker.pid,
        atMs: Date.now() - startedMs,
        ...said(outcome),
      };
    }),
  );
  if (isStopped) await woken;
  worker.end();
  await proxy.close();
  return attempts;
}
