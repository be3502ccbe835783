/** The options of a curl command, by their long names: https://curl.se/docs/manpage.html */
import { ImportRefused } from "./interface-draft";

export type Option = readonly [name: string, value: string];

/** Options that take a value (https://curl.se/docs/manpage.html), by all their names. */
const VALUED: Record<string, string> = {
  X: "request",
  H: "header",
  d: "data",
  u: "user",
  F: "form",
  A: "user-agent",
  e: "referer",
  b: "cookie",
  o: "output",
  w: "write-out",
  m: "max-time",
  x: "proxy",
  c: "cookie-jar",
  E: "cert",
  T: "upload-file",
  D: "dump-header",
};
const VALUED_LONG = [
  ...Object.values(VALUED),
  "data-raw",
  "data-ascii",
  "data-binary",
  "data-urlencode",
  "json",
  "url",
  "oauth2-bearer",
  "form-string",
  "connect-timeout",
  "retry",
  "retry-delay",
  "retry-max-time",
  "cacert",
  "key",
  "resolve",
  "url-query",
];
const FLAGS: Record<string, string> = {
  G: "get",
  I: "head",
  s: "silent",
  S: "show-error",
  L: "location",
  k: "insecure",
  i: "include",
  v: "verbose",
  f: "fail",
  g: "globoff",
  N: "no-buffer",
  "#": "progress-bar",
  O: "remote-name",
  j: "junk-session-cookies",
};
const FLAGS_LONG = [
  ...Object.values(FLAGS),
  "compressed",
  "http1.1",
  "http2",
  "http1.0",
  "ipv4",
  "ipv6",
  "fail-with-body",
  "no-progress-meter",
];
/** An address that stands alone is the option `url`. @throws ImportRefused for an option that is not known: it may take a value */
export function optionsOf(words: readonly string[]): Option[] {
  const options: Option[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const next = () => {
      at += 1;
      if (at < words.length) return words[at] as string;
      throw new ImportRefused(`curl: ${word} has no value`);
    };
    if (word.startsWith("--")) options.push(longOption(word.slice(2), next));
    else if (/^-./.test(word)) options.push(...shortOptions(word.slice(1), next));
    else options.push(["url", word]);
  }
  return options;
}

function longOption(text: string, next: () => string): Option {
  if (VALUED_LONG.includes(text)) return [text, next()];
  if (FLAGS_LONG.includes(text)) return [text, ""];
  throw new ImportRefused(`curl: the option --${text.replace(/=.*/s, "")} is not known here; leave it out`);
}

/** `-sXPOST` is `-s -X POST`. */
function shortOptions(letters: string, next: () => string): Option[] {
  const [letter = "", ...others] = letters;
  const rest = others.join("");
  const valued = VALUED[letter];
  if (valued !== undefined) return [[valued, rest === "" ? next() : rest]];
  const flag = FLAGS[letter];
  if (flag === undefined) throw new ImportRefused(`curl: the option -${letter} is not known here; leave it out`);
  return [[flag, ""], ...(rest === "" ? [] : shortOptions(rest, next))];
}
