/** The real SDK's database on a document store of this test file's own, over loopback; one namespace for each user of it. */
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { vi } from "vitest";
import { createClock, type LocalClock } from "../../local/clock";
import { createAdmin } from "../../local/cloudbase/admin";
import { openDocuments } from "../../local/cloudbase/documents";
import { openBlobs } from "../../local/cloudbase/storage";
import { createFaultSwitches, type FaultSwitches } from "../../local/faults";
import { LOCAL_CREDENTIALS, LOCAL_ENV_ID, sdkVariables } from "../../local/functions/environment";
import type { Database } from "../../shared/platform/database";
import { temporaryFolder } from "./platform";
import { tcb } from "./sdk";

export interface TestStore {
  database: Database;
  faults: FaultSwitches;
  clock: LocalClock;
  /** How many calls the store has received. */
  calls(): number;
}

const dir = temporaryFolder();
const [clock, faults, documents] = [createClock(), createFaultSwitches(), await openDocuments({ dir })];
let received = 0;
const admin = createAdmin({
  envId: LOCAL_ENV_ID,
  credentials: LOCAL_CREDENTIALS,
  documents,
  blobs: openBlobs({ dir, envId: LOCAL_ENV_ID, clock, publicUrl: () => "" }),
  clock,
  faults,
  invoke: async () => "null",
});
const fetch: typeof admin.fetch = (...request) => {
  received += 1;
  return admin.fetch(...request);
};
const server = serve({ fetch, hostname: "127.0.0.1", port: 0 });
if (!server.listening) await new Promise((listening) => server.once("listening", listening));
server.unref();
const { port } = server.address() as AddressInfo;
const serviceUrl = `http://127.0.0.1:${port}/admin`;
// The SDK has a time limit of its own, which no test is about.
const app = tcb.init({ env: LOCAL_ENV_ID, serviceUrl, ...LOCAL_CREDENTIALS, timeout: 600_000 });
const database = app.database() as unknown as Database;

/** The environment of a function whose own SDK is to find this store, until the test that stubs it unstubs it. */
export function stubStoreVariables(): void {
  for (const [name, value] of Object.entries(sdkVariables(serviceUrl))) vi.stubEnv(name, value);
}

/** Collections of its own, so that equal submissions of two tests do not meet. */
export function testStore(): TestStore {
  const space = randomUUID().slice(0, 8);
  return {
    faults,
    clock,
    calls: () => received,
    database: {
      collection: (name) => database.collection(`${name}_${space}`),
      createCollection: (name) => database.createCollection(`${name}_${space}`),
      serverDate: (options) => database.serverDate(options),
      command: database.command,
    },
  };
}
