/** The workflows of a local platform, called as the page shows it: by the real SDK. */
import { afterAll, beforeEach } from "vitest";
import type { InstanceView, RequestRow } from "../../../local/console/wire";
import type { FaultKind } from "../../../local/faults";
import { LOCAL_CREDENTIALS, LOCAL_ENV_ID } from "../../../local/functions/environment";
import { type Changes, platformHere, temporaryFolder } from "../../helpers/platform";
import { tcb } from "../../helpers/sdk";

export interface Called {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  result: any;
  requestId: string;
}

/** A platform of the test file's own, in this process: as shipped before each test, and stopped after the last. */
export async function openWorkflows(changes: Changes = {}) {
  const platform = await platformHere(temporaryFolder(), changes);
  const app = tcb.init({ env: LOCAL_ENV_ID, serviceUrl: `${platform.url}/admin`, ...LOCAL_CREDENTIALS });
  beforeEach(async () => {
    await platform.send("POST", "/_local/reset", {});
  });
  afterAll(() => platform.stop());
  return {
    platform,
    app,
    /** @param timeout after which the SDK gives up */
    run: async (name: unknown, data?: unknown, timeout = 20_000) =>
      (await app.callFunction({ name: "cloudbase_module", data: { name, data } }, { timeout })) as Called,
    fault: (kind: FaultKind, times = 1) => platform.send("PUT", "/_local/faults", { workflow: { kind, times } }),
    clock: (change: { rate?: number; offsetMs?: number }) => platform.send("PUT", "/_local/clock", change),
    requests: () => platform.get<RequestRow[]>("/_local/requests"),
    /** The newest one. */
    async instance(): Promise<InstanceView | undefined> {
      return (await platform.instances())[0];
    },
  };
}

/** Looks again until there is something. */
export async function soon<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((again) => setTimeout(again, 10));
  }
}
