/** What of a request its caller may have typed: a platform's message that repeats any of it is not shown. */
import { decodedPart } from "../url-part";
import type { PreparedCall } from "./call";

/** Of the protocol, not of the caller. */
const OWN_HEADERS: ReadonlySet<string> = new Set(["accept", "content-type", "user-agent"]);

/** Without what the catalogue itself holds. */
export function typedTexts({ definition, target, headers, body }: PreparedCall): string[] {
  const [path = "", query = ""] = split(target);
  const templates = new Set(definition.path.split("/"));
  const segments = path.split("/").filter((segment) => !templates.has(segment));
  const values = Object.keys(headers).filter((name) => !OWN_HEADERS.has(name) && !(name in definition.headers));
  const all = [
    ...segments.map(decodedPart),
    ...new URLSearchParams(query).values(),
    ...values.map((name) => headers[name] as string),
    ...bodyTexts(body),
  ];
  const fixed = new Set([...leaves(definition.body), ...leaves(definition.query)]);
  return all.filter((text) => text !== "" && !fixed.has(text));
}

function split(target: string): string[] {
  const at = target.indexOf("?");
  return at < 0 ? [target] : [target.slice(0, at), target.slice(at + 1)];
}

function bodyTexts(body: PreparedCall["body"]): string[] {
  if (body === undefined) return [];
  const { type, content } = body;
  // Parts of a multipart body stand on lines of their own.
  if (typeof content !== "string") return Buffer.concat(content).toString("utf8").split(/\r\n/);
  if (type.includes("x-www-form-urlencoded")) return [...new URLSearchParams(content).values()];
  try {
    return leaves(JSON.parse(content));
  } catch {
    return [content];
  }
}

function leaves(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(leaves);
}
