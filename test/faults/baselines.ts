/** Two usual ways to start a process from a form, on the same engine and store: what the promise is compared with. */
import type tcb from "@cloudbase/node-sdk";
import { now } from "../../shared/base/clock";
import { readStartAnswer } from "../../shared/engines/weda/answer";
import { createContext } from "../../shared/platform/context";
import type { Answer } from "./wire";

type Sdk = typeof tcb;
type App = tcb.CloudBase;
export type Baseline = (event: Record<string, unknown>) => Promise<Answer>;

const NAIVE_TRIES = 3;
const IDEMPOTENCY = "powertools_like";
const KEPT_MS = 3_600_000;

/** Sends, and sends again where it failed. */
export function naive(sdk: Sdk): Baseline {
  const app = appOf(sdk);
  return async (event) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { outcome: "started", processId: await send(sdk, app, event) };
      } catch (error) {
        if (attempt === NAIVE_TRIES) return failed(error);
      }
    }
  };
}

interface IdempotencyRecord {
  status: "INPROGRESS" | "COMPLETED";
  inProgressExpiryMs: number;
  processId?: string | null;
}

/**
 * The protocol of AWS Powertools' idempotency, written anew: claim with an expiry, delete the claim on any error, run again
 * once an unfinished claim is over. https://docs.powertools.aws.dev/lambda/typescript/latest/features/idempotency/
 */
export function powertoolsLike(sdk: Sdk, timeLimitMs: number): Baseline {
  const app = appOf(sdk);
  const database = app.database();
  const records = () => database.collection(IDEMPOTENCY);
  const made = database.createCollection(IDEMPOTENCY).catch(() => undefined);
  return async (event) => {
    await made;
    const id = String(event.submissionId);
    const claim = { status: "INPROGRESS", inProgressExpiryMs: now() + timeLimitMs, expiryMs: now() + KEPT_MS };
    try {
      const known = await claimed(records, id, claim);
      if (known !== undefined) return known;
    } catch (error) {
      return failed(error);
    }
    let processId: string | null;
    try {
      processId = await send(sdk, app, event);
    } catch (error) {
      await checked(records().doc(id).remove()).catch(() => undefined);
      return failed(error);
    }
    try {
      await checked(records().where({ _id: id }).update({ status: "COMPLETED", processId }));
    } catch (error) {
      return failed(error);
    }
    return { outcome: "started", processId };
  };
}

/** `undefined` where the claim is ours. */
async function claimed(
  records: () => ReturnType<ReturnType<App["database"]>["collection"]>,
  id: string,
  claim: object,
): Promise<Answer | undefined> {
  try {
    await checked(records().add({ _id: id, ...claim }));
    return undefined;
  } catch (error) {
    if (!/E11000/.test(String(error))) throw error;
  }
  const { data } = await checked<{ data?: IdempotencyRecord[] }>(records().doc(id).get());
  const found = data?.[0];
  if (found === undefined) throw new Error("the record is inconsistent");
  if (found.status === "COMPLETED") return { outcome: "duplicate", processId: found.processId ?? null };
  const inProgress: Answer = { outcome: "in_progress", code: "ALREADY_IN_PROGRESS" };
  if (found.inProgressExpiryMs >= now()) return inProgress;
  const { status, inProgressExpiryMs } = found;
  const { updated } = await checked<{ updated?: number }>(
    records().where({ _id: id, status, inProgressExpiryMs }).update(claim),
  );
  return updated === 1 ? undefined : inProgress;
}

/** An error of these says nothing of whether a process was started. */
function failed(error: unknown): Answer {
  return { outcome: "unknown", code: String((error as { code?: unknown } | undefined)?.code ?? "ERROR") };
}

async function checked<Result>(call: Promise<unknown>): Promise<Result> {
  const result = (await call) as Result & { code?: unknown; message?: unknown };
  if (result.code === undefined || result.code === "" || result.code === 0) return result;
  throw Object.assign(new Error(String(result.message)), { code: result.code });
}

function appOf(sdk: Sdk): App {
  return sdk.init({ env: sdk.SYMBOL_CURRENT_ENV });
}

/** The call of the published sample. https://cloud.tencent.com/document/product/1301/77286 */
async function send(sdk: Sdk, app: App, { reason, days, startsOn }: Record<string, unknown>): Promise<string | null> {
  const param = (paramCode: string, fieldType: string, value: unknown) => ({ paramCode, fieldType, value });
  const answer = await createContext(sdk, app, "preview").callWorkflow({
    action: "StartProcessWithParams",
    data: {
      TriggerType: 6,
      ConnectorParam: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_5b12595a75119" },
      ProcessKey: "flow_012",
      StartParams: [
        param("165708798187000001", "string", reason),
        param("165708798187000002", "number", days),
        param("165708798187000003", "string", startsOn),
      ],
      ExtraUserInfo: { UserId: Number(process.env.STARTFLOW_EXTRA_USER_ID), Source: 4 },
    },
  });
  const read = readStartAnswer(answer);
  if ("failure" in read) throw Object.assign(new Error("the engine refused"), { code: read.failure.code });
  return read.processId;
}
