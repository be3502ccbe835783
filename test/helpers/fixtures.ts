/** Real payloads, one file a case: test/fixtures/<platform>/<case>.json. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join("test", "fixtures");

export function fixture<Value = unknown>(path: string): Value {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8")) as Value;
}

/** Every case of a folder, by name. */
export function fixtures<Value = unknown>(folder: string): [name: string, value: Value][] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => [name.replace(/\.json$/, ""), fixture<Value>(join(folder, name))]);
}
