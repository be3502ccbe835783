/** LICENSES.md: every package of which something is in the released files, with the text of its licence. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundled, BundledPackage } from "../bundled";

const LICENCE_FILE = /^(licen[cs]e|copying)(\.\w+)?$/i;

export function licencesPage(bundled: Bundled): string {
  const found = new Map<string, BundledPackage & { files: string[] }>();
  for (const [file, packages] of Object.entries(bundled)) {
    for (const one of packages) {
      const key = `${one.name} ${one.version}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { ...one, files: [file] });
      else known.files.push(file);
    }
  }
  const sorted = [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
  const rows = sorted.map(
    ({ name, version, licence, files }) =>
      `| ${name} | ${version} | ${licence || "none stated"} | ${files.join(", ")} |`,
  );
  return [
    "# Licences of what is bundled",
    "",
    "The files of `dist/functions/` and `dist/paste/` hold code of these packages. What a paste file holds is what `index.js` holds.",
    "",
    "| package | version | licence | in |",
    "| --- | --- | --- | --- |",
    ...rows,
    ...sorted.flatMap((one) => ["", `## ${one.name} ${one.version}`, "", ...textOf(one)]),
    "",
  ].join("\n");
}

function textOf({ folder, licence }: BundledPackage): string[] {
  const file = readdirSync(folder).find((name) => LICENCE_FILE.test(name));
  if (file === undefined)
    return [`The package has no file with a licence. Its package.json says: ${licence || "nothing"}.`];
  const text = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
  return ["```text", text.replaceAll("```", "'''"), "```"];
}
