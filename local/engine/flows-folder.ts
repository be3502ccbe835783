/** A folder of flow files, read again only after a file of it changed. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readFlowsDir } from "./flows";
import type { Flow } from "./workflow-engine";
import { WorkflowError } from "./workflow-error";

export interface FlowsFolder {
  all(): Promise<Flow[]>;
  /** Throws `WorkflowError` PROCESS_NOT_FOUND, or FLOW_INVALID where the process' file cannot be used. */
  flow(processKey: string): Promise<Flow>;
}

export function createFlowsFolder(flowsDir: string): FlowsFolder {
  let known: { fingerprint: string; content: ReturnType<typeof readFlowsDir> } | undefined;
  const read = async () => {
    const fingerprint = await fingerprintOf(flowsDir);
    if (known?.fingerprint !== fingerprint) known = { fingerprint, content: readFlowsDir(flowsDir) };
    return await known.content;
  };
  return {
    all: async () => (await read()).flows,
    async flow(processKey) {
      const { flows, problems } = await read();
      const flow = flows.find((one) => one.processKey === processKey);
      if (flow !== undefined) return flow;
      throw problems.find(({ file }) => file === processKey)?.error ?? new WorkflowError("PROCESS_NOT_FOUND");
    },
  };
}

async function fingerprintOf(flowsDir: string): Promise<string> {
  const files = (await readdir(flowsDir)).filter((name) => name.endsWith(".bpmn")).sort();
  const stats = await Promise.all(files.map((name) => stat(join(flowsDir, name))));
  return files.map((name, index) => `${name}:${stats[index]?.mtimeMs}:${stats[index]?.size}`).join("|");
}
