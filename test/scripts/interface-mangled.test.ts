/** An import of what is mangled, or means harm: refused in words or written as a file that holds data alone. */
import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { built } from "../../scripts/interface-build";
import { readCurl } from "../../scripts/interface-curl";
import { type Draft, ImportRefused, makeNotes, type Notes } from "../../scripts/interface-draft";
import { platformKey } from "../../scripts/interface-names";
import { readOpenApi } from "../../scripts/interface-openapi";
import { readPostman } from "../../scripts/interface-postman";
import { catalogueSource } from "../../scripts/interface-write";

type Json = Record<string, unknown>;
const fixture = (file: string) => readFileSync(`test/fixtures/${file}`, "utf8");

/** @returns the source, or undefined where it was refused */
function sourceOf(read: (notes: Notes) => Draft): string | undefined {
  const notes = makeNotes();
  try {
    const draft = read(notes);
    return catalogueSource(built(draft, platformKey(undefined, draft.name), notes), "../types", notes);
  } catch (error) {
    if (error instanceof ImportRefused) return undefined;
    throw error;
  }
}
const parses = async (source: string) => (await transform(source, { loader: "ts" })).code.length > 0;

const NASTY = [
  null,
  0,
  -1,
  1e21,
  "",
  "*/",
  "`process.exit()`",
  '");process.exit();("',
  "\u2028",
  "__proto__",
  "constructor",
  "..",
  "{{x}}",
  "\\",
  "a.b",
  [],
  [null],
  {},
  { $ref: "#/" },
  { $ref: "#/components/schemas/Line" },
  { $ref: 7 },
  true,
  false,
] as const;

function replaced(text: string, at: number, value: unknown): Json {
  const root = JSON.parse(text) as Json;
  const places: [holder: Json, name: string][] = [];
  const visit = (holder: Json) => {
    for (const name of Object.keys(holder)) {
      places.push([holder, name]);
      if (typeof holder[name] === "object" && holder[name] !== null) visit(holder[name] as Json);
    }
  };
  visit(root);
  const [holder, name] = places[at % places.length] as [Json, string];
  holder[name] = value;
  return root;
}

describe("an input with anything in any place", () => {
  const place = fc.tuple(fc.nat(10_000), fc.constantFrom(...NASTY));
  it.each(["openapi/orders.json", "openapi/ledger.json", "postman/helpdesk.json"])("%s", async (file) => {
    const text = fixture(file);
    const read = file.startsWith("openapi") ? readOpenApi : readPostman;
    await fc.assert(
      fc.asyncProperty(place, async ([at, value]) => {
        const source = sourceOf((notes) => read(replaced(text, at, value), undefined, notes));
        return source === undefined || (await parses(source));
      }),
      { numRuns: 200 },
    );
  });

  it("a curl command", async () => {
    const words = [
      "curl",
      "-X",
      "-d",
      "-H",
      "'a: b'",
      "https://a.example/x?y=1",
      "{",
      "'",
      '"',
      "$(x)",
      "--json",
      "-u",
      "a:b",
      "-F",
      "@f",
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.constantFrom(...words), fc.string())), async (parts) => {
        const source = sourceOf((notes) => readCurl(`curl ${parts.join(" ")}`, notes));
        return source === undefined || (await parses(source));
      }),
      { numRuns: 300 },
    );
  });
});

it("text of the input is data in the file: it ends no comment, no text and no expression", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what must stay text
  const evil = '*/ process.exit(1); /* ` ${process.exit(1)} " ; process.exit(1)\u2028';
  const root = {
    openapi: "3.1.0",
    info: { title: evil },
    servers: [{ url: "https://a.example" }],
    paths: {
      "/x": {
        get: {
          summary: evil,
          parameters: [
            { name: "q", in: "query", schema: { type: "string", pattern: "a/;process.exit(1)//\n", default: evil } },
            { name: "e", in: "query", schema: { enum: [evil] } },
            { name: evil, in: "query", schema: { type: "object", properties: { [evil]: { const: evil } } } },
          ],
        },
      },
    },
  };
  const source = sourceOf((notes) => readOpenApi(root, undefined, notes)) ?? expect.fail("refused");
  const { code } = await transform(source, { loader: "ts" });
  const bare = code.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\/(?:[^/\\\n]|\\.)+\/u/g, "");
  expect(bare).not.toContain("process.exit");
});

it("a secret that also stands in a name: nothing is written", () => {
  const root = JSON.parse(fixture("postman/helpdesk.json")) as { item: { item: { name: string; request: Json }[] }[] };
  const first = root.item[0]?.item[0] ?? expect.fail("no item");
  first.request = {
    method: "GET",
    url: { raw: "{{baseUrl}}/x", query: [{ key: "canary-postman-bearer", value: "" }] },
  };
  expect(sourceOf((notes) => readPostman(root, undefined, notes))).toBe(undefined);
});
