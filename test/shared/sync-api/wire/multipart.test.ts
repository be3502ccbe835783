/** Forms with files: as curl and the runtime write them, what is no form, and where the files go. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInput } from "../../../../shared/sync-api/wire/input";
import {
  type FilePart,
  readMultipart,
  withPendingFiles,
  withStoredFiles,
} from "../../../../shared/sync-api/wire/multipart";
import { anyCharacter } from "../../../helpers/any-character";
import { counted } from "../../../helpers/counts";
import { testStore } from "../../../helpers/database";
import { failureOf } from "../../../helpers/failure";
import { fixture } from "../../../helpers/fixtures";
import { contextOf, requestOf } from "../calls";

const curl = fixture<{ headers: Record<string, string>; body: string }>("sync-api/curl-form.json");
const TYPE = "multipart/form-data; boundary=b";

async function written(fill: (form: FormData) => void): Promise<{ body: Buffer; type: string }> {
  const form = new FormData();
  fill(form);
  const response = new Response(form);
  return { type: response.headers.get("content-type") as string, body: Buffer.from(await response.arrayBuffer()) };
}
const fileOf = (content: string | Buffer, change: Partial<FilePart> = {}): FilePart => ({
  field: "attachments",
  name: "a.txt",
  type: "text/plain",
  bytes: Buffer.from(content as string),
  ...change,
});
const pendingId = (content: string) => `cloud://pending/${createHash("sha256").update(content).digest("hex")}`;

describe("a form with files", () => {
  it("of curl -F has its fields and its files, in their order, with their bytes", async () => {
    const { value, files } = (await readMultipart(
      Buffer.from(curl.body, "base64"),
      curl.headers["content-type"] as string,
    )) ?? { value: {}, files: [] };
    expect(value).toEqual({ reason: "探亲", days: ["3", "4"] });
    expect(files).toEqual([
      { field: "attachments", name: "a.txt", type: "text/plain", bytes: Buffer.from("not much") },
      {
        field: "attachments",
        name: "二进制.bin",
        type: "application/octet-stream",
        bytes: Buffer.from([0, 0xff, 0xfe, ...Buffer.from(" binary")]),
      },
    ]);
  });

  it("is read as the input of a request, from base64 as from text", async () => {
    const headers = { "content-type": curl.headers["content-type"] as string };
    const inBase64 = await readInput(requestOf({ headers, body: curl.body, isBase64: true }), 1_000);
    expect(inBase64).toMatchObject({ input: { value: { reason: "探亲" }, files: [{ name: "a.txt" }, {}] } });
    const { body, type } = await written((form) => form.append("a", "1"));
    const asText = await readInput(requestOf({ headers: { "content-type": type }, body: body.toString() }), 1_000);
    expect(asText).toEqual({ input: { value: { a: "1" }, files: [] } });
  });

  it("of any fields and bytes is read as it was written", () => {
    const name = fc.stringMatching(/^[\p{L}\p{N}_. -]{1,10}$/u).filter((text) => text !== "__proto__");
    const field = fc.tuple(
      name,
      fc.string().filter((text) => !/[\r\n]/.test(text)),
    );
    const file = fc.tuple(name, fc.uint8Array({ maxLength: 200 }));
    const property = fc.asyncProperty(
      fc.array(field, { maxLength: 5 }),
      fc.array(file, { maxLength: 3 }),
      async (fields, sent) => {
        const { body, type } = await written((form) => {
          for (const [key, text] of fields) form.append(key, text);
          for (const [key, bytes] of sent) form.append(key, new Blob([Buffer.from(bytes)]), `${key}.bin`);
        });
        if (fields.length + sent.length === 0) return;
        const read = await readMultipart(body, type);
        for (const [key] of fields) {
          const texts = fields.filter(([other]) => other === key).map(([, text]) => text);
          expect([read?.value[key]].flat()).toEqual(texts);
        }
        expect(read?.files.map(({ field: key, bytes }) => [key, bytes.toString("hex")])).toEqual(
          sent.map(([key, bytes]) => [key, Buffer.from(bytes).toString("hex")]),
        );
      },
    );
    return fc.assert(property, { numRuns: counted(1_000) });
  });

  it.each([
    ["no boundary", "multipart/form-data", "--b\r\n"],
    [
      "another boundary",
      "multipart/form-data; boundary=c",
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n',
    ],
    ["no part at all", TYPE, "hello"],
    ["JSON", TYPE, "{}"],
    ["a part without a name", TYPE, "--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--\r\n"],
    ["a part that is cut", TYPE, '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
  ])("that has %s is unreadable: 400", async (_, type, body) => {
    expect(await readMultipart(Buffer.from(body), type)).toBeUndefined();
    const refused = await readInput(requestOf({ headers: { "content-type": type }, body }), 1_000);
    expect(refused).toMatchObject({ refused: { status: 400 } });
    expect(JSON.stringify(refused)).toContain("multipart");
  });

  it("may have 1,000 parts, and not one more", async () => {
    const many = (count: number) =>
      written((form) => {
        for (let at = 0; at < count; at += 1) form.append(`f${at}`, "");
      });
    const [allowed, tooMany] = [await many(1_000), await many(1_001)];
    expect(Object.keys((await readMultipart(allowed.body, allowed.type))?.value ?? {})).toHaveLength(1_000);
    expect(await readMultipart(tooMany.body, tooMany.type)).toBeUndefined();
  });

  it("with a name that changes what an object is is refused", async () => {
    for (const add of [
      (form: FormData) => form.append("__proto__", "x"),
      (form: FormData) => form.append("__proto__", new Blob(["x"])),
    ]) {
      const { body, type } = await written(add);
      expect(await readMultipart(body, type)).toBeUndefined();
    }
    const { body, type } = await written((form) => form.append("constructor", "x"));
    expect((await readMultipart(body, type))?.value).toEqual({ constructor: "x" });
  });
});

describe("a file that is not stored yet", () => {
  it("is known by its content", () => {
    const pending = withPendingFiles({ reason: "x" }, [fileOf("one"), fileOf("two", { field: "photo" })]);
    expect(pending).toEqual({ reason: "x", attachments: pendingId("one"), photo: pendingId("two") });
    expect(withPendingFiles({}, [fileOf("one", { name: "other.txt" })])).toEqual({ attachments: pendingId("one") });
  });

  it("is one of a list where its field comes again", () => {
    expect(withPendingFiles({}, [fileOf("one"), fileOf("two")])).toEqual({
      attachments: [pendingId("one"), pendingId("two")],
    });
    expect(withPendingFiles({ attachments: "cloud://a/b" }, [fileOf("one")])).toEqual({
      attachments: ["cloud://a/b", pendingId("one")],
    });
  });

  it.each([[{ a: 1 }], [[1]], ["text"], [null]])("is none where there are none: %j stays as it is", (value) => {
    expect(withPendingFiles(value, [])).toBe(value);
  });
});

describe("a file that is stored", () => {
  const stored = async (files: FilePart[], upload?: (file: { cloudPath: string; fileContent: Buffer }) => unknown) => {
    const paths: string[] = [];
    const app = {
      isSdk: true,
      async uploadFile(this: { isSdk?: boolean }, file: { cloudPath: string; fileContent: Buffer }) {
        if (this.isSdk !== true) throw new TypeError("uploadFile without its app");
        paths.push(file.cloudPath);
        return upload === undefined ? { fileID: `cloud://env/${file.fileContent.toString()}` } : upload(file);
      },
    };
    const value = await withStoredFiles({ reason: "x" }, files, contextOf(testStore(), app));
    return { value, paths };
  };

  it("is given to the run by its id, in the place of its field", async () => {
    const { value, paths } = await stored([fileOf("one"), fileOf("two"), fileOf("three", { field: "photo" })]);
    expect(value).toEqual({
      reason: "x",
      attachments: ["cloud://env/one", "cloud://env/two"],
      photo: "cloud://env/three",
    });
    expect(paths).toHaveLength(3);
  });

  it.each([
    ["a.txt", "a.txt"],
    ["报告 2026.pdf", "报告_2026.pdf"],
    ["../../etc/passwd", ".._.._etc_passwd"],
    ["..\\..\\boot.ini", ".._.._boot.ini"],
    ["a?b#c%2F.txt", "a_b_c_2F.txt"],
    ["\r\nx: y", "_x_y"],
    ["/", "_"],
    ["", "file"],
    ["x".repeat(300), "x".repeat(100)],
    [`${"𠮷".repeat(120)}.a`, `${"𠮷".repeat(98)}.a`],
    [".env", ".env"],
  ])("called %j lies in a folder of its own as %s", async (name, end) => {
    const { paths } = await stored([fileOf("one", { name })]);
    expect(paths[0]).toMatch(/^sync-api\/[0-9a-f-]{36}\/[^/]+$/);
    expect(paths[0]?.split("/")[2]).toBe(end);
  });

  it.each([".", "..", "...", `x${".".repeat(200)}`])("called %j does not lead out of its folder", async (name) => {
    const { paths } = await stored([fileOf("one", { name })]);
    expect(paths[0]).toMatch(/^sync-api\/[0-9a-f-]{36}\/[^/]+$/);
    expect(paths[0]).not.toMatch(/\/\.+$/);
  });

  it("may be called anything", () => {
    const property = fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 150 }), async (name) => {
      const { paths } = await stored([fileOf("one", { name })]);
      const [path = ""] = paths;
      expect(path).toMatch(/^sync-api\/[0-9a-f-]{36}\/[\p{L}\p{N}._-]+$/u);
      expect(
        new URL(`https://h/${path.split("/").map(encodeURIComponent).join("/")}`).pathname.split("/"),
      ).toHaveLength(4);
    });
    return fc.assert(property, { numRuns: counted(1_000) });
  });

  it.each([
    ["fails", () => Promise.reject(new Error("down"))],
    ["gives no id", () => ({})],
    ["gives an empty id", () => ({ fileID: "" })],
    ["resolves with a code", () => ({ code: "STORAGE_REQUEST_FAIL" })],
  ])("where the storage %s is none: nothing is started", async (_, upload) => {
    expect(await failureOf(stored([fileOf("one")], upload))).toMatchObject({
      code: "STORE_UNREACHABLE",
      outcome: "rejected",
      retryable: true,
    });
  });

  it("needs a storage", async () => {
    const context = contextOf(testStore());
    expect(await failureOf(withStoredFiles({}, [fileOf("one")], context))).toMatchObject({ code: "NOT_CONFIGURED" });
    expect(await withStoredFiles("anything", [], context)).toBe("anything");
  });
});
