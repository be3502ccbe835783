/** A hash of content, by which two contents are told to be equal. */
import { createHash } from "node:crypto";

/** Of equal content whatever the order of its members; the content itself is kept nowhere. */
export function hashOf(content: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(content)))
    .digest("hex");
}

/** Members in the order of their names, so that the order of keys does not count. */
function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  const members: [string, unknown][] = [];
  for (const key of Object.keys(value).sort()) members.push([key, canonical((value as Record<string, unknown>)[key])]);
  return { o: members };
}
