/** Writes several files: all of them, or none. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface Plan {
  /** Path -> text. */
  create: Map<string, string>;
  change: Map<string, string>;
}

/** @throws Error where a file is there already, or one cannot be written; then everything is as it was */
export function carryOut({ create, change }: Plan): void {
  const taken = [...create.keys()].find((path) => existsSync(path));
  if (taken !== undefined) throw new Error(`${taken} is there already`);
  const undo: (() => void)[] = [];
  try {
    for (const [path, text] of create) {
      const made = mkdirSync(dirname(path), { recursive: true });
      if (made !== undefined) undo.push(() => rmSync(made, { recursive: true }));
      undo.push(() => rmSync(path, { force: true }));
      writeFileSync(path, text, { flag: "wx" });
    }
    for (const [path, text] of change) {
      const before = readFileSync(path);
      undo.push(() => writeFileSync(path, before));
      writeFileSync(path, text);
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}
