/** Every command of the published page, run by the real curl as it is printed, but for the host. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type PlatformHere, platformHere, temporaryFolder } from "../../helpers/platform";
import { type Api, apiOf, TOKEN } from "./open-api";

interface Example {
  title: string;
  api: string;
  settings: object;
  command: string;
  answer: string;
}

const examples = JSON.parse(readFileSync("test/fixtures/sync-api/published-examples.json", "utf8")) as Example[];
const run = promisify(execFile);

let platform: PlatformHere;
let api: Api;
beforeAll(async () => {
  platform = await platformHere(temporaryFolder());
  api = apiOf(platform);
});
afterAll(() => platform.stop());
afterEach(() => platform.send("POST", "/_local/reset", {}));

const curl = async (command: string) => {
  const local = command.replace("http://8.218.xxx.xx", platform.url).replace(/^curl /, "curl -s ");
  return JSON.parse((await run("sh", ["-c", local])).stdout) as { response: { uid?: string } };
};
const withoutUid = ({ response: { uid: _, ...response } }: { response: { uid?: string } }) => response;

describe("a published command", () => {
  it.each(examples)(
    "with $title answers as printed, its uid aside",
    async ({ api: name, settings, command, answer }) => {
      await api.change(name, settings);
      const printed = JSON.parse(answer) as { response: { uid?: string } };
      const given = await curl(command);
      expect(withoutUid(given)).toEqual(withoutUid(printed));
      if (printed.response.uid !== undefined) expect(given.response.uid).toMatch(/^\d{18}$/);
      // What was refused has started nothing.
      expect((await platform.instances()).length).toBe(printed.response.uid === undefined ? 0 : 1);
    },
  );

  it("with the two shipped APIs as they are answers without any change", async () => {
    const [none, , token] = examples as [Example, Example, Example];
    expect(withoutUid(await curl(none.command))).toEqual(withoutUid(JSON.parse(none.answer)));
    expect(withoutUid(await curl(token.command))).toEqual(withoutUid(JSON.parse(token.answer)));
  });
});

describe("a route", () => {
  it("that is not enabled says so in the words of the page, and runs nothing", async () => {
    await api.change("admin/test/sync", { enabled: false });
    const { status, body } = await api.call("/api/admin/test/sync", { headers: TOKEN });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: "requestError.notEnabled" });
    expect(body.error?.message).toContain("接口未启用");
    expect(await platform.instances()).toEqual([]);
  });

  it("called with another method names the right one", async () => {
    const { status, headers, body } = await api.call("/api/botman/test/sync");
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe("POST");
    expect(body.error?.message).toContain("POST");
  });

  it("hands the input on as the published trigger does: a list of one", async () => {
    await api.call("/api/botman/test/sync", { body: { name: "botman.cc" } });
    const [instance] = await platform.instances();
    expect(instance?.variables).toEqual({ trigger: [{ name: "botman.cc" }] });
  });

  it("is the declared one again after a reset", async () => {
    await api.change("admin/test/sync", { output: "other", auth: "none" });
    expect((await api.call("/api/admin/test/sync")).body.data).toBe("other");
    await platform.send("POST", "/_local/reset", {});
    expect((await api.call("/api/admin/test/sync")).status).toBe(401);
    expect((await api.call("/api/admin/test/sync", { headers: TOKEN })).body.data).toEqual({ code: 0, msg: "ok" });
  });

  it("that nobody knows is not found, nor one of two spaces by its short path", async () => {
    expect((await api.call("/api/no/such/api")).body.error?.code).toBe("requestError.notFound");
    expect((await api.call("/api/test/sync", { headers: TOKEN })).status).toBe(404);
    expect((await api.call("/api/flows/hello", { headers: TOKEN, body: {} })).body.data).toEqual({
      name: "hello world",
    });
  });
});
