/** Worker processes that are killed and lied to, against the promise; and whether the check would notice a broken one. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { counted, isFull } from "../helpers/counts";
import { type Evidence, historyOf, PROMISES, violations } from "./check";
import type { Attempt } from "./load";
import { stepTable, table } from "./report";
import type { Result } from "./result";
import { SCENARIOS } from "./scenarios";
import { openStage, type Stage } from "./stage";

/** The scenarios' own counts are the full ones. */
const scale = counted(1_000) / 1_000;
const SEED = 1;

/** Of all scenarios: so much of their work would be the start of platforms and workers. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function run(name: string): Promise<Result> {
  const scenario = SCENARIOS.get(name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const result = await scenario.run({ seed: SEED, scale, progress: () => undefined, stage });
  const told = result.broken.map((one) => ({ ...one, history: historyOf(result.evidence, one.key) }));
  expect(told).toEqual([]);
  return result;
}

describe("the promise of one process for one submission", () => {
  it("holds where everything is submitted many times at once, and all of it starts", async () => {
    const { row } = await run("F1");
    expect(row).toMatchObject({ processes: row.keys, duplicates: 0, lost: 0, unknown: 0 });
  });

  it("holds for one key that everybody submits", async () => {
    expect((await run("F2")).row).toMatchObject({ processes: 1, duplicates: 0 });
  });

  it("holds where workers are killed", async () => {
    const { row } = await run("F3");
    expect(row.kills).toBeGreaterThan(0);
  });

  it("holds where a worker is killed at any step, with the end that docs/faults.md shows", async () => {
    const { steps = [] } = await run("F4");
    expect(readFileSync("docs/faults.md", "utf8")).toContain(table(stepTable(steps)));
  });

  it.each(["F5", "F6", "F7", "F8", "F10", "F11", "F12", "F13", "F15", "swept"])("holds in %s", async (name) => {
    const { row } = await run(name);
    expect(row).toMatchObject({ duplicates: 0, lost: 0 });
  });

  it.runIf(isFull)("holds where an owner is stopped for twice its lease and then goes on", async () => {
    await run("F9");
  });

  it("is one that a plain retry breaks under the same faults", async () => {
    expect((await run("naive")).row.duplicates).toBeGreaterThan(0);
  });
});

describe("docs/faults.md", () => {
  const text = readFileSync("docs/faults.md", "utf8");

  it("has a row for every scenario, and every promise", () => {
    for (const [name, { title }] of SCENARIOS) expect(text).toContain(`| ${name} | ${title} |`);
    for (const [name, promise] of Object.entries(PROMISES)) expect(text).toContain(`| ${name} | ${promise} |`);
  });
});

describe("the check", () => {
  const [KEY, OTHER] = ["preview:key-1", "preview:key-2"];
  const attempt = (change: Partial<Attempt> = {}): Attempt => ({
    ...{ key: KEY, round: "run", pid: 1, atMs: 0, outcome: "started", processId: "p-1" },
    ...change,
  });
  const sound: Evidence = {
    keys: [KEY],
    attempts: [attempt(), attempt({ outcome: "duplicate" })],
    processes: [{ key: KEY, id: "p-1" }],
    ledger: new Map([[KEY, { state: "started", processId: "p-1", reason: null }]]),
  };
  const brokenBy = (change: Partial<Evidence>) => violations({ ...sound, ...change }).map(({ promise }) => promise);
  const ledgerOf = (state: "dispatched" | "free" | "unknown") =>
    new Map([[KEY, { state, processId: null, reason: null }]]);
  const rejected = [attempt({ outcome: "rejected", code: "ENGINE_BUSY", processId: undefined })];

  it("finds nothing where nothing is wrong", () => {
    expect(violations(sound)).toEqual([]);
    expect(brokenBy({ attempts: rejected, processes: [], ledger: ledgerOf("free") })).toEqual([]);
    expect(brokenBy({ attempts: rejected, processes: [], ledger: new Map() })).toEqual([]);
    expect(
      brokenBy({ attempts: [attempt({ outcome: "unknown", processId: undefined })], ledger: ledgerOf("unknown") }),
    ).toEqual([]);
  });

  it("finds a second process of a key", () => {
    expect(brokenBy({ processes: [...sound.processes, { key: KEY, id: "p-2" }] })).toEqual(["P1"]);
  });

  it("finds a start that was answered and is lost", () => {
    expect(brokenBy({ processes: [] })).toContain("P2");
  });

  it("finds a submission that ended without a word, and one whose end nobody wrote down", () => {
    const killed = [attempt({ outcome: "killed", processId: undefined })];
    expect(brokenBy({ attempts: killed, processes: [], ledger: new Map() })).toEqual(["P2"]);
    expect(brokenBy({ attempts: killed, ledger: ledgerOf("dispatched") })).toEqual(["P2"]);
  });

  it("finds an answer that names another key's process", () => {
    const evidence: Partial<Evidence> = {
      keys: [KEY, OTHER],
      attempts: [attempt(), attempt({ key: OTHER })],
      ledger: new Map([...sound.ledger, [OTHER, { state: "unknown", processId: null, reason: null }]]),
    };
    expect(brokenBy(evidence)).toContain("P3");
  });

  it("finds a process of what was rejected, of what is free, and of what was never claimed", () => {
    expect(brokenBy({ attempts: rejected })).toEqual(["P4"]);
    expect(brokenBy({ attempts: rejected, ledger: ledgerOf("free") })).toEqual(["P4"]);
    expect(brokenBy({ ledger: new Map() })).toContain("P4");
  });

  it("finds two answers with two processes", () => {
    const evidence = {
      attempts: [attempt(), attempt({ processId: "p-2" })],
      processes: [...sound.processes, { key: KEY, id: "p-2" }],
    };
    expect(brokenBy(evidence)).toEqual(["P1", "P5"]);
  });

  it("tells the history of a key, for whoever looks into it", () => {
    expect(historyOf(sound, KEY)).toEqual([
      "run +0 ms, process 1: started p-1",
      "run +0 ms, process 1: duplicate p-1",
      "ledger: started p-1",
      "engine: p-1",
    ]);
  });
});
