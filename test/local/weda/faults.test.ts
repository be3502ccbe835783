/** The fault switches of the engine "weda": what the caller gets, and whether anything was started. */
import { describe, expect, it } from "vitest";
import { ConnectionFault } from "../../../local/connection-fault";
import type { FaultKind } from "../../../local/faults";
import { codeOf, leaveOf, open } from "./open-weda";

const START = "StartProcessWithParams";

async function startUnder(kind: FaultKind) {
  const { weda, call, faults, requests } = await open();
  faults.set({ weda: { kind, rate: 1, times: 1 } });
  const came = await call(START, leaveOf(1)).then(codeOf, (error: unknown) => error);
  const started = (await weda.instances()).length;
  // The switch went off by itself.
  expect(codeOf(await call(START, leaveOf(1)))).toBe(0);
  await weda.close();
  return { came, started, status: requests[0]?.status };
}

describe("a start under the fault", () => {
  it.each([
    ["reject", "UnauthorizedOperation", 0],
    ["rate-limit", "RequestLimitExceeded", 0],
    ["token-revoked", "InvalidAccessToken", 0],
    ["no-scope", "InnerError.AuthFailure", 0],
    ["flow-disabled", "UnsupportedOperation", 0],
    ["error-before", "InternalError", 0],
    ["error-after", "InternalError", 1],
    ["slow", 0, 1],
  ] as const)("%s answers %s, and %d were started", async (kind, code, started) => {
    expect(await startUnder(kind)).toEqual({ came: code, started, status: 200 });
  });

  it.each([
    ["lost-before", "lost", 0],
    ["down", "lost", 0],
    ["lost-after", "lost", 1],
    ["stall", "stall", 1],
  ] as const)("%s gets no answer (%s), and %d were started", async (fault, kind, started) => {
    const { came, ...rest } = await startUnder(fault);
    expect(came).toBeInstanceOf(ConnectionFault);
    expect(came).toMatchObject({ kind });
    expect(rest).toEqual({ started, status: 0 });
  });
});
