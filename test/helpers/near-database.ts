/** The SDK's database package on a document store in this process and in memory alone: for what starts thousands of times. */
import { createRequire } from "node:module";
import { vi } from "vitest";
import { createClock } from "../../local/clock";
import { CloudError } from "../../local/cloudbase/cloud-error";
import { DATABASE_ACTIONS } from "../../local/cloudbase/database";
import { openDocuments } from "../../local/cloudbase/documents";
import { createTransactions } from "../../local/cloudbase/transactions";
import type { Database } from "../../shared/platform/database";

vi.mock("../../local/journal", () => {
  const done = async () => undefined;
  return { openJournal: async () => ({ append: done, compact: done, close: done }) };
});

/** As `@cloudbase/node-sdk` uses it, which gives it a requester of its own. */
interface DatabasePackage {
  Db: { new (config: object): Database; reqClass: unknown };
}

const require = createRequire(createRequire(import.meta.url).resolve("@cloudbase/node-sdk"));
const { Db } = require("@cloudbase/database") as DatabasePackage;

const documents = await openDocuments({ dir: "" });
const clock = createClock();
const parts = { documents, clock, transactions: createTransactions(documents, clock) };

Db.reqClass = class {
  async send(action: string, params: object): Promise<object> {
    const body: unknown = asSent(params);
    try {
      return asSent((await DATABASE_ACTIONS.get(action)?.(parts, body)) ?? {});
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return { code: error.code, message: error.message };
    }
  }
};

/** What JSON and UTF-8 leave of it. */
function asSent<Value>(value: Value): Value {
  return JSON.parse(Buffer.from(JSON.stringify(value)).toString()) as Value;
}

/** All that all of them hold. */
export const forgetDocuments = () => documents.reset();

let spaces = 0;

/** Collections of its own, so that equal submissions do not meet. */
export function nearDatabase(): Database {
  const database = new Db({ throwOnCode: true });
  spaces += 1;
  const space = String(spaces);
  return {
    collection: (name) => database.collection(`${name}_${space}`),
    createCollection: (name) => database.createCollection(`${name}_${space}`),
    serverDate: (options) => database.serverDate(options),
    command: database.command,
  };
}
