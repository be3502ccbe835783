/** JSON text -> value, where integers that a JavaScript number cannot hold become text instead of losing digits. */

/** A string, or a number: only what stands outside of strings is a number. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
/** A number of 15 digits is always exact. */
const MANY_DIGITS = /\d[\d.]{15}/;

/** 1000000000000000000 stays a number, as it is exact; 1549943583216373762 becomes "1549943583216373762". */
export function parseExactJson(text: string): unknown {
  // First, because the pattern takes its time only on what is JSON, and most texts have no such number.
  const parsed: unknown = JSON.parse(text);
  if (!MANY_DIGITS.test(text)) return parsed;
  return JSON.parse(text.replace(TOKEN, (token) => (losesDigits(token) ? `"${token}"` : token)));
}

function losesDigits(token: string): boolean {
  if (token.startsWith('"') || !MANY_DIGITS.test(token)) return false;
  const number = Number(token);
  if (!/^-?\d+$/.test(token)) return String(number) !== token;
  return !Number.isFinite(number) || BigInt(number) !== BigInt(token);
}
