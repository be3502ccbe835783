/** Objects and their keys that come from outside: what may be relied on, and what may be shown. */

/** A key comes from outside: shown only as far as it looks like a name. */
export function shownKey(key: string): string {
  const short = key.slice(0, 40);
  // Digits alone are a number that somebody typed.
  return /^(?!\d{7,}$)[\w$\-\u4e00-\u9fff]+$/.test(short) ? (short === key ? key : `${short}…`) : "…";
}

export function own(value: object, key: string): boolean {
  // Object.hasOwn is not there before Node 16.9, and custom code may run on less.
  return Object.getOwnPropertyDescriptor(value, key) !== undefined;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lists too. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
