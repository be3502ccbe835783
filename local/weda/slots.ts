/**
 * The two slots of a process: preview starts the saved flow, which is the file in the folder; production starts the
 * published one, a copy kept here. https://cloud.tencent.com/document/product/1301/77286
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessRow } from "../console/wire";
import { readFlowsDir } from "../engine/flows";
import type { Flow } from "../engine/workflow-engine";
import { WorkflowError } from "../engine/workflow-error";
import { type FlowStore, openFlowStore } from "./flow-store";

export interface Slots extends Pick<FlowStore, "keep" | "flowOf" | "close"> {
  /** Throws `WorkflowError` PROCESS_NOT_FOUND, or FLOW_INVALID where the process' file cannot be used. */
  saved(processKey: string): Promise<Flow>;
  published(processKey: string): Promise<Flow | undefined>;
  /** Saved -> published. */
  publish(processKey: string): Promise<ProcessRow>;
  rows(): Promise<ProcessRow[]>;
  /** As shipped: everything saved, nothing published. */
  reset(): Promise<void>;
}

export async function openSlots({ dir, flowsDir }: { dir: string; flowsDir: string }): Promise<Slots> {
  const store = await openFlowStore(dir);
  const folder = createFolder(flowsDir);
  const published = async (processKey: string) => {
    const hash = store.publishedHash(processKey);
    return hash === undefined ? undefined : await store.flowOf(hash);
  };
  const saved = async (processKey: string) => {
    const { flows, problems } = await folder();
    const flow = flows.find((one) => one.processKey === processKey);
    if (flow !== undefined) return flow;
    throw problems.find(({ file }) => file === processKey)?.error ?? new WorkflowError("PROCESS_NOT_FOUND");
  };
  const row = async ({ processKey, name, version }: Flow): Promise<ProcessRow> => {
    return { processKey, name, saved: version, published: (await published(processKey))?.version ?? null };
  };
  return {
    saved,
    published,
    keep: store.keep,
    flowOf: store.flowOf,
    rows: async () => await Promise.all((await folder()).flows.map(row)),
    async publish(processKey) {
      const flow = await saved(processKey);
      await store.publish(processKey, await store.keep(flow));
      return await row(flow);
    },
    reset: store.clear,
    close: store.close,
  };
}

/** Reads the folder again only after a file of it changed. */
function createFolder(flowsDir: string) {
  let known: { fingerprint: string; content: ReturnType<typeof readFlowsDir> } | undefined;
  return async () => {
    const fingerprint = await fingerprintOf(flowsDir);
    if (known?.fingerprint !== fingerprint) known = { fingerprint, content: readFlowsDir(flowsDir) };
    return await known.content;
  };
}

async function fingerprintOf(flowsDir: string): Promise<string> {
  const files = (await readdir(flowsDir)).filter((name) => name.endsWith(".bpmn")).sort();
  const stats = await Promise.all(files.map((name) => stat(join(flowsDir, name))));
  return files.map((name, index) => `${name}:${stats[index]?.mtimeMs}:${stats[index]?.size}`).join("|");
}
