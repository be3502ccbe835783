/** The store loses calls, and then is down for a while: nothing is started without a claim, and later everything is. */
import { type Arena, openArena } from "./arena";
import { unexpected } from "./check";
import { type Attempt, type Load, runLoad } from "./load";
import {
  IN_FLIGHT,
  idsOf,
  LEASES_OVER_MS,
  type RunOptions,
  SEND_TIMEOUT_MS,
  scaled,
  submissionsOf,
  WORKERS,
} from "./plan";
import { seeded } from "./random";
import { evidenceOf, judged, type Result } from "./result";
import { storeFaults } from "./switches";

const SUBMITS = 10_000;
const KEYS = 1_000;
/** Submitted for the first time while the store is down. */
const NEW_KEYS = 200;
const DOWN_MS = 5_000;
const TICK_MS = 200;

export async function storeDown(name: string, options: RunOptions): Promise<Result> {
  const arena = await openArena();
  try {
    return await run(arena, name, options);
  } finally {
    await arena.stop();
  }
}

async function run(arena: Arena, name: string, { seed, scale, progress }: RunOptions): Promise<Result> {
  const random = seeded(seed);
  const ids = idsOf(scaled(KEYS, scale), seed);
  const newIds = idsOf(scaled(NEW_KEYS, scale), seed, "down");
  const variablesOf = () => ({ STARTFLOW_SEND_TIMEOUT_MS: String(SEND_TIMEOUT_MS) });
  const common = { arena, workers: WORKERS, inFlight: IN_FLIGHT, kills: 0, random, variablesOf };
  const startedMs = Date.now();
  progress(`${name}: store calls get lost, then all of them`);
  const submissions = submissionsOf(scaled(SUBMITS, scale), ids, random);
  const attempts = await untilHalfDown({ ...common, round: "run", submissions });
  const whileDown = await whileItIsDown({ ...common, workers: 2, inFlight: 16, round: "down", submissions: newIds });
  attempts.push(...whileDown);
  await arena.setFaults({});
  const later = { ...variablesOf(), STARTFLOW_CLOCK_OFFSET_MS: String(LEASES_OVER_MS) };
  const last = { ...common, round: "resubmit", submissions: [...ids, ...newIds], workers: 2, inFlight: 16 };
  const resubmits = (await runLoad({ ...last, variablesOf: () => later })).attempts;
  attempts.push(...resubmits);
  const seconds = (Date.now() - startedMs) / 1_000;
  const evidence = await evidenceOf(arena, [...ids, ...newIds], attempts);
  const result = judged(name, {}, { submits: attempts.length, kills: 0, seconds }, evidence);
  const isNew = ({ key }: Attempt) => newIds.includes(key.slice(key.indexOf(":") + 1));
  const unclear = [...unexpected(whileDown, "STORE_UNREACHABLE"), ...unexpected(resubmits.filter(isNew), "started")];
  return { ...result, broken: [...result.broken, ...unclear] };
}

/** From the middle of the load on the store is down. */
async function untilHalfDown(load: Load): Promise<Attempt[]> {
  const { arena, submissions, random } = load;
  let share = 0;
  let isOver = false;
  const onAnswer = (attempts: readonly Attempt[]) => {
    share = attempts.length / submissions.length;
  };
  const switches = (async () => {
    while (!isOver) {
      await (share < 0.5 ? arena.setFaults(storeFaults(random)) : down(arena));
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  })();
  const { attempts } = await runLoad({ ...load, onAnswer });
  isOver = true;
  await switches;
  return attempts;
}

function down(arena: Arena): Promise<void> {
  return arena.setFaults({ store: { kind: "down", rate: 1 } });
}

async function whileItIsDown(load: Load): Promise<Attempt[]> {
  await down(load.arena);
  const startedMs = Date.now();
  const attempts: Attempt[] = [];
  while (Date.now() - startedMs < DOWN_MS) attempts.push(...(await runLoad(load)).attempts);
  return attempts;
}
