/** The order of `localeCompare` for names of headers and members, without the tables that it loads when it is first called. */

const PLAIN = /^[\w-]*$/;
/** What stands before the letters, in this order. https://www.unicode.org/charts/collation/ */
const BEFORE_LETTERS = "_-0123456789";

/** @returns below, above or equal 0 */
export function compareNames(left: string, right: string): number {
  if (!PLAIN.test(left) || !PLAIN.test(right)) return left.localeCompare(right, "en");
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const difference = weight(left, at) - weight(right, at);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || lowerCaseFirst(left, right);
}

function weight(text: string, at: number): number {
  const before = BEFORE_LETTERS.indexOf(text.charAt(at));
  return before >= 0 ? before : text.charAt(at).toLowerCase().charCodeAt(0);
}

/** Of two names that differ in case only. */
function lowerCaseFirst(left: string, right: string): number {
  for (let at = 0; at < left.length; at += 1) {
    if (left.charAt(at) !== right.charAt(at)) return left.charAt(at) > right.charAt(at) ? -1 : 1;
  }
  return 0;
}
