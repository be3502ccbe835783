/** From a draft to the platform of a catalogue file: names, order, and what the client would refuse is left out and said. */
import * as z from "zod";
import { compiledCatalogue } from "../shared/proxy/catalogue/compile";
import { headerNameProblem } from "../shared/proxy/request/headers";
import type { Draft, DraftArgument, DraftAuth, DraftInterface, Notes } from "./interface-draft";
import { argumentName, makeNamer, snakeCase, variablePrefix } from "./interface-names";

/** As in shared/proxy/catalogue/catalogue.ts. */
const MAX_ARGUMENTS = 20;
const PLACES = ["path", "query", "body", "header"];

/** An argument as it is written: `schema` is source text. */
export interface BuiltArgument {
  name: string;
  in: string;
  as?: string;
  schema: string;
  default?: unknown;
}
export interface Built {
  platform: Record<string, unknown>;
  interfaces: Record<string, Record<string, unknown> & { args?: BuiltArgument[] }>;
  /** Environment variables: name -> what is to be in it. */
  variables: Record<string, string>;
}

export function built(draft: Draft, key: string, notes: Notes): Built {
  const prefix = variablePrefix(key, draft.instances[0]?.baseUrl ?? "");
  const variables: Record<string, string> = {};
  const platform: Record<string, unknown> = { platform_key: key, title: titleOf(draft.title || key, notes) };
  if (draft.auth.auth.kind !== "none") platform.auth = draft.auth.auth;
  const parted = makeNamer();
  platform.instances = draft.instances.map(({ key: instance, baseUrl }, at) => {
    // Variables have ASCII letters only, and two instances must never have one.
    const part = /^\w+$/.test(instance) ? snakeCase(instance) : `server_${at + 1}`;
    const own = at === 0 ? prefix : `${prefix}_${parted(part).name.toUpperCase()}`;
    return instanceOf(instance, baseUrl, at === 0, own, draft, variables);
  });
  const interfaces: Built["interfaces"] = {};
  const named = makeNamer();
  for (const one of draft.interfaces) {
    const made = interfaceOf(one, draft.auth, notes);
    if (made === undefined || isRefused(platform, one, made, notes)) continue;
    const wish = snakeCase(one.name) || "call";
    const { name, isNumbered } = named(wish);
    if (isNumbered) notes.say(`${one.where}: the name ${wish} is taken; it is called ${name}`);
    interfaces[name] = made;
  }
  return { platform, interfaces, variables };
}

function instanceOf(
  key: string,
  baseUrl: string,
  isFirst: boolean,
  prefix: string,
  { auth, instances }: Draft,
  variables: Record<string, string>,
) {
  variables[`${prefix}_URL`] = `address, in place of ${baseUrl}`;
  variables[`${prefix}_ALLOW_PRIVATE`] = "true where the address lies in a private network, or is http";
  const secrets = Object.fromEntries(auth.secrets.map((name) => [name, `${prefix}_${snakeCase(name).toUpperCase()}`]));
  for (const [name, variable] of Object.entries(secrets)) variables[variable] = `secret: ${name}`;
  return {
    instance_key: key,
    ...(isFirst && instances.length > 1 ? { isDefault: true } : {}),
    baseUrl: baseUrl.replace(/\/$/, ""),
    baseUrlVariable: `${prefix}_URL`,
    allowPrivateVariable: `${prefix}_ALLOW_PRIVATE`,
    ...(auth.secrets.length > 0 ? { secrets } : {}),
  };
}

const MAX_TITLE = 80;
/** Of a longer one the end is not looked at. */
const MAX_READ = 2_000;
/** A long word of letters and digits in a title may be a key. */
const KEY_LIKE = /(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{20,}/gi;

function titleOf(text: string, notes: Notes): { zh: string; en: string } {
  // No character that shows a reader of the file something else than what it says.
  const line = text.slice(0, MAX_READ).replace(/[\s\p{Cc}\p{Cf}]+/gu, " ");
  let title = line.trim().replace(KEY_LIKE, "…");
  for (const secret of notes.secrets) title = title.replaceAll(secret, "…");
  title = [...title].slice(0, MAX_TITLE).join("");
  return { zh: title || "…", en: title || "…" };
}

function interfaceOf(one: DraftInterface, auth: DraftAuth, notes: Notes) {
  const method = one.method.toUpperCase();
  if (!["GET", "POST", "PUT", "PATCH", "DELETE"].includes(method)) {
    notes.say(`${one.where}: not imported: no method ${method}`);
    return undefined;
  }
  const kept = one.args.filter((argument) => !isLeftOut(argument, one, auth, notes));
  const ordered = [...kept].sort((a, b) => orderOf(a) - orderOf(b));
  const args = ordered.slice(0, MAX_ARGUMENTS);
  const over = ordered.slice(MAX_ARGUMENTS);
  if (over.some((argument) => argument.required)) {
    notes.say(`${one.where}: not imported: it takes more than ${MAX_ARGUMENTS} values`);
    return undefined;
  }
  if (over.length > 0)
    notes.say(`${one.where}: give by $query, $body or $header: ${over.map(({ wire }) => wire).join(", ")}`);
  const { named, path } = namedArguments(args, one.path);
  return {
    title: titleOf(one.title || one.name, notes),
    method,
    path,
    ...(named.length > 0 ? { args: named } : {}),
    ...(Object.keys(one.headers).length > 0 ? { headers: one.headers } : {}),
    ...(one.contentType === "json" || method === "GET" ? {} : { contentType: one.contentType }),
    ...(one.responseType === "json" ? {} : { response: { type: one.responseType } }),
  };
}

const orderOf = (argument: DraftArgument) => (isOptional(argument) ? 10 : 0) + PLACES.indexOf(argument.in);
const isOptional = ({ required, default: value }: DraftArgument) => !required || value !== undefined;

/** What the client or the authentication fills in, no caller gives. */
function isLeftOut(argument: DraftArgument, one: DraftInterface, { auth }: DraftAuth, notes: Notes): boolean {
  const { wire } = argument;
  const say = (why: string) => notes.say(`${one.where}: ${argument.in} ${wire}: left out: ${why}`);
  const place = auth.place as { in: string; name: string } | undefined;
  if (place?.in === argument.in && place.name.toLowerCase() === wire.toLowerCase()) {
    say("the authentication fills it in");
    return true;
  }
  if (argument.in === "header") {
    const taken = new Set(["basic", "bearer", "oauth2"].includes(auth.kind) ? ["authorization"] : []);
    const problem = headerNameProblem(wire.toLowerCase(), taken);
    if (problem !== undefined) say(problem.en);
    return problem !== undefined;
  }
  if (argument.in !== "body" || one.method !== "GET") return false;
  say("GET has no body");
  return true;
}

function namedArguments(args: readonly DraftArgument[], path: string): { named: BuiltArgument[]; path: string } {
  const taken = makeNamer();
  const inPath = new Map<string, string>();
  const named = args.map((argument) => {
    const { name } = taken(argumentName(argument.wire));
    if (argument.in === "path") inPath.set(argument.wire, name);
    return {
      name,
      in: argument.in,
      ...(argument.in === "path" || argument.wire === name ? {} : { as: argument.wire }),
      schema: argument.schema + (isOptional(argument) && argument.default === undefined ? ".optional()" : ""),
      ...(argument.default === undefined ? {} : { default: argument.default }),
    };
  });
  return {
    named,
    path: path.replace(/\{([^{}]*)\}/g, (whole, wire: string) => `{${inPath.get(wire) ?? whole.slice(1, -1)}}`),
  };
}

/** Asks the catalogue's own check, so that what is written can be loaded. */
function isRefused(
  platform: Record<string, unknown>,
  { where }: DraftInterface,
  made: Record<string, unknown> & { args?: BuiltArgument[] },
  notes: Notes,
): boolean {
  const args = (made.args ?? []).map((argument) => ({ ...argument, schema: z.unknown() }));
  try {
    compiledCatalogue([{ ...platform, interfaces: { imported: { ...made, args } } }]);
    return false;
  } catch (error) {
    const text = (error as { text?: { en: string } }).text?.en ?? String(error);
    notes.say(`${where}: not imported: ${text}`);
    return true;
  }
}
