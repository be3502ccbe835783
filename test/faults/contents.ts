/** The same submission id again with the same content in another order, with other content, and in another environment. */
import { isForWantOfTime, untilInTime, untilNotRejected } from "./again";
import { type Arena, openArena } from "./arena";
import { unexpected, type Violation } from "./check";
import { type Attempt, type Load, runLoad } from "./load";
import { idsOf, type RunOptions, scaled, submissionsOf } from "./plan";
import { seeded } from "./random";
import { evidenceOf, judged, type Result } from "./result";
import { type Size, sizeOf } from "./size";
import { leaveEvent } from "./wire";

const REUSED_KEYS = 300;
const variablesOf = () => ({ STARTFLOW_SEND_TIMEOUT_MS: "20000" });
const timeLimitMs = 60_000;

const reordered = (id: string) => Object.fromEntries(Object.entries(leaveEvent(id)).reverse());
const changed = (id: string) => ({ ...leaveEvent(id), days: 2 });

/** What each repeat has to be answered. */
const REPEATS = [
  { round: "reordered", eventOf: reordered, expected: "duplicate" },
  { round: "changed", eventOf: changed, expected: "SUBMISSION_REUSED" },
] as const;

export async function otherContent(name: string, { seed, scale, progress, stage }: RunOptions): Promise<Result> {
  const arena = openArena(stage);
  try {
    const ids = idsOf(scaled(REUSED_KEYS, scale), seed, "content");
    const raced = idsOf(ids.length, seed, "raced");
    const common = { arena, workers: 2, inFlight: 16, kills: 0, random: seeded(seed), timeLimitMs, variablesOf };
    const startedMs = Date.now();
    const { attempts } = await untilInTime({ ...common, submissions: ids, round: "first" });
    const broken: Violation[] = [];
    for (const { round, eventOf, expected } of REPEATS) {
      progress(`${name}: ${round}`);
      const repeats = await untilInTime({ ...common, submissions: ids, round, eventOf });
      broken.push(...unexpected(repeats.last, expected));
      attempts.push(...repeats.attempts);
    }
    const race = await twoContentsAtOnce({ ...common, submissions: raced });
    const losers = race.filter((attempt) => attempt.outcome !== "started" && !isForWantOfTime(attempt));
    broken.push(...unexpected(losers, "SUBMISSION_REUSED"));
    attempts.push(...race, ...(await untilNotRejected({ ...common, round: "again" }, raced, race)));
    const seconds = (Date.now() - startedMs) / 1_000;
    const evidence = await evidenceOf(arena, [...ids, ...raced], attempts);
    const result = judged(name, { isExact: true }, { submits: attempts.length, kills: 0, seconds }, evidence);
    return { ...result, broken: [...result.broken, ...broken] };
  } finally {
    await arena.stop();
  }
}

/** Each id twice at the same time, with two contents. */
async function twoContentsAtOnce(load: Omit<Load, "round">): Promise<Attempt[]> {
  const submissions = load.submissions.flatMap((id) => [id, id]);
  const eventOf = (id: string, at: number) => (at % 2 === 0 ? leaveEvent(id) : changed(id));
  return (await runLoad({ ...load, submissions, eventOf, round: "two contents at once" })).attempts;
}

const SUBMITS = 10_000;
const KEYS = 500;

/** Equal submissions in preview and in production at the same time: one process in each. */
export async function twoEnvironments(name: string, { seed, scale, progress, stage }: RunOptions): Promise<Result> {
  const arena = openArena(stage);
  try {
    await arena.publish();
    const ids = idsOf(scaled(KEYS, scale), seed, "both");
    const startedMs = Date.now();
    progress(`${name}: two environments at once`);
    const loads = (["preview", "production"] as const).map((environment, number) =>
      loadOf({
        arena,
        environment,
        ids,
        submits: scaled(SUBMITS / 2, scale),
        seed: seed + number,
        size: sizeOf(scale),
      }),
    );
    const attempts = (await Promise.all(loads)).flat();
    const seconds = (Date.now() - startedMs) / 1_000;
    const seen = await evidenceOf(arena, ids, attempts);
    const evidence = { ...seen, keys: [...seen.keys, ...ids.map((id) => `production:${id}`)] };
    return judged(name, { isExact: true }, { submits: attempts.length, kills: 0, seconds }, evidence);
  } finally {
    await arena.stop();
  }
}

interface EnvironmentLoad {
  arena: Arena;
  environment: "preview" | "production";
  ids: readonly string[];
  submits: number;
  seed: number;
  size: Size;
}

async function loadOf({ arena, environment, ids, submits, seed, size }: EnvironmentLoad): Promise<Attempt[]> {
  const random = seeded(seed);
  const common = { arena, environment, kills: 0, random, timeLimitMs, variablesOf };
  const submissions = submissionsOf(submits, ids, random, size);
  const crew = { workers: Math.ceil(size.workers / 2), inFlight: size.inFlight };
  const { attempts } = await runLoad({ ...common, ...crew, submissions, round: environment });
  const again = { ...common, workers: 2, inFlight: 8, round: `${environment} again` };
  return [...attempts, ...(await untilNotRejected(again, ids, attempts))];
}
