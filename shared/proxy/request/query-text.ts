/** The query of a request's target. */

/** With these members after those that are there. */
export function withQuery(target: string, query: Readonly<Record<string, string>>): string {
  let all = target;
  for (const name of Object.keys(query)) {
    all += `${all.includes("?") ? "&" : "?"}${encodeURIComponent(name)}=${encodeURIComponent(query[name] as string)}`;
  }
  return all;
}
