/** What an authentication adds to a request, and how it reads the secrets that it is made of. */
import type { ResolvedInstance } from "../../call";
import { CallFailure, configFailure } from "../call-failure";

export interface Credentials {
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Fetched, so the platform may say of it that it is over. */
  token?: string;
}

export const NO_CREDENTIALS: Credentials = { headers: {}, query: {} };

/** What node:http takes. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @throws CallFailure that names the secret, without its value */
export function secretOf({ key, secrets }: ResolvedInstance, name: string): string {
  const secret = secrets[name];
  if (secret !== undefined && secret !== "") return secret;
  throw new CallFailure(
    configFailure(
      `实例「${key}」没有密钥「${name}」。请设置它的环境变量。`,
      `The instance "${key}" has no secret "${name}". Set its environment variable.`,
    ),
  );
}

/** Where a catalogue wants a key or a token. @throws CallFailure for a header that cannot carry it */
export function placed(place: { in: "header" | "query"; name: string; prefix: string }, value: string): Credentials {
  const text = place.prefix + value;
  return place.in === "query"
    ? { headers: {}, query: { [place.name]: text } }
    : { headers: { [place.name.toLowerCase()]: inHeader(text) }, query: {} };
}

/** @throws CallFailure: the error of node:http says neither what is wrong nor where */
export function inHeader(value: string): string {
  if (HEADER_VALUE.test(value)) return value;
  throw new CallFailure(
    configFailure(
      "凭证中有请求头不允许的字符（换行、控制字符或中文）。请检查密钥的环境变量。",
      "The credentials have characters that no header may have (line breaks, control characters, Chinese). Check the environment variables of the secrets.",
    ),
  );
}
