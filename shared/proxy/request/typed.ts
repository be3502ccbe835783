/** What of a request its caller may have typed: a platform's message that repeats any of it is not shown. */
import { isName } from "../../base/log";
import { decodedPart } from "../../base/url-part";
import type { PreparedCall } from "../call";
import { filled, partsOf } from "../catalogue/template";

/** Of the protocol, not of the caller. */
const OWN_HEADERS: ReadonlySet<string> = new Set(["accept", "content-type", "user-agent"]);

/** Whether a member's name is a developer's: it looks like one, or the catalogue has it. */
type IsOwn = (name: string) => boolean;

/** Without what the catalogue itself holds. */
export function typedTexts(call: PreparedCall): string[] {
  const { definition, target, body } = call;
  const declared = new Set(definition.args.flatMap(({ name, as = name }) => as.split(".")));
  const isOwn: IsOwn = (name) => isName(name) || declared.has(name);
  const [path = "", query = ""] = split(target);
  const all = [
    ...pathTexts(definition.path, path),
    ...pairTexts(query, isOwn),
    ...headerTexts(call),
    ...bodyTexts(body, isOwn),
  ];
  const fixed = new Set([...leaves(definition.body, isOwn), ...leaves(definition.query, isOwn)]);
  return all.filter((text) => text !== "" && !fixed.has(text));
}

function split(target: string): string[] {
  const at = target.indexOf("?");
  return at < 0 ? [target] : [target.slice(0, at), target.slice(at + 1)];
}

function pathTexts(template: string, path: string): string[] {
  const templates = template.split("/");
  return path
    .split("/")
    .flatMap((segment, at) => (templates.includes(segment) ? [] : valuesIn(templates[at] ?? "", segment)))
    .map(decodedPart);
}

/** The segment, and what stands for the names in it: of `{id}.json` a message may repeat the id alone. */
function valuesIn(template: string, segment: string): string[] {
  const parts = partsOf(template).map((part) =>
    typeof part === "string" ? encodeURI(part).replace(/[.*+?^${}()|[\]\\/]/g, "\\$&") : "(.+?)",
  );
  const [, ...values] = new RegExp(`^${parts.join("")}$`).exec(segment) ?? [];
  return [segment, ...values];
}

/** A caller's, also where it takes the place of one of the catalogue. */
function headerTexts({ platform, definition, instance, headers }: PreparedCall): string[] {
  const fixed = new Map<string, string>();
  for (const [name, text] of Object.entries({ ...platform.headers, ...definition.headers })) {
    fixed.set(
      name.toLowerCase(),
      filled(text, (variable) => instance.variables[variable] ?? ""),
    );
  }
  return Object.entries(headers).flatMap(([name, value]) =>
    OWN_HEADERS.has(name) || fixed.get(name) === value ? [] : [value],
  );
}

function bodyTexts(body: PreparedCall["body"], isOwn: IsOwn): string[] {
  if (body === undefined) return [];
  const { type, content } = body;
  // Parts of a multipart body stand on lines of their own.
  if (typeof content !== "string") {
    const text = Buffer.concat(content).toString("utf8");
    return [...text.split(/\r\n/), ...[...text.matchAll(/filename="([^"\r\n]*)"/g)].map(([, name = ""]) => name)];
  }
  if (type.includes("x-www-form-urlencoded")) return pairTexts(content, isOwn);
  try {
    return leaves(JSON.parse(content), isOwn);
  } catch {
    return [content];
  }
}

function pairTexts(encoded: string, isOwn: IsOwn): string[] {
  return [...new URLSearchParams(encoded)].flatMap(([name, value]) => (isOwn(name) ? [value] : [name, value]));
}

function leaves(value: unknown, isOwn: IsOwn): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((member) => leaves(member, isOwn));
  return Object.entries(value).flatMap(([name, member]) => [...(isOwn(name) ? [] : [name]), ...leaves(member, isOwn)]);
}
