/** The body or the query of a request -> the input of a run, before any schema sees it. */
import { parseExactJson } from "../../base/exact-json";
import { type Reply, refusal } from "./envelope";
import { addMember, type Members } from "./members";
import { type FilePart, readMultipart } from "./multipart";
import { type ApiRequest, byteLength, bytesOf } from "./request";

export interface ApiInput {
  value: unknown;
  /** What `multipart/form-data` brought along; their places in `value` are filled when they are stored. */
  files: FilePart[];
}

/** An input, or the answer that refuses the body. */
export type ReadBody = { input: ApiInput } | { refused: Reply };

/** How the content of each type is read. */
const READERS: Record<string, (request: ApiRequest, contentType: string) => Promise<ReadBody> | ReadBody> = {
  "application/json": (request) => jsonBody(textOf(request)),
  "application/x-www-form-urlencoded": (request) => formBody(textOf(request)),
  "multipart/form-data": async (request, contentType) => {
    const parts = await readMultipart(bytesOf(request), contentType);
    return parts === undefined ? unreadable("multipart") : { input: parts };
  },
};

/** A GET has its query as its input, and so has what comes without a body. */
export async function readInput(request: ApiRequest, maxBytes: number): Promise<ReadBody> {
  if (byteLength(request) > maxBytes) return { refused: tooLarge(maxBytes) };
  if (request.method === "GET" || request.body === "") return { input: { value: request.query, files: [] } };
  const contentType = request.headers["content-type"] ?? "application/json";
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (reader === undefined || !isUtf8(parameters))
    return { refused: refusal("unsupportedMediaType", { detail: TYPES }) };
  return await reader(request, contentType);
}

const TYPES = {
  zh: "请用 application/json、application/x-www-form-urlencoded 或 multipart/form-data，编码 utf-8",
  en: "send application/json, application/x-www-form-urlencoded or multipart/form-data, in utf-8",
};

export function tooLarge(maxBytes: number): Reply {
  return refusal("payloadTooLarge", { detail: { zh: `最多 ${maxBytes} 字节`, en: `at most ${maxBytes} bytes` } });
}

function isUtf8(parameters: string[]): boolean {
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  return charset === undefined || /^charset="?utf-?8"?$/.test(charset);
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Without the mark that some editors put first; `undefined` for bytes that are no text. */
function textOf(request: ApiRequest): string | undefined {
  if (!request.isBase64) return request.body.replace(/^\uFEFF/, "");
  try {
    return decoder.decode(bytesOf(request));
  } catch {
    return undefined;
  }
}

function jsonBody(text: string | undefined): ReadBody {
  if (text === undefined) return unreadable("utf-8");
  try {
    return { input: { value: parseExactJson(text), files: [] } };
  } catch {
    return unreadable("JSON");
  }
}

/** curl's `-d '{}'` says that it sends a form, and sends JSON: what begins like JSON is JSON. */
function formBody(text: string | undefined): ReadBody {
  if (text === undefined) return unreadable("utf-8");
  if (/^\s*[{[]/.test(text)) return jsonBody(text);
  const value: Members = {};
  for (const [name, member] of new URLSearchParams(text)) {
    if (name === "__proto__") return unreadable("form");
    addMember(value, name, member);
  }
  return { input: { value, files: [] } };
}

function unreadable(what: "JSON" | "utf-8" | "form" | "multipart"): ReadBody {
  return { refused: refusal("unreadable", { detail: { zh: `不是有效的 ${what}`, en: `it is no valid ${what}` } }) };
}
