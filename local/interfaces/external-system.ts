/** A system outside that answers what it was asked with: query, body, and the headers that a caller made up. */
import type { FaultKind } from "../faults";
import { LOCAL_EXTERNAL_SYSTEM } from "../functions/environment";
import { isSame } from "./expiring-tokens";
import { type OpenStandIn, ok, Refusal, type StandInCall } from "./stand-in";

export const openExternalSystem: OpenStandIn = () => {
  const echo = ({ query, headers, body }: StandInCall) => {
    if (!isSame(headers.authorization, `Bearer ${LOCAL_EXTERNAL_SYSTEM.token}`)) throw refused(401, "unauthorized");
    const own = Object.entries(headers).filter(([name]) => name.startsWith("x-"));
    return ok({
      code: 0,
      message: "ok",
      data: { query: Object.fromEntries(query), headers: Object.fromEntries(own), body },
    });
  };
  return {
    routes: { "GET /some-api": echo, "POST /some-api": echo },
    notFound: { status: 404, body: { code: 404, message: "not found" } },
    refusal: (fault) => REFUSALS[fault]?.(),
    reset: () => undefined,
  };
};

const REFUSALS: Partial<Record<FaultKind, () => Refusal>> = {
  reject: () => refused(400, "bad request"),
  "rate-limit": () => refused(429, "too many requests"),
  "token-revoked": () => refused(401, "unauthorized"),
  "no-scope": () => refused(403, "forbidden"),
  "error-before": () => refused(500, "internal error"),
  "error-after": () => refused(500, "internal error"),
};

function refused(status: number, message: string): Refusal {
  return new Refusal({ status, body: { code: status, message } });
}
