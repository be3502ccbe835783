/** How long after a run fails, or begins to wait, its caller has the answer: milliseconds from the engine's own timeline. */
import type { InstanceView } from "../../local/console/wire";
import type { Comparison } from "../compare";
import { openPlatform } from "../sync-api/platform";

export async function comparison(): Promise<Comparison> {
  const url = await openPlatform(4_397, { isStubbed: false });
  const token = { token: "123456" };
  const login = { user: "botman", password: "123456" };
  const leave = { reason: "探亲", days: 3, startsOn: "2026-12-01" };
  const variants = {
    "a workflow fails": () => afterRest(url, "demo/flows/broken", token, {}),
    "a workflow waits": () => afterRest(url, "demo/flows/approval", token, {}),
    "a WeDa process waits": () => afterRest(url, "demo/leave/start", login, leave),
  };
  for (const variant of Object.values(variants)) await variant();
  return { name: "sync API, from the rest to the answer", unit: "ms", peer: "a workflow fails", variants, rounds: 21 };
}

async function afterRest(url: string, api: string, headers: Record<string, string>, body: object): Promise<number> {
  const answer = await fetch(`${url}/v1/api/${api}`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await answer.text();
  const answeredMs = Date.now();
  const [instance] = (await (await fetch(`${url}/_local/instances?limit=1`)).json()) as InstanceView[];
  // Both by the same clock, in whole milliseconds.
  return answeredMs - (instance?.timeline.at(-1)?.at ?? Number.NaN);
}
