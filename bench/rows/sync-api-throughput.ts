/** Requests through the local platform, ten at a time: with the run stubbed, and with a real instance; milliseconds each. */
import type { Comparison } from "../compare";
import { openBareServer } from "../sync-api/bare-server";
import { engineAlone } from "../sync-api/engine-alone";
import { HELLO, load } from "../sync-api/load";
import { openPlatform } from "../sync-api/platform";

const REQUESTS = 1_000;

export async function comparison(): Promise<Comparison> {
  const path = "/v1/api/demo/flows/hello";
  const [bare, stubbed, real] = await Promise.all([
    openBareServer(),
    openPlatform(4_393, { isStubbed: true }),
    openPlatform(4_394, { isStubbed: false }),
  ]);
  const measured = (url: string) => async () =>
    (await load({ url: url + path, ...HELLO, requests: REQUESTS, inFlight: 10 })).msPerRequest;
  // The functions' processes start with their first calls.
  await Promise.all([measured(stubbed)(), measured(real)()]);
  return {
    name: "sync API through the local platform, 10 in flight",
    unit: "ms",
    peer: "engine alone",
    variants: {
      "bare node:http": measured(bare),
      "run stubbed": measured(stubbed),
      "real instance": measured(real),
      "engine alone": () => engineAlone(300),
    },
    rounds: 7,
  };
}
