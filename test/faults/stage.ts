/** What scenarios play on, one after the other: a platform process, and workers that wait for more to do. */
import { join } from "node:path";
import { build } from "esbuild";
import { type OwnPlatform, openPlatform } from "./platform";
import { type RunningWorker, startWorker, type WorkerOptions, type WorkerProcess } from "./worker-process";

export interface Stage {
  readonly platform: OwnPlatform;
  /** Ids of earlier scenarios: a killed worker's request may still come to something when its scenario is over. */
  readonly past: Set<string>;
  /** One that waits, where there is one of the very same options; it waits again after `end`. */
  worker(options: WorkerOptions): Promise<WorkerProcess>;
  /** Kills whoever still works, and puts the platform back as it is shipped. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const platform = await openPlatform();
  const script = join(platform.folder, "worker.cjs");
  try {
    await buildWorker(script);
  } catch (error) {
    await platform.stop();
    throw error;
  }
  const crew = createCrew(script);
  return {
    platform,
    past: new Set(),
    worker: crew.worker,
    async clear() {
      await crew.killWorking();
      await platform.send("POST", "/_local/reset", {});
    },
    async close() {
      await crew.killAll();
      await platform.stop();
    },
  };
}

async function buildWorker(outfile: string): Promise<void> {
  await build({
    entryPoints: [join("test", "faults", "worker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@cloudbase/node-sdk"],
    logLevel: "warning",
  });
}

/** The worker processes: those that have something to do, and those that wait, by their options. */
function createCrew(script: string) {
  const working = new Set<RunningWorker>();
  const waiting = new Map<RunningWorker, string>();
  const kill = async (workers: Iterable<RunningWorker>) => {
    await Promise.all(
      [...workers].map((worker) => {
        worker.signal("SIGKILL");
        return worker.gone;
      }),
    );
  };
  const started = async (options: WorkerOptions) => {
    const worker = await startWorker(script, options);
    void worker.gone.then(() => {
      working.delete(worker);
      waiting.delete(worker);
    });
    return worker;
  };
  return {
    async worker(options: WorkerOptions): Promise<WorkerProcess> {
      const kind = JSON.stringify(options);
      const known = [...waiting].find(([, one]) => one === kind)?.[0];
      if (known !== undefined) waiting.delete(known);
      const worker = known ?? (await started(options));
      working.add(worker);
      const end = () => {
        if (working.delete(worker)) waiting.set(worker, kind);
      };
      return { ...worker, end };
    },
    killWorking: () => kill(working),
    killAll: () => kill([...working, ...waiting.keys()]),
  };
}
