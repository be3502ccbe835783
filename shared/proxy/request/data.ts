/** Copies of what a caller gives, so that a prepared chain stays as it was, and no `__proto__` of his becomes one of ours. */

/** Made by `{…}` or by JSON: not a Date, not bytes. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** Deeper data is a mistake, or has itself in it. */
const MAX_DEPTH = 100;

/** Objects and lists anew, objects without a prototype; all else as it is. @throws RangeError where it is too deep */
export function copyOf(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) throw new RangeError("too deep");
  if (Array.isArray(value)) return Array.from(value, (member) => copyOf(member, depth + 1));
  if (!isPlain(value)) return value;
  const copy = emptyObject();
  for (const key of Object.keys(value)) copy[key] = copyOf(value[key], depth + 1);
  return copy;
}

/** Without a prototype, `__proto__` is a member like any other. */
export function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/** Whether both are objects whose members can be put together. */
export function areObjects(first: unknown, second: unknown): boolean {
  return isPlain(first) && isPlain(second);
}

/** One level: later members win. */
export function mergedShallow(first: unknown, second: unknown): unknown {
  if (!isPlain(first) || !isPlain(second)) return second;
  return Object.assign(emptyObject(), first, second);
}

/** All levels of objects, into `base`, which keeps the order of its members. @param base a copy: it is changed */
export function mergeInto(base: Record<string, unknown>, given: Record<string, unknown>): void {
  for (const key of Object.keys(given)) {
    const [before, value] = [base[key], given[key]];
    if (value === undefined || before === value) continue;
    if (isPlain(before) && isPlain(value)) mergeInto(before, value);
    else base[key] = value;
  }
}

/** @param path empty for the whole */
export function memberAt(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

/** Makes the objects that are missing on the way; what is in the way and no object gives place. */
export function putAt(base: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let current = base;
  for (const key of path.slice(0, -1)) {
    if (!isPlain(current[key])) current[key] = emptyObject();
    current = current[key] as Record<string, unknown>;
  }
  current[path[path.length - 1] as string] = value;
}
