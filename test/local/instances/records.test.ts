/** The one file of all instances: older lines, ids of both forms, and the order in which they are told. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nextExecutionId } from "../../../local/instances/instance-ids";
import { type InstanceRecord, openRecords } from "../../../local/instances/records";

const temporaryDir = () => mkdtemp(join(tmpdir(), "startflow-records-"));

const recordOf = (id: string, engine: InstanceRecord["engine"], startedAt: number): InstanceRecord => ({
  id,
  engine,
  processKey: "p",
  name: "p",
  version: "1.0",
  flowHash: "h",
  startedBy: "u",
  request: {},
  startedAt,
  snapshot: { state: "completed", variables: {}, tasks: [], timers: [], timeline: [] },
});

describe("the file of the instances", () => {
  it("of an older platform, whose lines name no engine, is read as WeDa's", async () => {
    const dir = await temporaryDir();
    const { engine: _, ...old } = recordOf("2124123204254433280", "weda", 1);
    const lines = [
      { kind: "reset", lastId: "2124123204254433270" },
      { kind: "instance", record: old },
    ];
    await writeFile(join(dir, "instances.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const records = await openRecords(dir);
    expect(records.list()).toEqual([recordOf("2124123204254433280", "weda", 1)]);
    expect(records.newId("corehr", 0) > "2124123204254433280").toBe(true);
    await records.close();
  });

  it("gives WeDa and CoreHR ids of one row, and aPaaS one of its own, also after a reset and a restart", async () => {
    const dir = await temporaryDir();
    const before = await openRecords(dir);
    const now = 1_795_265_410_784;
    const first = (["weda", "corehr", "weda", "apaas", "apaas"] as const).map((engine) => before.newId(engine, now));
    await before.put(recordOf(first[2] ?? "", "weda", now));
    await before.put(recordOf(first[4] ?? "", "apaas", now));
    await before.clear();
    await before.close();
    const after = await openRecords(dir);
    expect(after.list()).toEqual([]);
    const ids = [...first, after.newId("corehr", 0), after.newId("apaas", 0)];
    const long = ids.filter((id) => id.length === 19);
    const short = ids.filter((id) => id.length === 16);
    expect([long.length, short.length]).toEqual([4, 3]);
    for (const row of [long, short]) expect([...new Set(row)].sort()).toEqual(row);
    await after.close();
  });

  it("tells the newest first by the start, whatever the form of the id", async () => {
    const records = await openRecords(await temporaryDir());
    await records.put(recordOf("2124123204254433280", "corehr", 2));
    await records.put(recordOf("1795265410784000", "apaas", 3));
    await records.put(recordOf("2124123204254433281", "weda", 2));
    await records.put(recordOf("1795265410784001", "apaas", 1));
    expect(records.list().map(({ startedAt }) => startedAt)).toEqual([3, 2, 2, 1]);
    expect(records.list()[1]?.id).toBe("2124123204254433281");
    await records.close();
  });
});

it.each([-3.2e12, 0, 1.8e12, 5e12])("an execution's id has 16 digits that a number holds, at %d ms", (nowMs) => {
  const first = nextExecutionId(undefined, nowMs);
  for (const id of [first, nextExecutionId(first, nowMs - 1)]) {
    expect(id).toMatch(/^\d{16}$/);
    expect(String(Number(id))).toBe(id);
  }
  expect(nextExecutionId(first, nowMs - 1) > first).toBe(true);
});
