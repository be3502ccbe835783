/** Members by their names, as queries and forms have them: one that comes again makes a list. */

export type Members = Record<string, string | string[]>;

/** In place: a list that is copied for each of 500,000 members takes hours. */
export function addMember(members: Members, name: string, value: string): void {
  const before = Object.hasOwn(members, name) ? members[name] : undefined;
  if (Array.isArray(before)) before.push(value);
  else members[name] = before === undefined ? value : [before, value];
}
