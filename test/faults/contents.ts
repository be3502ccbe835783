/** The same submission id again with the same content in another order, with other content, and in another environment. */
import { type Arena, openArena } from "./arena";
import { unexpected, type Violation } from "./check";
import { type Attempt, type Load, runLoad } from "./load";
import { idsOf, type RunOptions, scaled, submissionsOf } from "./plan";
import { seeded } from "./random";
import { evidenceOf, judged, type Result } from "./result";
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

export async function otherContent(name: string, { seed, scale, progress }: RunOptions): Promise<Result> {
  const arena = await openArena();
  try {
    const ids = idsOf(scaled(REUSED_KEYS, scale), seed, "content");
    const raced = idsOf(ids.length, seed, "raced");
    const common = { arena, workers: 2, inFlight: 16, kills: 0, random: seeded(seed), timeLimitMs, variablesOf };
    const startedMs = Date.now();
    const attempts = (await runLoad({ ...common, submissions: ids, round: "first" })).attempts;
    const broken: Violation[] = [];
    for (const { round, eventOf, expected } of REPEATS) {
      progress(`${name}: ${round}`);
      const repeats = (await runLoad({ ...common, submissions: ids, round, eventOf })).attempts;
      broken.push(...unexpected(repeats, expected));
      attempts.push(...repeats);
    }
    const race = await twoContentsAtOnce({ ...common, submissions: raced });
    const losers = race.filter(({ outcome }) => outcome !== "started");
    broken.push(...unexpected(losers, "SUBMISSION_REUSED"));
    attempts.push(...race);
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
export async function twoEnvironments(name: string, { seed, scale, progress }: RunOptions): Promise<Result> {
  const arena = await openArena();
  try {
    await arena.publish();
    const ids = idsOf(scaled(KEYS, scale), seed, "both");
    const startedMs = Date.now();
    progress(`${name}: two environments at once`);
    const loads = (["preview", "production"] as const).map((environment, number) =>
      loadOf(arena, environment, ids, scaled(SUBMITS / 2, scale), seed + number),
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

async function loadOf(
  arena: Arena,
  environment: "preview" | "production",
  ids: readonly string[],
  submits: number,
  seed: number,
): Promise<Attempt[]> {
  const random = seeded(seed);
  const submissions = submissionsOf(submits, ids, random);
  const load = { arena, round: environment, environment, submissions, workers: 4, inFlight: 64, kills: 0 };
  return (await runLoad({ ...load, random, timeLimitMs, variablesOf })).attempts;
}
