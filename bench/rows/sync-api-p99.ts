/** The slowest hundredth of the requests of sync-api-throughput, in milliseconds. */
import type { Comparison } from "../compare";
import { openBareServer } from "../sync-api/bare-server";
import { HELLO, load, percentile } from "../sync-api/load";
import { openPlatform } from "../sync-api/platform";

export async function comparison(): Promise<Comparison> {
  const path = "/v1/api/demo/flows/hello";
  const [bare, stubbed, real] = await Promise.all([
    openBareServer(),
    openPlatform(4_395, { isStubbed: true }),
    openPlatform(4_396, { isStubbed: false }),
  ]);
  const p99 = (url: string) => async () =>
    percentile((await load({ url: url + path, ...HELLO, requests: 1_000, inFlight: 10 })).latenciesMs, 0.99);
  await Promise.all([p99(stubbed)(), p99(real)()]);
  return {
    name: "sync API through the local platform, 10 in flight, p99",
    unit: "ms",
    peer: "bare node:http",
    variants: { "bare node:http": p99(bare), "run stubbed": p99(stubbed), "real instance": p99(real) },
    rounds: 7,
  };
}
