/** From one request that somebody made to an interface. Its values may be secrets or people: none is kept. */

import { decodedPart } from "../shared/base/url-part";
import { apiKey, BASIC, BEARER, type DraftArgument, type DraftAuth, type Notes } from "./interface-draft";
import { argumentName, snakeCase } from "./interface-names";
import { readBody, type Sample, type SampleReading } from "./interface-sample-body";
import { isBareValue, leftOut, textSchema, WORD } from "./interface-value-like";

/** Always sent as they stand: they hold no secret. */
const FIXED_HEADERS = ["accept", "accept-language"];
/** Made anew by the client for each request, or by the browser that was watched. */
const OWN_HEADERS =
  /^(host|content-length|content-type|connection|accept-encoding|transfer-encoding|origin|referer|user-agent|postman-token|cache-control|pragma|priority|dnt|te|upgrade-insecure-requests|sec-.*)$/;
const KEY_HEADER =
  /^(x-)?(api-?key|app-?key|auth|auth-?token|access-?token|token|secret|subscription-key)$|-(key|token|secret)$/i;
const KEY_QUERY = /^(access_?token|api_?key|app_?key|key|token|auth|secret)$/i;

export function readSample(sample: Sample, notes: Notes): SampleReading {
  const { origin, path, query } = urlParts(sample.url);
  const { headers, args: headerArgs, auth: headerAuth } = readHeaders(sample, notes);
  const inPath = readPath(path);
  const inQuery = readQuery(query, headerAuth === undefined, sample.where, notes);
  const body = readBody(sample, notes);
  return {
    origin,
    auth: headerAuth ?? inQuery.auth,
    interface: {
      where: sample.where,
      name: sample.name || `${sample.method} ${inPath.path.replace(/\{.*?\}/g, " ")}`,
      title: sample.title || `${sample.method} ${inPath.path}`,
      method: sample.method,
      path: inPath.path,
      args: [...inPath.args, ...inQuery.args, ...body.args, ...headerArgs],
      headers,
      contentType: body.contentType,
      responseType: "json",
    },
  };
}

function urlParts(url: string): { origin: string; path: string; query: string } {
  const [, origin = "", path = "", query = ""] = /^([^/]*\/\/[^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  return { origin, path: path === "" ? "/" : path, query };
}

function readPath(path: string): { path: string; args: DraftArgument[] } {
  const args: DraftArgument[] = [];
  let before = "";
  const argument = (wish: string, value: string) => {
    const taken = args.map(({ wire }) => wire);
    let wire = argumentName(wish);
    for (let count = 2; taken.includes(wire); count++) wire = `${argumentName(wish)}_${count}`;
    args.push({ wire, in: "path", schema: textSchema(value), required: true });
    return `{${wire}}`;
  };
  const segments = path.split("/").map((segment) => {
    if (segment.startsWith(":") && segment.length > 1) return argument(segment.slice(1), "");
    if (segment.includes("{{")) return segment.replace(/\{\{\s*(.*?)\s*\}\}/g, (_, name: string) => argument(name, ""));
    const text = decodedPart(segment);
    if (segment === "" || WORD.test(text)) {
      before = text || before;
      return encodeURI(text);
    }
    return argument(`${snakeCase(before).replace(/s$/, "") || "part"}_id`, segment);
  });
  return { path: segments.join("/"), args };
}

function readQuery(query: string, mayAuthenticate: boolean, where: string, notes: Notes) {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  let auth: DraftAuth | undefined;
  const args: DraftArgument[] = [];
  for (const [name, [first = "", ...others]] of values) {
    if (isBareValue(name, first)) {
      leftOut(name, `${where}: a part of the query without a name`, notes);
      continue;
    }
    if (KEY_QUERY.test(name)) notes.secret(first);
    if (mayAuthenticate && auth === undefined && KEY_QUERY.test(name)) {
      auth = apiKey({ in: "query", name });
      continue;
    }
    if (others.length > 0)
      notes.say(`${where}: ${name} stands ${others.length + 1} times in the query; it takes a list`);
    const schema = others.length > 0 ? `z.array(${textSchema(first)})` : textSchema(first);
    args.push({ wire: name, in: "query", schema, required: true });
  }
  return { args, auth };
}

function readHeaders({ headers: given, where }: Sample, notes: Notes) {
  const headers: Record<string, string> = {};
  const args: DraftArgument[] = [];
  let auth: DraftAuth | undefined;
  for (const [name, value] of given) {
    const lower = name.toLowerCase();
    const found = authOf(lower, name, value, notes);
    if (found !== undefined && auth === undefined) auth = found;
    else if (lower === "cookie") notes.say(`${where}: the Cookie header is not imported`);
    else if (lower === "authorization") notes.say(`${where}: a kind of Authorization that is not imported`);
    else if (FIXED_HEADERS.includes(lower)) headers[lower] = value;
    else if (!OWN_HEADERS.test(lower)) args.push({ wire: name, in: "header", schema: "z.string()", required: true });
    if (lower === "cookie") notes.secret(value);
  }
  return { headers, args, auth };
}

/** What a header says of how the caller is known. */
function authOf(lower: string, name: string, value: string, notes: Notes): DraftAuth | undefined {
  if (lower !== "authorization") {
    if (!KEY_HEADER.test(lower)) return undefined;
    notes.secret(value);
    return apiKey({ in: "header", name });
  }
  const [, scheme = "", credentials = ""] = /^(\S+)\s+(.*)$/s.exec(value) ?? [];
  notes.secret(credentials || value);
  if (/^bearer$/i.test(scheme)) return BEARER;
  if (/^basic$/i.test(scheme)) {
    notes.secret(
      Buffer.from(credentials, "base64")
        .toString()
        .replace(/^[^:]*:/, ""),
    );
    return BASIC;
  }
  if (scheme === "") return apiKey({ in: "header", name });
  // Others sign each request, or answer a challenge.
  if (!/^(token|apikey|api-key|key)$/i.test(scheme)) return undefined;
  return apiKey({ in: "header", name, prefix: `${scheme} ` });
}
