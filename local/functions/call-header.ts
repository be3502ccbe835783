/** Marks what a function sends to the stand-ins over HTTP with the call that sends it, so that a test can show it. */
import http, { type ClientRequest } from "node:http";
import { syncBuiltinESMExports } from "node:module";

/** Read and removed by the platform: the stand-ins do not see it. */
export const CALL_HEADER = "x-startflow-call";

const STAND_INS = /^\/{1,2}(open-apis|interfaces)\//;

/** @param platformHost host and port of the platform: nobody else gets the header */
export function markRequests(platformHost: string, callId: () => string): void {
  const request = http.request as (...given: unknown[]) => ClientRequest;
  http.request = ((...given: unknown[]) => {
    const sent = request(...given);
    // Nothing leaves before the caller's own code has had its turn, unless the headers came as a ready list.
    if (!sent.headersSent && sent.getHeader("host") === platformHost && STAND_INS.test(sent.path)) {
      sent.setHeader(CALL_HEADER, callId());
    }
    return sent;
  }) as typeof http.request;
  syncBuiltinESMExports();
}
