/** `"GET /customers/:id"` and a raw path -> the named parts, decoded one by one. */

export interface FoundRoute {
  route: string;
  path: Record<string, string>;
}

export function routeOf(routes: readonly string[], method: string, rawPath: string): FoundRoute | undefined {
  const given = rawPath.split("/");
  for (const route of routes) {
    const [wanted, pattern = ""] = route.split(" ");
    const path = wanted === method ? matched(pattern.split("/"), given) : undefined;
    if (path !== undefined) return { route, path };
  }
  return undefined;
}

function matched(pattern: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== given.length) return undefined;
  const path: Record<string, string> = {};
  for (const [at, name] of pattern.entries()) {
    const part = given[at] ?? "";
    if (!name.startsWith(":")) {
      if (name !== part) return undefined;
      continue;
    }
    const value = decoded(part);
    if (value === undefined || value === "") return undefined;
    path[name.slice(1)] = value;
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
