/** `/customers/:id` and a raw path, both in parts -> the named ones, decoded one by one; undefined: another path. */

export function matchedPath(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const path: Record<string, string> = {};
  for (const [at, name] of pattern.entries()) {
    const part = parts[at] ?? "";
    if (!name.startsWith(":")) {
      if (name !== part) return undefined;
    } else {
      const value = decoded(part);
      if (value === undefined || value === "") return undefined;
      path[name.slice(1)] = value;
    }
  }
  return path;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
