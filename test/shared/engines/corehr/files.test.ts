/** Files on their way from the storage to Feishu: too large ones and a storage that does everything wrong upload nothing. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { deadlineIn } from "../../../../shared/base/deadline";
import type { CorehrVariable } from "../../../../shared/engines/corehr/fields";
import { uploadFiles } from "../../../../shared/engines/corehr/files";
import { COREHR_LIMITS } from "../../../../shared/engines/corehr/wire";
import type { Submission } from "../../../../shared/engines/submission";
import type { FeishuApp } from "../../../../shared/feishu/app";
import { label } from "../../../../shared/form/fields";
import { labelsOf } from "../../../../shared/form/labels";
import { recordingContext } from "../../../helpers/context";
import { failureOf } from "../../../helpers/failure";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { stillClock } from "../../../helpers/still-clock";

const FILE_ID = "cloud://env.bucket/form/%E5%90%88%E5%90%8C.pdf";
const OPEN_FILE_ID = "66867ed00740ddd4a0bad4a5_c99b5322dc744fe4b99b76426ffe5d53";
const MAX_BYTES = 52_428_800;
const PIECE = Buffer.alloc(64 * 1_024, "x");

let storage: ScriptedServer;
let feishu: ScriptedServer;
let app: FeishuApp;
beforeAll(async () => {
  [storage, feishu] = await Promise.all([openScriptedServer(), openScriptedServer()]);
  feishu.answer = ({ path }, response) =>
    path.endsWith("/internal")
      ? answerJson(response, 200, { code: 0, msg: "ok", tenant_access_token: "t-1", expire: 7_200 })
      : answerJson(response, 200, { code: 0, msg: "success", data: { id: OPEN_FILE_ID } });
});
afterAll(() => Promise.all([storage.close(), feishu.close()]));
beforeEach(() => {
  app = { domain: feishu.url, appId: `cli_${randomUUID()}`, appSecret: "secret" };
  storage.received = [];
  feishu.received = [];
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

const entry: CorehrVariable = { variable: "attachments", kind: "list", of: { kind: "file" } };
const labels = labelsOf(z.strictObject({ contract: z.array(z.string()).meta(label("合同", "Contract")) }));
const submissionOf = (...ids: string[]): Submission<CorehrVariable> => ({
  id: randomUUID(),
  environment: "preview",
  userId: "user-1",
  generation: 1,
  labels,
  fields: [{ name: "contract", value: ids, entry }],
});

/** @param address of each file, as the storage gives it; default: of one that it has */
function upload({ address = `${storage.url}/file?sign=1`, timeoutMs = 20_000, ids = [FILE_ID] } = {}) {
  const context = {
    ...recordingContext(),
    app: { getTempFileURL: async () => ({ fileList: [{ fileID: FILE_ID, tempFileURL: address }] }) },
  };
  return uploadFiles(app, { context, deadline: deadlineIn(timeoutMs) }, submissionOf(...ids));
}

const uploads = () => feishu.received.filter(({ path }) => path.endsWith("/persons/upload"));

/** So many bytes, told beforehand or in chunks. */
function answerBytes(response: ServerResponse, length: number, isTold: boolean): void {
  function* pieces() {
    for (let left = length; left > 0; left -= PIECE.length) yield PIECE.subarray(0, left);
  }
  response.writeHead(200, isTold ? { "content-length": String(length) } : {});
  Readable.from(pieces()).pipe(response);
}

describe.each([
  ["told by its content-length", true],
  ["sent in chunks", false],
])("a file %s", (_, isTold) => {
  it("of 50 MB is uploaded under its own name, and known by its id and size", async () => {
    storage.answer = (_, response) => answerBytes(response, MAX_BYTES, isTold);
    const file = { open_file_id: OPEN_FILE_ID, file_name: "合同.pdf", length: MAX_BYTES };
    expect(await upload()).toEqual(new Map([[FILE_ID, file]]));
    expect(uploads()).toHaveLength(1);
    expect(uploads()[0]?.body.length).toBeGreaterThan(MAX_BYTES);
  });

  it("of one byte more is refused with its field and the limit, and nothing is uploaded", async () => {
    expect(COREHR_LIMITS.fileBytes).toBe(MAX_BYTES);
    storage.answer = (_, response) => answerBytes(response, MAX_BYTES + 1, isTold);
    const failure = await failureOf(upload());
    expect(failure).toMatchObject({ code: "INVALID_PARAMS", outcome: "rejected" });
    expect(failure.issues).toMatchObject([
      {
        code: "file_too_large",
        path: "contract",
        label: { zh: "合同", en: "Contract" },
        message: { zh: expect.stringContaining("50"), en: expect.stringContaining("50") },
      },
    ]);
    expect(uploads()).toEqual([]);
  });
});

describe("a storage that", () => {
  it.each<[string, (response: ServerResponse) => void, object]>([
    ["answers 404", (response) => response.writeHead(404).end(), { code: "INVALID_PARAMS" }],
    ["answers 403", (response) => response.writeHead(403).end(), { code: "STORE_UNREACHABLE" }],
    ["answers 500", (response) => response.writeHead(500).end("no"), { code: "STORE_UNREACHABLE" }],
    ["resets the connection", (response) => response.destroy(), { code: "STORE_UNREACHABLE" }],
    [
      "breaks off in the middle",
      (response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("half", () => response.destroy());
      },
      { code: "STORE_UNREACHABLE" },
    ],
    [
      "breaks off between two chunks",
      (response) => {
        response.writeHead(200);
        response.write("half", () => response.destroy());
      },
      { code: "STORE_UNREACHABLE" },
    ],
    [
      "leads elsewhere",
      (response) => response.writeHead(302, { location: `${storage.url}/elsewhere` }).end(),
      { code: "STORE_UNREACHABLE" },
    ],
  ])("%s is told as what it is, and nothing is uploaded", async (_, answer, failure) => {
    storage.answer = (_, response) => answer(response);
    const told = await failureOf(upload());
    expect(told).toMatchObject({ ...failure, outcome: "rejected" });
    if (told.code === "INVALID_PARAMS") expect(told.issues).toMatchObject([{ code: "invalid_file", path: "contract" }]);
    expect(uploads()).toEqual([]);
    expect(storage.received.map(({ path }) => path)).toEqual(["/file?sign=1"]);
  });

  it("never answers is given up in time", async () => {
    const clock = stillClock();
    storage.answer = () => clock.expire();
    expect(await failureOf(upload({ timeoutMs: 2_500 }))).toMatchObject({ code: "STORE_UNREACHABLE" });
    expect(uploads()).toEqual([]);
  });

  it("has no address for the file does not know it", async () => {
    const failure = await failureOf(upload({ address: "" }));
    expect(failure).toMatchObject({ code: "INVALID_PARAMS", issues: [{ code: "invalid_file", path: "contract" }] });
    expect([storage.received, feishu.received]).toEqual([[], []]);
  });

  it("cannot be asked, where the context has no app, is told as out of reach", async () => {
    const work = uploadFiles(app, { context: recordingContext(), deadline: deadlineIn(5_000) }, submissionOf(FILE_ID));
    expect(await failureOf(work)).toMatchObject({ code: "STORE_UNREACHABLE", outcome: "rejected" });
    expect(feishu.received).toEqual([]);
  });
});

describe("several files", () => {
  const other = "cloud://env.bucket/form/b.txt";

  it("are uploaded one after the other, and none twice for one submission", async () => {
    storage.answer = (_, response) => answerBytes(response, 3, true);
    expect([...(await upload({ ids: [FILE_ID, other, FILE_ID] })).keys()]).toEqual([FILE_ID, other]);
    expect(uploads()).toHaveLength(2);
    expect(uploads().map(({ body }) => body.toString())).toEqual([
      expect.stringContaining('filename="合同.pdf"'),
      expect.stringContaining('filename="b.txt"'),
    ]);
  });

  it("for which no time is left are not begun", async () => {
    expect(await failureOf(upload({ timeoutMs: 1_000 }))).toMatchObject({ code: "TOO_LATE", outcome: "rejected" });
    expect([storage.received, feishu.received]).toEqual([[], []]);
  });
});
