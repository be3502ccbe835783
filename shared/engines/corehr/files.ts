/** The files of a form -> Feishu: the bytes behind a `cloud://` id are read, uploaded, and named by Feishu's own id. */
import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { Deadline } from "../../base/deadline";
import { StartflowError } from "../../base/errors";
import { hashOf } from "../../base/hash";
import { describeError, log } from "../../base/log";
import type { FeishuApp } from "../../feishu/app";
import type { FeishuCall } from "../../feishu/call";
import { request } from "../../feishu/request";
import { issue } from "../../form/issues";
import { exchange, TOO_LONG } from "../../http/request";
import type { MethodContext } from "../../platform/context";
import { answered, type Database, databaseOf, insertDocument, isMissingCollection } from "../../platform/database";
import { type Submission, UPLOADS } from "../submission";
import type { CorehrVariable } from "./fields";
import { fileIdsIn } from "./flow-data";
import { type FileValue, fileNameOf } from "./values";
import { COREHR_LIMITS, uploadedFileSchema } from "./wire";

const TIMEOUT_MS = 15_000;

type Fields = Submission<CorehrVariable>["fields"];

export interface UploadParts {
  context: MethodContext;
  deadline: Deadline;
}

/** With less time left, the next try goes on with what is there. */
const LEAST_MS = 2_000;

/**
 * One after the other: a file of 50 MB and the function itself just fit into 256 MB.
 * @throws StartflowError TOO_LATE where the time is over before the files are
 */
export async function uploadFiles(
  app: FeishuApp,
  parts: UploadParts,
  submission: Submission<CorehrVariable>,
): Promise<Map<string, FileValue>> {
  const uploaded = new Map<string, FileValue>();
  const database = databaseOf(parts.context);
  for (const fileId of fileIdsIn(submission.fields)) {
    const _id = hashOf([app.appId, submission.environment, submission.id, fileId]);
    const known = await knownUpload(database, _id, nameOf(fileId));
    if (known === undefined && parts.deadline.remainingMs() < LEAST_MS) throw new StartflowError("TOO_LATE");
    uploaded.set(fileId, known ?? (await upload(app, { ...parts, database, _id }, fileId, submission)));
  }
  return uploaded;
}

/** Checked by the mapper before anything is uploaded. */
function nameOf(fileId: string): string {
  return fileNameOf(fileId) ?? "";
}

function timeoutMs({ deadline }: UploadParts): number {
  return Math.max(1, Math.min(TIMEOUT_MS, deadline.remainingMs()));
}

async function upload(
  app: FeishuApp,
  parts: UploadParts & { database: Database; _id: string },
  fileId: string,
  { fields, labels }: Submission<CorehrVariable>,
): Promise<FileValue> {
  const { database, _id } = parts;
  const refuse = (code: "invalid_file" | "file_too_large") => {
    const name = fieldOf(fields, fileId);
    const limit = COREHR_LIMITS.fileBytes / 1_048_576;
    return StartflowError.invalid([issue(code, [name], labels, { limit })]);
  };
  const file_name = nameOf(fileId);
  const { pieces, length } = await bytesOf(parts, fileId, refuse);
  const { id: open_file_id } = await uploadBytes(app, pieces, file_name, timeoutMs(parts));
  const value = { open_file_id, file_name, length };
  try {
    // Without the name, which a user gave.
    await insertDocument(database, UPLOADS, { _id, open_file_id, length, at: database.serverDate() });
  } catch (error) {
    log("warn", "upload not recorded, so a repeat uploads again", { error: describeError(error) });
  }
  return value;
}

/** @throws StartflowError */
export function uploadBytes(
  app: FeishuApp,
  pieces: readonly Uint8Array[],
  fileName: string,
  timeoutMs: number = TIMEOUT_MS,
) {
  const call: FeishuCall<{ id: string }> = {
    method: "POST",
    path: ["corehr", "v1", "persons", "upload"],
    body: multipart(pieces, fileName),
    schema: uploadedFileSchema,
    timeoutMs,
    starts: false,
  };
  return request(app, call, fileName);
}

const knownSchema = z.object({ open_file_id: z.string(), length: z.number() });

/** The store being down is found out by the claim; here it costs an upload at most. */
async function knownUpload(database: Database, _id: string, file_name: string): Promise<FileValue | undefined> {
  try {
    const { data } = await answered<{ data?: unknown[] }>(database.collection(UPLOADS).doc(_id).get());
    const known = knownSchema.safeParse(data?.[0]).data;
    return known && { open_file_id: known.open_file_id, file_name, length: known.length };
  } catch (error) {
    if (!isMissingCollection(error)) log("warn", "uploads cannot be read", { error: describeError(error) });
    return undefined;
  }
}

const addressSchema = z.looseObject({
  fileList: z.array(z.looseObject({ tempFileURL: z.string().optional() })).min(1),
});

/** https://docs.cloudbase.net/api-reference/server/node-sdk/storage (getTempFileURL) */
async function bytesOf(
  parts: UploadParts,
  fileId: string,
  refuse: (code: "invalid_file" | "file_too_large") => StartflowError,
) {
  const address = addressSchema.safeParse(await asked(() => parts.context.app?.getTempFileURL({ fileList: [fileId] })));
  const url = address.data?.fileList[0]?.tempFileURL;
  if (url === undefined || url === "") throw refuse("invalid_file");
  const maxBytes = COREHR_LIMITS.fileBytes;
  const answer = await asked(() =>
    exchange({ method: "GET", url, headers: {}, timeoutMs: timeoutMs(parts), maxBytes }),
  ).catch((error: unknown) => {
    const { cause } = error as StartflowError;
    throw (cause as { code?: unknown }).code === TOO_LONG ? refuse("file_too_large") : error;
  });
  if (answer.status === 200) return answer;
  if (answer.status === 404) throw refuse("invalid_file");
  throw notRead(new Error(`the storage answered HTTP ${answer.status}`));
}

async function asked<Answer>(work: () => Promise<Answer> | undefined): Promise<Answer> {
  try {
    const answer = work();
    if (answer === undefined) throw new Error("the context has no app");
    return await answer;
  } catch (error) {
    throw notRead(error);
  }
}

function notRead(cause: unknown): StartflowError {
  return new StartflowError("STORE_UNREACHABLE", {
    message: {
      zh: "读不到表单上传的文件，流程没有发起。请稍后用同一份表单再提交。",
      en: "The form's file cannot be read, so nothing was started. Submit the same form again a little later.",
    },
    cause,
  });
}

function fieldOf(fields: Fields, fileId: string): string {
  return fields.find((field) => fileIdsIn([field]).includes(fileId))?.name ?? "";
}

/** By hand, so that the file's bytes are sent as they were read. https://datatracker.ietf.org/doc/html/rfc7578 */
function multipart(pieces: readonly Uint8Array[], fileName: string) {
  const boundary = `startflow-${randomBytes(16).toString("hex")}`;
  const part = (disposition: string) => `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n`;
  const quoted = fileName.replace(/"/g, "%22");
  const head = `${part(`name="file_content"; filename="${quoted}"`)}content-type: application/octet-stream\r\n\r\n`;
  const tail = `\r\n${part('name="file_name"')}\r\n${fileName}\r\n--${boundary}--\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    content: [Buffer.from(head), ...pieces, Buffer.from(tail)],
  };
}
