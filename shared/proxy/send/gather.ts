/** Puts the pieces of an answer by as they come: large ones as they are, many small ones together. */

/** A piece costs some hundred bytes whatever is in it: of single bytes, a megabyte would take the memory of the function. */
const SMALL = 4_096;
const MAX_SMALL = 1_024;

export interface Gathered {
  add(piece: Buffer): void;
  all(): Buffer[];
}

export function gathered(): Gathered {
  const pieces: Buffer[] = [];
  let small: Buffer[] = [];
  const flush = () => {
    if (small.length > 0) pieces.push(small.length === 1 ? (small[0] as Buffer) : Buffer.concat(small));
    small = [];
  };
  return {
    add(piece) {
      if (piece.length >= SMALL) {
        flush();
        pieces.push(piece);
      } else if (small.push(piece) >= MAX_SMALL) flush();
    },
    all() {
      flush();
      return pieces;
    },
  };
}
