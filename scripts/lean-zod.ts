/** Leaves out of zod what a deployed function never calls: the JSON Schema writer and the English messages, 20 KB. */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const NOT_CALLED = /[\\/]zod[\\/]v4[\\/](core[\\/](to-json-schema|json-schema-processors)|locales[\\/]en)\.js$/;

/** Every export stays, as a function that throws its own name: a call to it would be found at once. */
export const leanZod: Plugin = {
  name: "lean-zod",
  setup({ onLoad }) {
    onLoad({ filter: NOT_CALLED }, async ({ path }) => {
      const names = exportedNames(await readFile(path, "utf8"));
      const stub = 'const left = (name) => () => { throw new Error("zod: " + name + " is not in this bundle"); };';
      const rows = names.map((name) => `export const ${name} = /* @__PURE__ */ left("${name}");`);
      // The locale: our own texts are shown, so zod's messages may be its short default.
      return {
        contents: [stub, ...rows, "export default () => ({ localeError: undefined });"].join("\n"),
        loader: "js",
      };
    });
  },
};

function exportedNames(source: string): string[] {
  const names = new Set<string>();
  for (const [, name] of source.matchAll(/^export (?:const|function|class) (\w+)/gm)) if (name) names.add(name);
  for (const [, list = ""] of source.matchAll(/^export \{([^}]*)\}/gm)) {
    for (const part of list.split(",")) names.add((part.split(" as ").pop() ?? "").trim());
  }
  names.delete("");
  return [...names];
}
