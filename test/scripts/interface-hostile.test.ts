/** Imports that are large, oddly named or mean harm: what is written can be loaded, ends, and holds no secret. */
import { transform } from "esbuild";
import { describe, expect, it } from "vitest";
import { formatted } from "../../scripts/biome";
import { built } from "../../scripts/interface-build";
import { readCurl } from "../../scripts/interface-curl";
import { type Draft, makeNotes, type Notes } from "../../scripts/interface-draft";
import { platformKey } from "../../scripts/interface-names";
import { readOpenApi } from "../../scripts/interface-openapi";
import { readPostman } from "../../scripts/interface-postman";
import { catalogueSource } from "../../scripts/interface-write";

function imported(read: (notes: Notes) => Draft, key?: string) {
  const notes = makeNotes();
  const draft = read(notes);
  const made = built(draft, platformKey(key, draft.name), notes);
  return { source: catalogueSource(made, "../types", notes), notes: notes.texts, made };
}
const curl = (command: string, key?: string) => imported((notes) => readCurl(command, notes), key);
const openapi = (more: object) =>
  imported((notes) =>
    readOpenApi(
      {
        openapi: "3.1.0",
        info: { title: "Sample" },
        servers: [{ url: "https://a.example" }],
        paths: { "/x": { get: {} } },
        ...more,
      },
      undefined,
      notes,
    ),
  );
const bodyOf = (schema: unknown) => ({
  "/x": { post: { requestBody: { content: { "application/json": { schema } } } } },
});

describe("a value that stands where a name does", () => {
  it.each([
    ["as the whole query", "curl 'https://a.example/cb?eyJhbGciOiJIUzI1NiJ9canary123'"],
    ["behind named parts", "curl 'https://a.example/cb?page=1&eyJhbGciOiJIUzI1NiJ9.canary123'"],
    ["as the whole body", "curl https://a.example/cb -d canary1Y2FuYXJ5LXNlY3JldA=="],
    ["among fields", "curl https://a.example/cb -d 'a=1&canary1Y2FuYXJ5LXNlY3JldA'"],
    ["as a key of JSON", `curl https://a.example/cb --json '{"canary@example.com":{"n":1}}'`],
    [
      "as a deep key of JSON",
      `curl https://a.example/cb --json '{"people":{"13800138000":"x","canary@example.com":1}}'`,
    ],
  ])("is not written: %s", (_, command) => {
    const { source, notes } = curl(command);
    expect(source + notes.join()).not.toMatch(/canary|13800138000/);
  });

  it("is told from a name without a value", () => {
    const { source } = curl("curl 'https://a.example/cb?customerID=&includeDeleted&X-Amz-Security-Token=&wsdl'");
    for (const name of ["customerID", "includeDeleted", "X-Amz-Security-Token", "wsdl"]) expect(source).toContain(name);
  });

  it("of a Postman query with its value taken out is kept", () => {
    const item = [
      { name: "x", request: { url: { raw: "https://a.example/x", query: [{ key: "pageSize", value: "" }] } } },
    ];
    const root = { info: { name: "P", schema: "https://schema.getpostman.com/json/collection/v2.1.0/" }, item };
    expect(imported((notes) => readPostman(root, undefined, notes)).source).toContain("pageSize");
  });
});

describe("servers", () => {
  const variablesOf = (...descriptions: string[]) => {
    const others = descriptions.map((description, at) => ({ url: `https://b${at}.example`, description }));
    const { made } = openapi({ servers: [{ url: "https://a.example", description: "生产环境" }, ...others] });
    expect(Object.keys(made.interfaces)).toEqual(["get_x"]);
    return Object.keys(made.variables).filter((name) => name.endsWith("_URL"));
  };

  it("with Chinese names get variables that an environment can have", () => {
    expect(variablesOf("测试环境", "Prüfung")).toEqual([
      "STARTFLOW_SAMPLE_URL",
      "STARTFLOW_SAMPLE_SERVER_2_URL",
      "STARTFLOW_SAMPLE_SERVER_3_URL",
    ]);
  });

  it("never share a variable: each has secrets of its own", () => {
    for (const names of [
      ["server 3", "server 3"],
      ["测试", "server 2"],
      ["Test", "test"],
    ]) {
      const all = variablesOf(...names);
      expect(new Set(all).size).toBe(3);
    }
  });
});

describe("the file", () => {
  it.each(["z", "enum", "null", "await", "var", "eval", "let", "this", "undefined", "define_platform"])(
    "can be loaded whatever the platform is called: %s",
    async (key) => {
      const { source } = curl("curl 'https://a.example/x?q=1'", key);
      const { code } = await transform(source, { loader: "ts", format: "esm" });
      const [, name = ""] = /export const (\w+)/.exec(source) ?? [];
      expect(["z", "definePlatform", "undefined"]).not.toContain(name);
      expect(code).toContain("definePlatform(");
    },
  );

  it("imports nothing that it does not use", () => {
    expect(curl("curl https://biz.example.com/x").source).not.toContain('from "zod"');
  });

  it("may be longer than a megabyte", () => {
    const properties = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`member_${at}`, { type: "string" }]));
    const [[, one]] = Object.entries(bodyOf({ type: "object", properties })) as [[string, unknown]];
    const { source } = openapi({
      paths: Object.fromEntries(Array.from({ length: 1_500 }, (_, at) => [`/x${at}`, one])),
    });
    expect(source.length).toBeGreaterThan(1_000_000);
    expect(formatted(source).length).toBeGreaterThan(source.length);
  });

  it("shows a reader and a terminal nothing else than what it says", () => {
    const { source, notes } = openapi({
      info: { title: "a\u202e b\u001b[2J" },
      paths: { "/x\u001b[2J": { get: {} }, "/y": { get: { summary: "c\u2066d" } } },
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(source + notes.join()).not.toMatch(/[\u202e\u2066\u001b]/);
  });
});

describe("a description", () => {
  it("of schemas that refer to many that refer to many has an end", () => {
    const refers = (at: number) =>
      Object.fromEntries(Array.from({ length: 6 }, (_, k) => [`p${k}`, { $ref: `#/components/schemas/S${at + 1}` }]));
    const schemas = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [`S${at}`, { type: "object", properties: refers(at) }]),
    );
    const { source, notes } = openapi({ components: { schemas }, paths: bodyOf({ $ref: "#/components/schemas/S0" }) });
    expect(source.length).toBeLessThan(200_000);
    expect(notes.join()).toContain("the rest is not checked");
  });

  it("with a percent sign that stands for nothing is read", () => {
    expect(openapi({ paths: bodyOf({ $ref: "#/%zz" }) }).notes.join()).toContain("not in this file");
    expect(openapi({ servers: [{ url: "https://u:%zz@a.example" }] }).source).toContain("https://a.example");
    expect(curl("curl https://u:%zz@a.example/").source).toContain('"kind":"basic"');
  });

  it("with an endless title is read at once", () => {
    const before = process.cpuUsage();
    openapi({ info: { title: "a".repeat(100_000) } });
    // Of a processor's time, in microseconds: what else runs beside this test does not count.
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });
});
