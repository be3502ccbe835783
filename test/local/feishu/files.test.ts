/** CoreHR: files that are uploaded before a start. */
import { describe, expect, it } from "vitest";
import { platformProcess, temporaryFolder } from "../../helpers/platform";
import { type FeishuClient, feishuOf, openFeishuPlatform, startOf, variable } from "./open-feishu";

const { platform, feishu } = await openFeishuPlatform({ limits: false });

describe("an upload", () => {
  const UPLOAD = "/open-apis/corehr/v1/persons/upload";
  async function upload(client: FeishuClient, url: string, bytes: Uint8Array<ArrayBuffer> | string, name?: string) {
    const form = new FormData();
    form.set("file_content", new Blob([bytes]), "ignored.bin");
    if (name !== undefined) form.set("file_name", name);
    const headers = { authorization: `Bearer ${await client.token()}` };
    const answer = await fetch(`${url}${UPLOAD}`, { method: "POST", headers, body: form });
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
    return (await answer.json()) as any;
  }
  const attached = (id: string) =>
    startOf([
      variable("attachments", { list_values: ["f"] }, [{ key: "f", value: { file_value: { open_file_id: id } } }]),
    ]);

  it("gives an id that a start takes, also after a kill", async () => {
    const data = temporaryFolder();
    const first = await platformProcess(data);
    const { code, data: file } = await upload(feishuOf(first), first.url, "内容", "合同 1.pdf");
    expect([code, file.id]).toEqual([0, expect.stringMatching(/^[0-9a-f]{24}_[0-9a-f]{32}$/)]);
    await first.kill();
    const second = await platformProcess(data);
    expect((await feishuOf(second).start(attached(file.id))).json.code).toBe(0);
    await second.kill();
  });

  it("is forgotten by a reset", async () => {
    const { data } = await upload(feishu, platform.url, "内容", "a.pdf");
    await platform.send("POST", "/_local/reset", {});
    expect((await feishu.start(attached(data.id))).json.code).toBe(1161001);
  });

  it.each(["a", "../a.pdf", "a/b.pdf", "a\\b.pdf", ""])("with the name %j is refused", async (name) => {
    expect(await upload(feishu, platform.url, "x", name)).toMatchObject({
      code: 1161001,
      msg: expect.stringContaining("file_name"),
    });
  });

  it("without a name or a file is refused by the gateway", async () => {
    expect(await upload(feishu, platform.url, "x")).toMatchObject({ code: 99992402 });
    expect((await feishu.call("POST", UPLOAD, { body: { file_name: "a.pdf", file_content: "x" } })).json).toMatchObject(
      {
        code: 99992402,
        error: { field_violations: [{ field: "file_content" }] },
      },
    );
  });

  it("may have 50 MB, and not a byte more", async () => {
    const bytes = new Uint8Array(52_428_801);
    expect((await upload(feishu, platform.url, bytes.subarray(1), "a.bin")).code).toBe(0);
    expect((await upload(feishu, platform.url, bytes, "a.bin")).code).toBe(1161001);
  });
});
