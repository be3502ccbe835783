/** Cloud storage, through the real SDK and over its plain addresses. */
import { createReadStream } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../../../local/clock";
import { MAX_BLOB_BYTES, openBlobs } from "../../../local/cloudbase/storage";
import { ENV_ID, type Opened, open, raw, temporaryDir } from "./open-admin";

const BYTES = Buffer.from(Array.from({ length: 1_000 }, (_, n) => n % 256));

let opened: Opened;
beforeEach(async () => {
  opened = await open();
});

async function tempUrlOf(fileID: string): Promise<string> {
  const { fileList } = await opened.app.getTempFileURL({ fileList: [fileID] });
  return String(fileList[0]?.tempFileURL);
}

describe("a file", () => {
  it.each(["plain.bin", "附件/请假 单 (1)!_-.*.pdf", "a/b/c/😀.txt"])(
    "uploaded as %s is found, downloaded byte by byte, and deleted",
    async (cloudPath) => {
      const { fileID } = await opened.app.uploadFile({ cloudPath, fileContent: BYTES });
      expect(fileID).toMatch(new RegExp(`^cloud://${ENV_ID}\\.`));
      expect(fileID.endsWith(`/${cloudPath}`)).toBe(true);
      expect((await opened.app.downloadFile({ fileID })).fileContent).toEqual(BYTES);
      const response = await fetch(await tempUrlOf(fileID));
      expect(response.headers.get("content-disposition")).toBe("attachment");
      expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES);
      const url = await tempUrlOf(fileID);
      expect(await opened.app.deleteFile({ fileList: [fileID] })).toMatchObject({
        fileList: [{ fileID, code: "SUCCESS" }],
      });
      expect((await fetch(url)).status).toBe(404);
      await expect(opened.app.downloadFile({ fileID })).rejects.toMatchObject({ code: "STORAGE_FILE_NONEXIST" });
      const again = await opened.app.deleteFile({ fileList: [fileID] });
      expect(again).toMatchObject({ fileList: [{ code: "STORAGE_FILE_NONEXIST" }] });
    },
  );

  it("uploaded as a stream is the same, and replaces one of the same path", async () => {
    const file = join(await temporaryDir(), "source.bin");
    await writeFile(file, BYTES);
    await opened.app.uploadFile({ cloudPath: "x.bin", fileContent: Buffer.from("before") });
    const { fileID } = await opened.app.uploadFile({ cloudPath: "x.bin", fileContent: createReadStream(file) });
    expect((await opened.app.downloadFile({ fileID })).fileContent).toEqual(BYTES);
    expect(await readdir(join(opened.dir, "blobs"))).toHaveLength(1);
  });

  it("tells its size", async () => {
    const { fileID } = await opened.app.uploadFile({ cloudPath: "附件/x.bin", fileContent: BYTES });
    const { fileList } = await opened.app.getFileInfo({ fileList: [fileID] });
    expect(fileList).toMatchObject([{ code: "SUCCESS", size: BYTES.length, fileName: "x.bin" }]);
  });

  it("of no bytes is a file", async () => {
    const { fileID } = await opened.app.uploadFile({ cloudPath: "empty", fileContent: Buffer.alloc(0) });
    expect(Buffer.from(await (await fetch(await tempUrlOf(fileID))).arrayBuffer())).toHaveLength(0);
  });

  it("is there after a restart, at a new address", async () => {
    const { fileID } = await opened.app.uploadFile({ cloudPath: "x.bin", fileContent: BYTES });
    const { pathname, search } = new URL(await tempUrlOf(fileID));
    await opened.close();
    opened = await open({ dir: opened.dir });
    expect((await fetch(opened.url + pathname + search)).status).toBe(403);
    expect((await opened.app.downloadFile({ fileID })).fileContent).toEqual(BYTES);
  });

  it("of more than the limit is refused, and nothing of it is kept", async () => {
    const upload = opened.app.uploadFile({ cloudPath: "big", fileContent: Buffer.alloc(MAX_BLOB_BYTES + 1) });
    await expect(upload).rejects.toBeInstanceOf(Error);
    const blobs = openBlobs({ dir: opened.dir, envId: ENV_ID, clock: createClock(), publicUrl: () => "" });
    await expect(blobs.put("big", Buffer.alloc(MAX_BLOB_BYTES + 1))).rejects.toMatchObject({
      code: "EXCEED_REQUEST_SIZE_LIMIT",
    });
    await expect(readdir(join(opened.dir, "blobs"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("put by the platform itself has a path of its own, whatever its name", async () => {
    const dir = await temporaryDir();
    const blobs = openBlobs({ dir, envId: ENV_ID, clock: createClock(), publicUrl: () => "http://127.0.0.1" });
    const ids = [await blobs.put("../../x#?%.pdf", BYTES), await blobs.put("../../x#?%.pdf", BYTES)];
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) {
      expect(await blobs.read(id)).toEqual(BYTES);
      expect(await blobs.downloadUrls({ file_list: [{ fileid: id }] })).toMatchObject({
        data: { download_list: [{ code: "SUCCESS" }] },
      });
    }
    expect(await blobs.read("cloud://another.626c-another/x")).toBeUndefined();
    await blobs.reset();
    expect(await blobs.read(String(ids[0]))).toBeUndefined();
  });
});

describe("a call that may not reach a file", () => {
  it.each([
    "../x",
    "a/../../x",
    "..",
    "",
    "/x",
    "a//b",
    "a/./b",
    "a\\b",
    "a%2e%2e/x",
    "a#b",
    "a?b",
    "a\nb",
    "\ud800",
    "x".repeat(851),
  ])("is refused for the path %j", async (path) => {
    const { answer } = await raw(opened.url, { action: "storage.getUploadMetadata", path });
    expect(["INVALID_PARAM", "SIGN_PARAM_INVALID"]).toContain(answer.code);
  });

  it.each([
    "/blobs/%2e%2e%2f%2e%2e%2fdocuments.jsonl",
    "/blobs/../documents.jsonl",
    "/blobs/",
    "/blobs/%zz",
    "/blobs/x",
  ])("is refused at the address %s", async (address) => {
    for (const method of ["GET", "PUT"]) {
      const body = method === "PUT" ? "bytes" : undefined;
      const response = await fetch(opened.url + address, { method, body, headers: { authorization: "x" } });
      expect([403, 404]).toContain(response.status);
      expect(await response.text()).not.toContain("things");
    }
    await expect(readdir(join(opened.dir, "blobs"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is refused with another file's token, or a changed or outdated address", async () => {
    const { fileID } = await opened.app.uploadFile({ cloudPath: "x.bin", fileContent: BYTES });
    const { answer } = await raw(opened.url, { action: "storage.getUploadMetadata", path: "y.bin" });
    const { token } = answer.data as { token: string };
    const put = await fetch(`${opened.url}/blobs/x.bin`, {
      method: "PUT",
      body: "other",
      headers: { authorization: token },
    });
    expect(put.status).toBe(403);
    expect(await put.text()).toContain("<Code>STORAGE_EXCEED_AUTHORITY</Code>");
    const url = await tempUrlOf(fileID);
    expect((await fetch(url.replace(/expires=\d+/, "expires=99999999999999"))).status).toBe(403);
    expect((await fetch(url.replace("x.bin", "y.bin"))).status).toBe(403);
    expect((await fetch(url.split("?")[0] ?? "")).status).toBe(403);
    opened.clock.set({ offsetMs: 7_201_000 });
    expect((await fetch(url)).status).toBe(403);
    expect((await opened.app.downloadFile({ fileID })).fileContent).toEqual(BYTES);
  });

  it("is told of each file that is none of this environment's", async () => {
    const fileID = "cloud://another.626c-another/x";
    const { fileList } = await opened.app.getTempFileURL({ fileList: [{ fileID, maxAge: 60 }] });
    expect(fileList).toEqual([{ code: "STORAGE_FILE_NONEXIST", fileID, tempFileURL: "" }]);
  });

  it.each([{ file_list: [] }, { file_list: "x" }, {}, { file_list: [{ fileid: "x", max_age: -1 }] }])(
    "is refused for a wrong list: %j",
    async (body) => {
      const { answer } = await raw(opened.url, { action: "storage.batchGetDownloadUrl", ...body });
      expect(answer).toMatchObject({ code: "INVALID_PARAM" });
    },
  );
});
