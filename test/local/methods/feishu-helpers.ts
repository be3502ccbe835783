/** The Feishu methods as they were built, on the local platform: what the tests of this folder share. */
import type { RequestRow, TestAnswer, TestRequest } from "../../../local/console/wire";
import { form, type PlatformHere } from "../../helpers/platform";

export const APAAS = "start-apaas-flow";
export const COREHR = "start-corehr-process";
export const SETTLED_MS = 130_000;

export const flow = () => form({ record: "5454545" });
export const transfer = (change: object = {}) => form({ reason: "部门调动", urgent: true, ...change });

/** Everything that the tests ask of the platform, in their own words. */
export function feishuOf(platform: PlatformHere) {
  const requests = async (path: string | RegExp) =>
    (await platform.get<RequestRow[]>("/_local/requests")).filter((row) => row.path.match(path) !== null).reverse();
  return {
    start: (name: string, params: object, more: Partial<TestRequest> = {}): Promise<TestAnswer> =>
      platform.test(name, { params, ...more }),
    /** Oldest first. */
    requests,
    starts: () => requests(/\/(execute|process_start)(\?|$)/),
    fault: (engine: string, kind: string, times = 1) =>
      platform.send("PUT", "/_local/faults", { [engine]: { kind, times } }),
    switches: (change: object) => platform.send("PUT", "/_local/feishu", change),
    later: (offsetMs: number) => platform.send("PUT", "/_local/clock", { offsetMs }),
    look: async (submissionId: string) =>
      (await platform.test("submission-status", { params: { submissionId } })).result as Record<string, unknown>,
    sweep: async () => (await platform.test("sweep", { params: {} })).result as Record<string, number>,
  };
}

export function resultOf({ ok, result, error }: TestAnswer): Record<string, unknown> & { processId: string | null } {
  if (ok) return result as Record<string, unknown> & { processId: string | null };
  throw new Error(`${error?.code}: ${error?.message.en}`);
}
