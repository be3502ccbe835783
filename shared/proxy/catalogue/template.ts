/** Texts of the catalogue with `{name}` in them, which an argument or a variable of the instance fills in. */

/** Literal text, or a name to fill in. */
export type Part = string | { name: string; isNumber: boolean };

/** `{agentid}`, and `{agentid:number}` for a member of a JSON body that is to be a number. */
const PLACEHOLDER = /\{([\p{L}_][\p{L}\p{N}_]{0,63})(:number)?\}/u;

export function partsOf(text: string): readonly Part[] {
  // With two groups in the pattern, every third piece is text.
  const pieces = text.split(PLACEHOLDER);
  const parts: Part[] = [];
  for (let at = 0; at < pieces.length; at += 3) {
    if (pieces[at] !== "") parts.push(pieces[at] as string);
    const name = pieces[at + 1];
    if (name !== undefined) parts.push({ name, isNumber: pieces[at + 2] !== undefined });
  }
  return parts;
}

export function namesIn(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : [part.name]));
}

/** Every text in a fixed value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** @param valueFor a name's value; it fails itself where there is none */
export function filled(text: string, valueFor: (name: string) => string): string {
  if (!text.includes("{")) return text;
  return partsOf(text)
    .map((part) => (typeof part === "string" ? part : valueFor(part.name)))
    .join("");
}

/** A JSON value with its texts filled in; a text that is nothing but `{name:number}` becomes what `numberOf` gives. */
export function filledValue(
  value: unknown,
  valueFor: (name: string) => string,
  numberOf: (name: string) => number,
): unknown {
  if (typeof value === "string") {
    const [only, ...more] = partsOf(value);
    if (typeof only === "object" && only.isNumber && more.length === 0) return numberOf(only.name);
    return filled(value, valueFor);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => filledValue(member, valueFor, numberOf));
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) copy[key] = filledValue(member, valueFor, numberOf);
  return copy;
}
