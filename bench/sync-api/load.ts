/** Requests over kept connections, so many at a time: how long each took, in milliseconds. */
import http from "node:http";

export interface Load {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
  requests: number;
  inFlight: number;
}

export interface LoadResult {
  /** Of all requests together, for each. */
  msPerRequest: number;
  /** Ascending. */
  latenciesMs: number[];
}

/** @throws Error where an answer is not the expected one */
export async function load(options: Load): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: options.inFlight });
  const latenciesMs: number[] = [];
  let left = options.requests;
  const lane = async () => {
    while (left-- > 0) {
      const startedMs = performance.now();
      await request(options, agent);
      latenciesMs.push(performance.now() - startedMs);
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: options.inFlight }, lane));
  const msPerRequest = (performance.now() - startedMs) / options.requests;
  agent.destroy();
  return { msPerRequest, latenciesMs: latenciesMs.sort((a, b) => a - b) };
}

function request({ url, method, headers, body }: Load, agent: http.Agent): Promise<void> {
  return new Promise((done, reject) => {
    const sent = http.request(url, { method, agent, headers: { ...headers, "content-length": body.length } });
    sent.on("error", reject);
    sent.on("response", (answer) => {
      answer.resume();
      answer.on("end", () => (answer.statusCode === 200 ? done() : reject(new Error(`HTTP ${answer.statusCode}`))));
    });
    sent.end(body);
  });
}

export const HELLO = {
  method: "POST",
  headers: { token: "123456", "content-type": "application/json" },
  body: '{"name":"botman.cc"}',
} as const;

export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
}
