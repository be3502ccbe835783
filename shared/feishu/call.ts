/** What a call to Feishu's open platform is, and what can come back. */
import type * as z from "zod";

export interface FeishuCall<Data> {
  method: "GET" | "POST" | "PUT";
  /** Behind `/open-apis/`, a segment each: they are encoded one by one, so that no value leaves its place. */
  path: readonly string[];
  query?: Readonly<Record<string, string | readonly string[]>>;
  body?: FeishuBody;
  /** Of the answer's `data`. */
  schema: z.ZodType<Data>;
  /** For all that it takes: the token, and the second try with a new one. */
  timeoutMs: number;
  /** A failure may leave a process behind: what is not known to have been refused is `unknown`. */
  starts: boolean;
}

export interface FeishuBody {
  /** The content type. */
  type: string;
  /** JSON text, or bytes in pieces. */
  content: string | readonly Uint8Array[];
}

/** What Feishu refused. */
export interface Refusal {
  /** 404 where no API stands at the address. */
  code: number;
  msg: string;
  status: number;
  logId: string | undefined;
  /** From a rate limit's headers. */
  retryAfterMs: number | undefined;
}

export type FeishuAnswer<Data> = { data: Data; logId: string | undefined } | { refusal: Refusal };

/** The content type that every page asks for. @param text JSON */
export function jsonText(text: string): FeishuBody {
  return { type: "application/json; charset=utf-8", content: text };
}

/** @throws Error where a segment would lead elsewhere: such names are refused when a method is defined */
export function addressOf(domain: string, { path, query = {} }: FeishuCall<unknown>): string {
  if (path.some((segment) => segment === "" || segment === "." || segment === "..")) {
    throw new Error("a segment of the path is empty or made of dots");
  }
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((one) => `${name}=${encodeURIComponent(one)}`),
  );
  const address = `${domain}/open-apis/${path.map(encodeURIComponent).join("/")}`;
  return pairs.length === 0 ? address : `${address}?${pairs.join("&")}`;
}
