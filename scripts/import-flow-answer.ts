/** A HAR file, or one saved response -> the JSON that was answered; what is secret in the file is noted, and never read. */
import { existsSync, readFileSync, statSync } from "node:fs";
import * as z from "zod";
import { parseExactJson } from "../shared/base/exact-json";
import { ImportRefused } from "./interface-draft";

/** A recording of one page load is a few megabytes; node cannot hold a text of more than 512. */
const MAX_FILE_BYTES = 100_000_000;

export interface Answer {
  value: unknown;
  /** Request and answer as they were: which process this is about. */
  text: string;
}
export interface Answers {
  answers: Answer[];
  secrets: string[];
}

// Every member is optional: browsers leave out what they were told not to record.
const pairsSchema = z.array(z.looseObject({ name: z.string(), value: z.string() })).catch([]);
const partSchema = z.looseObject({ headers: pairsSchema, cookies: pairsSchema, queryString: pairsSchema });
/** https://w3c.github.io/web-performance/specs/HAR/Overview.html */
const entrySchema = z.looseObject({
  request: partSchema.extend({
    url: z.string().catch(""),
    postData: z.looseObject({ text: z.string().catch("") }).catch({ text: "" }),
  }),
  response: partSchema.extend({
    content: z.looseObject({ text: z.string().optional().catch(undefined), encoding: z.string().optional() }),
  }),
});
type Entry = z.infer<typeof entrySchema>;
const harSchema = z.looseObject({ log: z.looseObject({ entries: z.array(z.unknown()) }) });

/** @throws ImportRefused, which repeats nothing of the file */
export function readAnswers(file: string, shown: string): Answers {
  if (!existsSync(file) || !statSync(file).isFile()) throw new ImportRefused(`there is no file ${shown}`);
  const { size } = statSync(file);
  if (size > MAX_FILE_BYTES) {
    throw new ImportRefused(
      `${shown} has ${Math.round(size / 1e6)} MB, at most ${MAX_FILE_BYTES / 1e6}: record less, or save the one response`,
    );
  }
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  const value = jsonIn(text);
  if (value === undefined) throw new ImportRefused(`${shown} is no JSON that can be read`);
  const har = harSchema.safeParse(value);
  if (!har.success) return { answers: [{ value, text }], secrets: [] };
  const entries = har.data.log.entries.flatMap((entry) => {
    const read = entrySchema.safeParse(entry);
    return read.success ? [read.data] : [];
  });
  return { answers: entries.flatMap(answerOf), secrets: entries.flatMap(secretsOf) };
}

function jsonIn(text: string): unknown {
  try {
    // Ids have 18 digits: as numbers they would lose some.
    return parseExactJson(text);
  } catch {
    // The parser's message would repeat what stands in the file.
    return undefined;
  }
}

function answerOf({ request, response }: Entry): Answer[] {
  const { text = "", encoding } = response.content;
  const body = encoding === "base64" ? Buffer.from(text, "base64").toString("utf8") : text;
  if (!/rightId/i.test(body)) return [];
  const value = jsonIn(body);
  return value === undefined ? [] : [{ value, text: `${request.url}\n${request.postData.text}\n${body}` }];
}

const SECRET_NAME = /token|secret|password|auth|cookie|credential|signature|session|skey|ticket|csrf|key$/i;
/** Shorter values, `zh`, `1`, stand in half of all words. */
const SHORTEST_SECRET = 8;

function secretsOf({ request, response }: Entry): string[] {
  const named = [request, response].flatMap(({ headers, queryString }) => [...headers, ...queryString]);
  const values = [
    ...named.filter(({ name }) => SECRET_NAME.test(name)).flatMap(({ value }) => valuesIn(value)),
    ...[request, response].flatMap(({ cookies }) => cookies.map(({ value }) => value)),
  ];
  return values.filter((value) => value.length >= SHORTEST_SECRET);
}

/** `a=1; b=2`, `Bearer x`: without the names, which a form's field may have too. */
function valuesIn(header: string): string[] {
  return header.split(/[;,]\s*/).flatMap((part) => part.slice(part.indexOf("=") + 1).split(/\s+/));
}

/** What is shown may be cut (`shownText`): the beginning of a secret is one. */
const TOLD_BY = 24;

/** The last look before anything is shown: whatever way a secret came in, it goes no further. @throws ImportRefused */
export function refuseSecrets(text: string, secrets: readonly string[]): void {
  if (!secrets.some((secret) => text.includes(secret.slice(0, TOLD_BY)))) return;
  throw new ImportRefused("a cookie or a token of the file also stands where a variable's name is read; take it out");
}
