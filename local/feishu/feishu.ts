/** The Feishu stand-in as a whole: what answers below `/open-apis/`, and the switches of it that the console has. */
import type { Context } from "hono";
import type { LocalClock } from "../clock";
import { createFlowsFolder } from "../engine/flows-folder";
import type { WorkflowEngine } from "../engine/workflow-engine";
import type { FaultSwitches } from "../faults";
import type { InstanceStore } from "../instances/store";
import type { RequestLog } from "../requests";
import { createIdempotentKeys } from "./apaas/idempotent-keys";
import { openFiles } from "./corehr/files";
import { createGateway } from "./gateway";
import { createLimiter } from "./limiter";
import { createSettings, type Settings } from "./settings";
import { createTokens } from "./tokens";

export interface FeishuParts {
  /** Where the state is kept. */
  dir: string;
  store: Pick<InstanceStore, "instances" | "flows">;
  /** Where the stand-in flows are, `*.bpmn`. */
  flowsDir: string;
  clock: LocalClock;
  faults: FaultSwitches;
  engine: WorkflowEngine;
  requests: RequestLog;
}

export interface Feishu {
  answer(c: Context): Promise<Response>;
  settings: Settings;
  revokeTokens(): void;
  /** As shipped, but for the tokens that are out; the instances are the store's. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openFeishu({ dir, flowsDir, ...parts }: FeishuParts): Promise<Feishu> {
  const { clock, store } = parts;
  const settings = createSettings();
  const tokens = createTokens(clock, settings);
  const limiter = createLimiter(clock);
  const files = await openFiles(dir);
  const keys = createIdempotentKeys(await store.instances.list({ engine: "apaas" }), clock);
  const folder = createFlowsFolder(flowsDir);
  return {
    answer: createGateway({ ...parts, folder, settings, tokens, limiter, files, keys }),
    settings,
    revokeTokens: tokens.revokeAll,
    async reset() {
      settings.reset();
      limiter.reset();
      keys.clear();
      await files.clear();
    },
    close: files.close,
  };
}
