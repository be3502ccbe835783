/** A worker process: calls the built function for each line that it is sent, and says each answer as soon as it has it. */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type tcb from "@cloudbase/node-sdk";
import { SUBMISSIONS, type SubmissionRecord } from "../../shared/once/record";
import type { Database } from "../../shared/platform/database";
import { createLimiter } from "../../shared/platform/limiter";
import { naive, powertoolsLike } from "./baselines";
import type { Answer, Protocol, Work, WorkerLine, WorkerSetting } from "./wire";

const ANSWERS_FD = 3;
const setting = JSON.parse(process.argv[2] ?? "") as WorkerSetting;

type Handler = (event: Record<string, unknown>) => Promise<{ answer: Answer } | { records: SubmissionRecord[] }>;

interface LedgerPage {
  data?: SubmissionRecord[];
  code?: string;
  message?: string;
}

const HANDLERS: Record<Protocol, () => Handler> = {
  startflow() {
    const { main } = require(join(setting.folder, "index.js")) as {
      main(event: unknown, scf: unknown): Promise<Partial<Answer>>;
    };
    sdk();
    return async (event) => {
      const answer = await main(event, { time_limit_in_ms: setting.timeLimitMs });
      const { outcome = "unknown", code, processId } = answer;
      return { answer: { outcome, code, processId } };
    };
  },
  naive: () => answering(naive(sdk())),
  "powertools-like": () => answering(powertoolsLike(sdk(), setting.timeLimitMs)),
  limiter() {
    const app = sdk().init({ env: sdk().SYMBOL_CURRENT_ENV });
    const { admit } = createLimiter(app.database() as unknown as Database);
    return async ({ key, limit, windowMs }) => {
      const admission = await admit(String(key), Number(limit), Number(windowMs));
      if (admission.admitted) return { answer: { outcome: "started" } };
      return { answer: { outcome: "rejected", code: String(admission.retryAfterMs) } };
    };
  },
  ledger() {
    const database = sdk().init({ env: sdk().SYMBOL_CURRENT_ENV }).database();
    return async ({ skip, limit }) => {
      const page = database.collection(SUBMISSIONS).orderBy("_id", "asc").skip(Number(skip)).limit(Number(limit));
      try {
        const { data, code, message } = (await page.get()) as LedgerPage;
        if (code !== undefined) throw new Error(message);
        return { records: data ?? [] };
      } catch (error) {
        // The baselines never make the ledger.
        if (/not exist/.test(String(error))) return { records: [] };
        throw error;
      }
    };
  },
};

function sdk(): typeof tcb {
  return require(join(setting.folder, "cloudbase.js")) as typeof tcb;
}

function answering(baseline: (event: Record<string, unknown>) => Promise<Answer>): Handler {
  return async (event) => ({ answer: await baseline(event) });
}

/** Synchronous: what is known is said before anything else happens. */
function say(line: WorkerLine): void {
  let rest = Buffer.from(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(ANSWERS_FD, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

async function handle(handler: Handler, { n, event }: Work): Promise<void> {
  const timer = setTimeout(() => process.kill(process.pid, "SIGKILL"), setting.killAfterMs);
  const result = await handler(event as Record<string, unknown>);
  clearTimeout(timer);
  say({ n, ...result });
}

const handler = HANDLERS[setting.protocol]();
createInterface({ input: process.stdin })
  .on("line", (line) => void handle(handler, JSON.parse(line) as Work))
  .on("close", () => process.exit(0));
say({ ready: true });
