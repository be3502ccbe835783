/** From a curl command, as a page of documentation or a browser's "Copy as cURL" gives it. */
import { parse } from "shell-quote";
import { decodedPart } from "../shared/base/url-part";
import { type Option, optionsOf } from "./interface-curl-options";
import { BASIC, type Draft, ImportRefused, NO_AUTH, type Notes } from "./interface-draft";
import { hostName } from "./interface-names";
import { readSample } from "./interface-sample";
import type { Sample, SampleBody, SampleField } from "./interface-sample-body";
import { isBareValue } from "./interface-value-like";

/** Leave no trace in a catalogue file, and it is said why. */
const SAID: Record<string, string> = {
  location: "redirects are not followed (-L)",
  insecure: "certificates are always checked (-k)",
  proxy: "no proxy is used (-x)",
  "max-time": "the time limit (-m) is the platform's timeoutMs",
  "upload-file": "the file of -T is not sent",
  cert: "client certificates are not imported (-E)",
  key: "client certificates are not imported (--key)",
  cacert: "--cacert is not imported",
  resolve: "--resolve is not imported",
  retry: "tries are the platform's retry (--retry)",
  cookie: "cookies are not imported (-b)",
  head: "HEAD is not imported: -I becomes GET",
};

export function readCurl(command: string, notes: Notes): Draft {
  return readCurlWords(wordsOf(command), notes);
}

function wordsOf(command: string): string[] {
  return parsedShell(command).flatMap((word) => {
    if (typeof word === "string") return [word];
    if ("comment" in word) throw new ImportRefused("curl: quote what has a # in it");
    if (word.op === "glob") return ["pattern" in word ? word.pattern : ""];
    throw new ImportRefused(`curl: one command, and quotes about the address: there is a ${word.op} outside of quotes`);
  });
}

/** The library throws for what no shell would take either, such as `${}`. */
function parsedShell(command: string) {
  try {
    return parse(command.trim(), (name) => `{{${name}}}`);
  } catch (cause) {
    throw new ImportRefused("curl: a variable or a quote that no shell takes", { cause });
  }
}

/** @param words the command's, `curl` first */
export function readCurlWords(words: readonly string[], notes: Notes): Draft {
  // A backslash at the end of a line leaves an empty word.
  const [, ...rest] = words.filter((word, at) => word.trim() !== "" || words[at - 1]?.startsWith("-"));
  const options = optionsOf(rest);
  const sample = sampleOf(options, notes);
  const { origin, interface: one, auth } = readSample(sample, notes);
  const [user] = valuesOf(options, "user");
  if (user !== undefined) notes.secret(user.replace(/^[^:]*:/, ""));
  return {
    name: hostName(origin),
    title: hostName(origin),
    auth: user === undefined ? (auth ?? NO_AUTH) : BASIC,
    instances: [{ key: "main", baseUrl: origin }],
    interfaces: [one],
  };
}

const valuesOf = (options: readonly Option[], ...names: string[]) =>
  options.filter(([name]) => names.includes(name)).map(([, value]) => value);

function sampleOf(options: readonly Option[], notes: Notes): Sample {
  for (const [name] of options) if (SAID[name] !== undefined) notes.say(SAID[name]);
  for (const value of valuesOf(options, "cookie", "oauth2-bearer")) notes.secret(value);
  const urls = valuesOf(options, "url");
  if (urls.length !== 1) throw new ImportRefused(`curl: one address, not ${urls.length}`);
  const headers = valuesOf(options, "header").map(headerOf);
  for (const token of valuesOf(options, "oauth2-bearer")) headers.push(["Authorization", `Bearer ${token}`]);
  const { url, password } = withScheme(urls[0] as string);
  if (password !== undefined) {
    notes.secret(password);
    headers.push(["Authorization", `Basic ${Buffer.from(`:${password}`).toString("base64")}`]);
  }
  const data = dataOf(options);
  const inQuery = options.some(([name]) => name === "get");
  const extra = [...valuesOf(options, "url-query"), ...(inQuery ? data : [])].join("&");
  const body = inQuery ? undefined : bodyOf(options, data, headers, notes);
  const method = valuesOf(options, "request").at(-1)?.toUpperCase() ?? (body === undefined ? "GET" : "POST");
  const full = extra === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${extra}`;
  return { where: `curl: ${method}`, name: "", title: "", method, url: full, headers, body };
}

function headerOf(text: string): [string, string] {
  const [, name = "", value = ""] = /^([^:;]+)[:;]\s*(.*)$/s.exec(text) ?? [];
  return [name.trim(), value.trim()];
}

function withScheme(text: string): { url: string; password: string | undefined } {
  const url = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  const [, password] = /^https?:\/\/[^/?#@]*?:?([^/?#@:]*)@/i.exec(url) ?? [];
  const bare = url.replace(/^(https?:\/\/)[^/?#@]*@/i, "$1");
  const hasHost = /^https?:\/\/(\{\{[\w-]+\}\}|[\w.-]|\[[\da-f:]+\])+(:\d+)?([/?#]|$)/i.test(bare);
  if (!hasHost || !URL.canParse(bare.replace(/[{}]/g, ""))) throw new ImportRefused("curl: its address cannot be read");
  return { url: bare, password: password === undefined ? undefined : decodedPart(password) };
}

const DATA = ["data", "data-raw", "data-ascii", "data-binary", "data-urlencode", "json"];

function dataOf(options: readonly Option[]): string[] {
  return options
    .filter(([name]) => DATA.includes(name))
    .map(([name, value]) => (name === "data-urlencode" ? encoded(value) : value));
}

/** `name=content` of --data-urlencode. */
function encoded(text: string): string {
  const at = text.indexOf("=");
  return at < 0 ? encodeURIComponent(text) : `${text.slice(0, at)}=${encodeURIComponent(text.slice(at + 1))}`;
}

function bodyOf(
  options: readonly Option[],
  data: string[],
  headers: [string, string][],
  notes: Notes,
): SampleBody | undefined {
  const parts = valuesOf(options, "form", "form-string");
  if (parts.length > 0) return { kind: "multipart", fields: parts.map(partOf) };
  if (data.length === 0) return undefined;
  const isJson = options.some(([name]) => name === "json");
  const type = isJson
    ? "application/json"
    : (headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "");
  if (data.some((text) => text.startsWith("@"))) {
    notes.say("the file after -d @ was not read: its content is one argument, body");
    return /json/i.test(type) ? { kind: "json", value: null } : { kind: "text" };
  }
  return bodyOfText(isJson ? data.join("") : data.join("&"), type, notes);
}

function partOf(text: string): SampleField {
  const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(text) ?? [];
  return { name, value, isFile: /^[@<]/.test(value) };
}

/** @param type the Content-Type, "" where none was said */
export function bodyOfText(text: string, type: string, notes: Notes): SampleBody {
  const json = /^\s*[[{]/.test(text) || /json/i.test(type) ? jsonOf(text) : undefined;
  if (json !== undefined) {
    if (!/json/i.test(type) && type !== "") notes.say(`a JSON body of the type ${type} is sent as application/json`);
    return { kind: "json", value: json };
  }
  if (/json/i.test(type)) notes.say("a body that is no JSON: it is one argument, body");
  if (/json|xml|text\//i.test(type) || !text.includes("=")) return { kind: "text" };
  const fields = [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }));
  return fields.every(({ name, value }) => isBareValue(name, value)) ? { kind: "text" } : { kind: "form", fields };
}

/** `{{name}}` outside of quotes stands for any value. */
function jsonOf(text: string): unknown {
  for (const attempt of [text, text.replace(/([:[,]\s*)\{\{[^{}]*\}\}/g, "$1null")]) {
    try {
      return JSON.parse(attempt);
    } catch {}
  }
  return undefined;
}
