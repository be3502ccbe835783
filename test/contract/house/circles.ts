/** Circles in a graph of imports. https://en.wikipedia.org/wiki/Tarjan%27s_strongly_connected_components_algorithm */

/** Each group of files that reach one another, as one text; sorted. */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const numbers = new Map<string, number>();
  const open: string[] = [];
  /** The lowest number that can be reached from here, among those that are open. */
  const visit = (file: string): number => {
    const number = numbers.size;
    let lowest = number;
    numbers.set(file, number);
    open.push(file);
    for (const next of imports.get(file) ?? []) {
      const known = numbers.get(next);
      if (known === undefined) lowest = Math.min(lowest, visit(next));
      else if (open.includes(next)) lowest = Math.min(lowest, known);
    }
    if (lowest === number) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) found.push(circle.sort().join(" "));
    }
    return lowest;
  };
  for (const file of imports.keys()) if (!numbers.has(file)) visit(file);
  return found.sort();
}
