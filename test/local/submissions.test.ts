/** Many submissions, and the platform killed in the middle of them. */
import { afterEach, describe, expect, it } from "vitest";
import type { TestAnswer } from "../../local/console/wire";
import { isFull } from "../helpers/counts";
import { folderForTests } from "../helpers/folder";
import { each, type PlatformProcess, platformProcess } from "../helpers/platform";

/** The memory is looked at after 100 of them. */
const SUBMISSIONS = isFull ? 500 : 100;
const IN_FLIGHT = 16;
/** So many are answered when the platform is killed. */
const ANSWERED = isFull ? 60 : 20;
/** Resident memory of the platform's own process, in kB, after 100 submissions. */
const MAX_RESIDENT_KB = 150_000;

let platform: PlatformProcess;
afterEach(() => platform.kill());

function params(at: number) {
  return { reason: `事由 ${at}`, days: (at % 60) + 1, startsOn: `2026-12-${String((at % 28) + 1).padStart(2, "0")}` };
}

async function residentKb(pid: number | undefined): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]);
}

const [data, dataOfKilled] = [folderForTests(), folderForTests()];

describe(`${SUBMISSIONS} submissions, ${IN_FLIGHT} in flight`, () => {
  it("all start, each with its own variables right", async () => {
    platform = await platformProcess(data);
    const started = new Map<string, number>();
    let residentAfter100Kb = 0;
    await each(Array.from({ length: SUBMISSIONS }), IN_FLIGHT, async (_, at) => {
      const answer = await platform.test("start-leave", { params: params(at), entry: at % 2 === 0 ? "code" : "main" });
      const { outcome, processId } = answer.result as { outcome: string; processId: string };
      expect(outcome).toBe("started");
      started.set(processId, at);
      if (started.size === 100) residentAfter100Kb = await residentKb(platform.process.pid);
    });
    const instances = await platform.instances();
    expect(started.size).toBe(SUBMISSIONS);
    expect(instances).toHaveLength(SUBMISSIONS);
    for (const { id, variables, state } of instances) {
      expect({ variables, state }).toEqual({ variables: params(started.get(id) as number), state: "waiting" });
    }
    expect(residentAfter100Kb).toBeLessThan(MAX_RESIDENT_KB);
  });
});

describe("kill -9 during submissions", () => {
  it("keeps every process that was answered as started, and leaves none half there", async () => {
    platform = await platformProcess(dataOfKilled);
    const answered = new Map<string, number>();
    let killed: Promise<void> | undefined;
    await each(Array.from({ length: 200 }), IN_FLIGHT, async (_, at) => {
      if (killed !== undefined) return;
      const answer = await platform
        .test("start-leave", { params: params(at) })
        .catch((): TestAnswer | undefined => undefined);
      if (answer?.ok !== true) return;
      answered.set((answer.result as { processId: string }).processId, at);
      if (answered.size === ANSWERED) killed = platform.kill();
    });
    await killed;
    expect(answered.size).toBeGreaterThanOrEqual(ANSWERED);

    platform = await platformProcess(dataOfKilled);
    const instances = await platform.instances();
    const byId = new Map(instances.map((instance) => [instance.id, instance]));
    for (const [id, at] of answered) expect(byId.get(id)).toMatchObject({ variables: params(at), state: "waiting" });
    for (const { tasks, variables, request } of instances) {
      expect(tasks).toMatchObject([{ name: "主管审批", state: "open" }]);
      expect(Object.keys(variables)).toHaveLength(3);
      expect(request).toHaveProperty("StartParams.length", 3);
    }
    // An instance that was never answered is whole, and goes on like any other.
    const last = instances[0];
    const done = await platform.send("POST", `/_local/instances/${last?.id}/tasks/${last?.tasks[0]?.id}`, {
      action: "reject",
    });
    expect(done).toMatchObject({ state: "declined" });
  });
});
