/** The store loses calls, and then is down for a while: nothing is started without a claim, and later everything is. */
import { untilInTime } from "./again";
import { type Arena, openArena } from "./arena";
import { unexpected } from "./check";
import { type Attempt, type Load, runLoad } from "./load";
import { idsOf, laterVariables, PATIENT, type RunOptions, SEND_TIMEOUT_MS, scaled, submissionsOf } from "./plan";
import { seeded } from "./random";
import { evidenceOf, judged, type Result } from "./result";
import { type Size, sizeOf } from "./size";
import { storeFaults } from "./switches";

const SUBMITS = 10_000;
const KEYS = 1_000;
/** Submitted for the first time while the store is down. */
const NEW_KEYS = 200;

export async function storeDown(name: string, options: RunOptions): Promise<Result> {
  const arena = openArena(options.stage);
  try {
    return await run(arena, name, options);
  } finally {
    await arena.stop();
  }
}

async function run(arena: Arena, name: string, { seed, scale, progress }: RunOptions): Promise<Result> {
  const random = seeded(seed);
  const size = sizeOf(scale);
  const ids = idsOf(scaled(KEYS, scale), seed, name);
  const newIds = idsOf(scaled(NEW_KEYS, scale), seed, `${name}-down`);
  const variablesOf = () => ({ STARTFLOW_SEND_TIMEOUT_MS: String(SEND_TIMEOUT_MS) });
  const common = { arena, kills: 0, random, variablesOf };
  const startedMs = Date.now();
  progress(`${name}: store calls get lost, then all of them`);
  const submissions = submissionsOf(scaled(SUBMITS, scale), ids, random, size);
  const { workers, inFlight } = size;
  const attempts = await untilHalfDown({ ...common, workers, inFlight, round: "run", submissions }, size);
  const few = { ...common, workers: size.lateWorkers, inFlight: 16 };
  const whileDown = await whileItIsDown({ ...few, round: "down", submissions: newIds }, size);
  attempts.push(...whileDown);
  await arena.setFaults({});
  const last = { ...few, timeLimitMs: PATIENT.timeLimitMs, round: "resubmit", submissions: [...ids, ...newIds] };
  const resubmits = await untilInTime({ ...last, variablesOf: () => laterVariables() });
  attempts.push(...resubmits.attempts);
  const seconds = (Date.now() - startedMs) / 1_000;
  const evidence = await evidenceOf(arena, [...ids, ...newIds], attempts);
  const result = judged(name, {}, { submits: attempts.length, kills: 0, seconds }, evidence);
  const isNew = ({ key }: Attempt) => newIds.includes(key.slice(key.indexOf(":") + 1));
  const unclear = [
    ...unexpected(whileDown, "STORE_UNREACHABLE"),
    ...unexpected(resubmits.last.filter(isNew), "started"),
  ];
  return { ...result, broken: [...result.broken, ...unclear] };
}

/** From the middle of the load on the store is down. */
async function untilHalfDown(load: Load, { tickMs }: Size): Promise<Attempt[]> {
  const { arena, submissions, random } = load;
  let isHalf = false;
  let tick = () => {};
  const switches = (async () => {
    while (!isHalf) {
      await arena.setFaults(storeFaults(random));
      await new Promise<void>((resolve) => {
        tick = resolve;
        setTimeout(resolve, isHalf ? 0 : tickMs);
      });
    }
    await down(arena);
  })();
  const onAnswer = (attempts: readonly Attempt[]) => {
    if (attempts.length < submissions.length / 2) return;
    isHalf = true;
    tick();
  };
  const { attempts } = await runLoad({ ...load, onAnswer });
  await switches;
  return attempts;
}

function down(arena: Arena): Promise<void> {
  return arena.setFaults({ store: { kind: "down", rate: 1 } });
}

async function whileItIsDown(load: Load, { downMs }: Size): Promise<Attempt[]> {
  const startedMs = Date.now();
  const attempts: Attempt[] = [];
  do attempts.push(...(await runLoad(load)).attempts);
  while (Date.now() - startedMs < downMs);
  return attempts;
}
