/** The third-party systems that the sample catalogue calls, as stand-ins below `/interfaces/<platform>/`. */
import type { IncomingMessage } from "node:http";
import type { Context } from "hono";
import type { LocalClock } from "../clock";
import { ConnectionFault, cut } from "../connection-fault";
import type { FaultSwitches } from "../faults";
import { bodyOf, queryRow, type Received, receive } from "../feishu/received";
import { CALL_HEADER } from "../functions/call-header";
import type { RequestLog } from "../requests";
import { underFault } from "../under-fault";
import { openCrmSystem } from "./crm-system";
import { openDingtalk } from "./dingtalk";
import { openExternalSystem } from "./external-system";
import { openQywx } from "./qywx";
import { routeOf } from "./routes";
import { Refusal, type Reply, type StandIn } from "./stand-in";

export interface InterfacesParts {
  clock: LocalClock;
  faults: FaultSwitches;
  requests: RequestLog;
  /** Answers `/open-apis/…`: Feishu is one system, whichever way it is reached. */
  feishu: (c: Context) => Promise<Response>;
}

export interface Interfaces {
  answer(c: Context): Promise<Response>;
  reset(): void;
}

export function createInterfaces({ feishu, ...parts }: InterfacesParts): Interfaces {
  const standIns = new Map<string, StandIn>([
    ["qywx", openQywx(parts.clock)],
    ["dingtalk", openDingtalk(parts.clock)],
    ["crm_system", openCrmSystem(parts.clock)],
    ["external_system", openExternalSystem(parts.clock)],
  ]);
  return {
    async answer(c) {
      const { incoming } = c.env as { incoming: IncomingMessage };
      const [, key = "", rest = "/"] = /^\/{1,2}interfaces\/([^/?]*)(.*)$/s.exec(incoming.url ?? "") ?? [];
      if (key === "feishu") {
        incoming.url = rest;
        return await feishu(c);
      }
      const answer = () => answered({ key, standIn: standIns.get(key), incoming, ...parts });
      const callId = incoming.headers[CALL_HEADER];
      return typeof callId === "string" ? await parts.requests.during(callId, answer) : await answer();
    },
    reset() {
      for (const standIn of standIns.values()) standIn.reset();
    },
  };
}

interface Arrived extends Omit<InterfacesParts, "feishu"> {
  key: string;
  standIn: StandIn | undefined;
  incoming: IncomingMessage;
}

async function answered({ incoming, ...arrived }: Arrived): Promise<Response> {
  const received = await receive(incoming).catch(() => undefined);
  // The caller went away in the middle of its request: nobody waits for an answer.
  if (received === undefined) return await cut(incoming, new ConnectionFault("lost"));
  const body = await bodyOf(received);
  const { method, path, query, headers } = received;
  // A platform that nobody plays gets no name in the log: what stands there may be anything.
  const engine = arrived.standIn === undefined ? "interfaces" : arrived.key;
  const row = { engine, method, path, query: queryRow(query), headers, body: body.value };
  try {
    const reply = await replyTo(arrived, received, body.isReadable ? body.value : undefined);
    arrived.requests.record({ ...row, status: reply.status });
    return responseOf(reply);
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error;
    arrived.requests.record({ ...row, status: 0 });
    return await cut(incoming, error);
  }
}

/** @throws ConnectionFault */
async function replyTo({ key, standIn, faults }: Omit<Arrived, "incoming">, received: Received, body: unknown) {
  if (standIn === undefined) return NO_STAND_IN;
  const { method, path, query, headers } = received;
  const found = routeOf(Object.keys(standIn.routes), method, path.replace(/^\/{1,2}interfaces\/[^/]*/, ""));
  const run = found && standIn.routes[found.route];
  if (found === undefined || run === undefined) return standIn.notFound;
  const call = { path: found.path, query, headers, body };
  try {
    return await underFault({
      fault: faults.draw(key),
      refusal: (fault) => standIn.refusal(fault, call),
      work: async () => run(call),
      worksInStall: true,
    });
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

const NO_STAND_IN: Reply = {
  status: 404,
  body: { code: 404, message: "本地平台没有这个系统的替身。 The local platform has no stand-in of this system." },
};

function responseOf({ status, body, headers = {} }: Reply): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=UTF-8", ...headers },
  });
}
