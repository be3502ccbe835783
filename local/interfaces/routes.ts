/** `"GET /customers/:id"` and a raw path -> the named parts, decoded one by one. */
import { matchedPath } from "../path-match";

export interface FoundRoute {
  route: string;
  path: Record<string, string>;
}

export function routeOf(routes: readonly string[], method: string, rawPath: string): FoundRoute | undefined {
  const given = rawPath.split("/");
  for (const route of routes) {
    const [wanted, pattern = ""] = route.split(" ");
    const path = wanted === method ? matchedPath(pattern.split("/"), given) : undefined;
    if (path !== undefined) return { route, path };
  }
  return undefined;
}
