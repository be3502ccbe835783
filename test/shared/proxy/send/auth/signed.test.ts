/** A function of the catalogue that signs: whatever it gives or throws, nothing leaves unsigned and no secret is told. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { describeError } from "../../../../../shared/base/log";
import { send } from "../../../../../shared/proxy/send/send";
import { openScriptedServer, type ScriptedServer } from "../../../../helpers/scripted-server";
import { failureOf, prepared } from "../../prepared";

let server: ScriptedServer;
let printed: string[];
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  [server.received, printed] = [[], []];
  server.answer = (_, response) => response.end("{}");
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void printed.push(String(line)));
});
afterEach(() => vi.restoreAllMocks());

const signedBy = (sign: unknown) =>
  prepared({
    baseUrl: server.url,
    secrets: { key: "canary-secret" },
    platform: { auth: { kind: "function", sign: sign as () => object } },
  });

it.each<[string, unknown]>([
  [
    "throws, with a secret in the message",
    () => {
      throw new Error("cannot sign with canary-secret");
    },
  ],
  ["is asynchronous", async () => ({ headers: { "x-sign": "1" } })],
  ["is asynchronous and fails", () => Promise.reject(new Error("canary-secret"))],
  ["gives nothing", () => undefined],
  ["gives a number", () => ({ headers: { "x-sign": 5 } })],
  ["gives no value", () => ({ query: { sign: undefined } })],
  ["gives other members", () => ({ header: { "x-sign": "1" } })],
  ["gives a name that is none", () => ({ headers: { "x sign": "1" } })],
  ["gives a header of the connection", () => ({ headers: { Host: "elsewhere.example.com" } })],
  ["gives a line break", () => ({ headers: { "x-sign": "1\r\nx-evil: 1" } })],
])("that %s: nothing is sent, and it is told without secrets", async (_, sign) => {
  const failure = await failureOf(send(signedBy(sign)));
  expect(failure).toMatchObject({ kind: "config", retryable: false, attempts: 0 });
  expect(server.received).toEqual([]);
  expect(printed).toHaveLength(1);
  const all = `${failure.stack} ${JSON.stringify(describeError(failure))} ${printed.join()}`;
  expect(all).not.toContain("canary");
});

it("that gives nothing to add is no mistake", async () => {
  await send(signedBy(() => ({})));
  expect(server.received).toHaveLength(1);
});
