/** Who sends more than is wanted gets the answer all the same, however slowly he sends, and his connection goes on. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { LIMITS } from "../../shared/sync-api/routes/route";
import { folderForTests } from "../helpers/folder";
import { type PlatformHere, platformHere } from "../helpers/platform";

let platform: PlatformHere;
const data = folderForTests();
beforeAll(async () => {
  platform = await platformHere(data);
});
afterAll(() => platform.stop());

const BODY = "x".repeat(LIMITS.maxBodyBytes + 1);
const HALF = BODY.length / 2;
const FRAMINGS = {
  "by length": [`Content-Length: ${BODY.length}`, BODY],
  "in chunks": ["Transfer-Encoding: chunked", `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`],
} as const;
const PLACES = [
  "/v1/api/botman/test/sync",
  "/elsewhere",
  "/_local/methods/start-leave/test",
  "/interfaces/crm_system/x",
  "/open-apis/x",
];
const CASES = Object.entries(FRAMINGS).flatMap(([name, [how, body]]) =>
  PLACES.map((path) => [path, name, how, body] as const),
);

it.each(CASES)("POST %s, too large, %s", async (path, _, how, body) => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { port } = new URL(platform.url);
  const socket = connect({ port: Number(port), host: "127.0.0.1" });
  const lines = [`Host: 127.0.0.1:${port}`, "Content-Type: application/json"];
  let received = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    received += text;
  });
  const written = (text: string) => new Promise((done) => socket.write(text, done));
  await written([`POST ${path} HTTP/1.1`, ...lines, how, "", body.slice(0, HALF)].join("\r\n"));
  // It is answered by then, where that does not take the whole of it; and however long ago.
  await platform.get("/_local/clock");
  vi.advanceTimersByTime(60_000);
  await written(body.slice(HALF));
  await written([`GET /_local/clock HTTP/1.1`, ...lines, "", ""].join("\r\n"));
  await expect.poll(() => received).toMatch(/^HTTP\/1\.1 [45][\s\S]*HTTP\/1\.1 200 OK[\s\S]*"offsetMs"/);
  socket.destroy();
});
