/** What an import has read, whatever it was read from: the parts of a catalogue file, before names and form are final. */

export type Place = "path" | "query" | "header" | "body";

/** One value that a caller gives. */
export interface DraftArgument {
  /** As the platform spells it; in the body with dots down, "" is the whole body. */
  wire: string;
  in: Place;
  /** Source text of its zod schema, without `.optional()`. */
  schema: string;
  required: boolean;
  default?: string | number | boolean;
}

export interface DraftInterface {
  /** Where it stands in the input, for notes: `GET /customers/{id}`. */
  where: string;
  /** What its key is made of. */
  name: string;
  title: string;
  method: string;
  /** With `{name}` as the platform spells it. */
  path: string;
  args: DraftArgument[];
  /** Always sent. */
  headers: Record<string, string>;
  contentType: "json" | "form" | "multipart" | "text";
  responseType: "json" | "text" | "bytes";
}

/** As in the catalogue; `secrets` are the names that it uses. */
export interface DraftAuth {
  auth: Record<string, unknown> & { kind: string };
  secrets: string[];
}

export interface DraftInstance {
  key: string;
  baseUrl: string;
}

export interface Draft {
  /** What the platform's key is made of, where `--key` does not say it. */
  name: string;
  title: string;
  auth: DraftAuth;
  instances: DraftInstance[];
  interfaces: DraftInterface[];
}

/** What an import says beside what it writes. */
export interface Notes {
  /** What is not in the file, or not as it was in the input; each once. */
  say(text: string): void;
  /** A value that must not get into the file. */
  secret(value: string): void;
  readonly texts: readonly string[];
  readonly secrets: readonly string[];
}

/** Shorter ones stand in half of all words: nothing could be written. */
const SHORTEST_SECRET = 6;

export function makeNotes(): Notes {
  const texts = new Set<string>();
  const secrets = new Set<string>();
  return {
    // What a terminal obeys stands in no name.
    say: (text) => void texts.add(text.replace(/[\p{Cc}\p{Cf}]+/gu, " ")),
    secret: (value) => {
      if (value.length >= SHORTEST_SECRET && !/^(\{\{.*\}\}|<.*>|\$\w+)$/.test(value)) secrets.add(value);
    },
    get texts() {
      return [...texts];
    },
    get secrets() {
      return [...secrets];
    },
  };
}

export const NO_AUTH: DraftAuth = { auth: { kind: "none" }, secrets: [] };
export const BASIC: DraftAuth = {
  auth: { kind: "basic", user: "user", password: "password" },
  secrets: ["user", "password"],
};
export const BEARER: DraftAuth = { auth: { kind: "bearer", token: "token" }, secrets: ["token"] };

export function apiKey(place: { in: "header" | "query"; name: string; prefix?: string }): DraftAuth {
  return { auth: { kind: "apiKey", key: "key", place }, secrets: ["key"] };
}

/** An input that cannot be imported at all; its message says what to do. */
export class ImportRefused extends Error {}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const objectsOf = (value: unknown) => listOf(value).filter(isObject);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** `FilePart` of shared/proxy/request/multipart.ts. */
export const FILE_SCHEMA =
  "z.object({ fileName: z.string(), bytes: z.instanceof(Uint8Array), type: z.string().optional() })";
