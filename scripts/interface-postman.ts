/** From a Postman collection v2.1: https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html */
import { bodyOfText } from "./interface-curl";
import {
  apiKey,
  BASIC,
  BEARER,
  type Draft,
  type DraftAuth,
  ImportRefused,
  isObject,
  NO_AUTH,
  type Notes,
  objectsOf,
  textOf,
} from "./interface-draft";
import { readSample } from "./interface-sample";
import type { Sample, SampleBody, SampleReading } from "./interface-sample-body";

interface Collection {
  notes: Notes;
  variables: ReadonlyMap<string, string>;
}

export function readPostman(root: Record<string, unknown>, baseUrl: string | undefined, notes: Notes): Draft {
  const info = isObject(root.info) ? root.info : {};
  if (!/\/v2\.\d/.test(textOf(info.schema))) {
    throw new ImportRefused("this is no Postman collection v2.1: export it again as Collection v2.1");
  }
  const variables = new Map(objectsOf(root.variable).map(({ key, value }) => [textOf(key), textOf(value)]));
  for (const [name, value] of variables) if (/token|secret|key|passw|pwd|auth/i.test(name)) notes.secret(value);
  const collection = { notes, variables };
  const requests = requestsOf(root, [], notes);
  if (requests.length === 0) throw new ImportRefused("the collection has no requests");
  const samples = requests.map(({ item, folders }) => sampleOf(collection, item, folders, baseUrl));
  const readings = samples.map((sample) => readSample(sample, notes));
  const origin = baseUrl === undefined ? mostFrequent(readings.map((reading) => reading.origin)) : originOf(baseUrl);
  if (!URL.canParse(origin) || origin.includes("{")) {
    throw new ImportRefused(
      `the address ${origin || "{{baseUrl}}"} is a variable without a value: give --base-url https://…`,
    );
  }
  return {
    name: textOf(info.name),
    title: textOf(info.name),
    auth: authOfAll(collection, root, requests, readings),
    instances: [{ key: "main", baseUrl: origin }],
    interfaces: readings.filter((reading) => isAt(origin, reading, notes)).map((reading) => reading.interface),
  };
}

const originOf = (url: string) => /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? "";

interface Found {
  item: Record<string, unknown>;
  folders: readonly string[];
}

/** Through all folders. */
function requestsOf(parent: Record<string, unknown>, folders: readonly string[], notes: Notes): Found[] {
  const where = folders.join(" / ") || "the collection";
  if (objectsOf(parent.event).length > 0) notes.say(`${where}: its scripts are not imported`);
  return objectsOf(parent.item).flatMap((item) => {
    const name = textOf(item.name);
    if (Array.isArray(item.item)) return requestsOf(item, [...folders, name], notes);
    if (objectsOf(item.event).length > 0) notes.say(`${[...folders, name].join(" / ")}: its scripts are not imported`);
    if (item.request === undefined) return [];
    return [{ item, folders }];
  });
}

function sampleOf(
  collection: Collection,
  item: Record<string, unknown>,
  folders: readonly string[],
  baseUrl?: string,
): Sample {
  const request = typeof item.request === "string" ? { url: item.request } : isObject(item.request) ? item.request : {};
  const name = textOf(item.name);
  const where = [...folders, name].join(" / ");
  const headers = objectsOf(request.header).filter((header) => header.disabled !== true);
  const given = headers.map((header) => [textOf(header.key), textOf(header.value)] as const);
  sayDisabled(collection.notes, where, request);
  return {
    where,
    name,
    title: name,
    method: textOf(request.method).toUpperCase() || "GET",
    url: urlOf(collection, request.url, baseUrl),
    headers: given,
    body: bodyOf(collection.notes, where, request.body, given),
  };
}

function sayDisabled(notes: Notes, where: string, { header, url }: Record<string, unknown>): void {
  const all = [...objectsOf(header), ...(isObject(url) ? objectsOf(url.query) : [])];
  const names = all.filter((one) => one.disabled === true).map((one) => textOf(one.key));
  if (names.length > 0) notes.say(`${where}: switched off there, and not imported: ${names.join(", ")}`);
}

/** With the variables of its beginning filled in, and without what is switched off. */
function urlOf({ variables }: Collection, url: unknown, baseUrl: string | undefined): string {
  const raw = isObject(url) ? textOf(url.raw) : textOf(url);
  const [path = ""] = raw.split(/[?#]/);
  const query = isObject(url)
    ? objectsOf(url.query)
        .filter((one) => one.disabled !== true)
        .map((one) => `${part(one.key)}=${part(one.value)}`)
    : [/\?([^#]*)/.exec(raw)?.[1] ?? ""];
  const begun = path.replace(
    /^\{\{\s*([^{}]*?)\s*\}\}/,
    (whole, name: string) => variables.get(name) || baseUrl || whole,
  );
  const filled = begun.replace(/^(https?:\/\/[^/]*)/i, (host) =>
    host.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) => variables.get(name) ?? whole),
  );
  const address = /^[^/]*:\/\//.test(filled) ? filled : `https://${filled}`;
  const text = query.filter((one) => one !== "" && one !== "=").join("&");
  return text === "" ? address : `${address}?${text}`;
}

const part = (value: unknown) => encodeURIComponent(textOf(value));

function bodyOf(notes: Notes, where: string, body: unknown, headers: Sample["headers"]): SampleBody | undefined {
  if (!isObject(body) || body.disabled === true) return undefined;
  const mode = textOf(body.mode);
  if (mode === "urlencoded" || mode === "formdata") {
    const fields = objectsOf(body[mode]).filter((one) => one.disabled !== true);
    const read = fields.map((one) => ({
      name: textOf(one.key),
      value: textOf(one.value),
      isFile: one.type === "file",
    }));
    return { kind: mode === "urlencoded" ? "form" : "multipart", fields: read };
  }
  if (mode === "graphql") return { kind: "json", value: { query: "", variables: {} } };
  if (mode === "raw") {
    const raw = textOf(body.raw);
    const language = /"language":"(\w+)"/.exec(JSON.stringify(body.options ?? {}))?.[1];
    const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
    return raw.trim() === ""
      ? undefined
      : bodyOfText(raw, type ?? (language === "json" ? "application/json" : "text/plain"), notes);
  }
  if (mode !== "") notes.say(`${where}: a body of the kind ${mode} is not imported`);
  return undefined;
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "";
}

function isAt(origin: string, reading: SampleReading, notes: Notes): boolean {
  if (reading.origin === origin) return true;
  notes.say(`${reading.interface.where}: not imported: it is at another host; import it by itself`);
  return false;
}

/** The collection's; else the first that a request has. */
function authOfAll(
  collection: Collection,
  root: Record<string, unknown>,
  requests: Found[],
  readings: SampleReading[],
): DraftAuth {
  const own = requests.map(({ item }) => (isObject(item.request) ? authOf(collection, item.request.auth) : undefined));
  const found = [authOf(collection, root.auth), ...own, ...readings.map((reading) => reading.auth)];
  const kinds = found.filter((auth) => auth !== undefined);
  const [first = NO_AUTH] = kinds;
  const others = kinds.filter((auth) => JSON.stringify(auth) !== JSON.stringify(first)).map(({ auth }) => auth.kind);
  if (others.length > 0) {
    collection.notes.say(
      `the platform is called with ${first.auth.kind}; other kinds in it are not imported: ${[...new Set(others)].join(", ")}`,
    );
  }
  return first;
}

function authOf({ notes }: Collection, auth: unknown): DraftAuth | undefined {
  if (!isObject(auth)) return undefined;
  const kind = textOf(auth.type);
  const values = new Map(objectsOf(auth[kind]).map(({ key, value }) => [textOf(key), textOf(value)]));
  for (const [name, value] of values) if (/token|password|secret|^value$/i.test(name)) notes.secret(value);
  if (kind === "basic") return BASIC;
  if (kind === "bearer") return BEARER;
  if (kind === "apikey") {
    return apiKey({ in: values.get("in") === "query" ? "query" : "header", name: values.get("key") || "x-api-key" });
  }
  if (kind !== "" && kind !== "noauth")
    notes.say(`authentication ${kind} is not imported: write it into the file's auth`);
  return undefined;
}
