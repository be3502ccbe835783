/** Every character there is. fast-check's own unit "binary" makes a table of all 1,112,064 before it gives the first one. */
import fc from "fast-check";

const SURROGATES = { first: 0xd800, count: 0x800 };
const LAST = 0x10ffff - SURROGATES.count;

/** For `fc.string({ unit: anyCharacter })`. */
export const anyCharacter = fc
  .integer({ min: 0, max: LAST })
  .map((code) => String.fromCodePoint(code < SURROGATES.first ? code : code + SURROGATES.count));
