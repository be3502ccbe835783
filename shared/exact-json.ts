/** JSON text -> value, where integers that a JavaScript number cannot hold become text instead of losing digits. */

/** A string, or a number: only what stands outside of strings is a number. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const INTEGER = /^-?\d{16,}$/;

/** 1000000000000000000 stays a number, as it is exact; 1549943583216373762 becomes "1549943583216373762". */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text.replace(TOKEN, (token) => (losesDigits(token) ? `"${token}"` : token)));
}

function losesDigits(token: string): boolean {
  return INTEGER.test(token) && BigInt(Number(token)) !== BigInt(token);
}
