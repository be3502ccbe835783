/** What a run costs the engine itself, without anything around it: `wf_hello` from its start to its end. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClock } from "../../local/clock";
import { createWorkflowEngine } from "../../local/engine/bpmn-workflow-engine";
import { readFlow } from "../../local/engine/flows";

const FLOW = join("local", "engine", "flows", "workflow", "wf_hello.bpmn");

/** Milliseconds a run, one after the other. */
export async function engineAlone(runs: number): Promise<number> {
  const engine = createWorkflowEngine({ clock: createClock() });
  const flow = await readFlow(readFileSync(FLOW, "utf8"));
  const start = () => engine.start(flow, { trigger: { name: "botman.cc" } });
  for (let at = 0; at < 50; at += 1) await start();
  const startedMs = performance.now();
  for (let at = 0; at < runs; at += 1) await start();
  return (performance.now() - startedMs) / runs;
}
