/**
 * The two slots of a process: preview starts the saved flow, which is the file in the folder; production starts the
 * published one, a copy kept here. https://cloud.tencent.com/document/product/1301/77286
 */
import type { ProcessRow } from "../console/wire";
import { createFlowsFolder } from "../engine/flows-folder";
import type { Flow } from "../engine/workflow-engine";
import type { FlowStore } from "../instances/flow-store";

export interface Slots extends Pick<FlowStore, "keep" | "flowOf"> {
  /** Throws `WorkflowError` PROCESS_NOT_FOUND, or FLOW_INVALID where the process' file cannot be used. */
  saved(processKey: string): Promise<Flow>;
  published(processKey: string): Promise<Flow | undefined>;
  /** Saved -> published. */
  publish(processKey: string): Promise<ProcessRow>;
  rows(): Promise<ProcessRow[]>;
}

export function createSlots(store: FlowStore, flowsDir: string): Slots {
  const folder = createFlowsFolder(flowsDir);
  const published = async (processKey: string) => {
    const hash = store.publishedHash(processKey);
    return hash === undefined ? undefined : await store.flowOf(hash);
  };
  const row = async ({ processKey, name, version }: Flow): Promise<ProcessRow> => {
    return { processKey, name, saved: version, published: (await published(processKey))?.version ?? null };
  };
  return {
    saved: folder.flow,
    published,
    keep: store.keep,
    flowOf: store.flowOf,
    rows: async () => await Promise.all((await folder.all()).map(row)),
    async publish(processKey) {
      const flow = await folder.flow(processKey);
      await store.publish(processKey, await store.keep(flow));
      return await row(flow);
    },
  };
}
