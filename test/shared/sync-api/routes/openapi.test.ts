/** The description of the API: valid OpenAPI 3.1 by its own rules and by our importer, and true of every answer. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { routes as shipped } from "../../../../functions/sync-api/routes";
import { type Route, routeName } from "../../../../shared/sync-api/routes/route";
import type { AuthKind } from "../../../../shared/sync-api/routes/route-kinds";
import { REFUSALS, type RefusalKind, RUN_CODES, type RunState } from "../../../../shared/sync-api/wire/codes";
import { acceptedReply, refusal, runReply } from "../../../../shared/sync-api/wire/envelope";
import { stubStoreVariables } from "../../../helpers/database";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { openEngine, routeOf } from "../calls";

type Json = Record<string, unknown>;
interface Operation {
  operationId: string;
  summary: string;
  description: string;
  security: Record<string, []>[];
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json; example?: unknown }> };
  responses: Record<string, { description: string; content: Record<string, { schema: Json }> }>;
  [member: string]: unknown;
}
interface Document extends Json {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, Json>; schemas: Record<string, Json> };
}

const require = createRequire(import.meta.url);
mkdirSync(join("dist", "test"), { recursive: true });
const folder = resolve(mkdtempSync(join("dist", "test", "openapi-")));
let server: ScriptedServer;
/** Of the routes that are shipped, by the built function. */
let document: Document;
let openapiOf: (routes: readonly Route[]) => Document;
beforeAll(async () => {
  // The environment of the built function: its SDK finds this file's database.
  stubStoreVariables();
  vi.stubEnv("IS_PREVIEW", "true");
  const { main } = require(resolve("dist", "functions", "sync-api", "index.js")) as {
    main(event: object): Promise<{ statusCode: number; headers: Record<string, string>; body: string }>;
  };
  const answer = await main({ httpMethod: "GET", path: "/v1/openapi.json", headers: {} });
  expect(answer).toMatchObject({ statusCode: 200, headers: { "content-type": "application/json; charset=utf-8" } });
  document = JSON.parse(answer.body) as Document;
  const outfile = join(folder, "openapi.cjs");
  const external = ["./input-schemas.json"];
  await build({
    entryPoints: ["shared/sync-api/routes/openapi.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    external,
  });
  const customers = z.toJSONSchema(z.strictObject({ customerId: z.string(), style: z.string().optional() }));
  writeFileSync(join(folder, "input-schemas.json"), JSON.stringify({ "demo/flows/look": customers }));
  ({ openapiOf } = require(outfile) as { openapiOf: typeof openapiOf });
  server = await openScriptedServer();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true });
});

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation, where: `${method} ${path}` })),
  );

/** What https://spec.openapis.org/oas/v3.1.0 asks of a document, as far as this one has it. */
function problemsOf(doc: Document): string[] {
  const problems: string[] = [];
  const must = (isRight: boolean, problem: string) => {
    if (!isRight) problems.push(problem);
  };
  must(/^3\.1\.\d+$/.test(doc.openapi), "openapi is no version 3.1");
  must(typeof doc.info.title === "string" && typeof doc.info.version === "string", "info has no title and version");
  for (const [name, scheme] of Object.entries(doc.components.securitySchemes)) {
    must(/^[\w.-]+$/.test(name), `${name} is no name of a component`);
    const isKey =
      scheme.type === "apiKey" && ["query", "header", "cookie"].includes(String(scheme.in)) && scheme.name !== "";
    const isHttp = scheme.type === "http" && ["basic", "bearer"].includes(String(scheme.scheme));
    must(isKey || isHttp, `${name} is no security scheme`);
  }
  const ids = operationsOf(doc).map(({ operation }) => operation.operationId);
  must(new Set(ids).size === ids.length, "two operations have one id");
  for (const { path, method, operation, where } of operationsOf(doc)) {
    must(path.startsWith("/") && METHODS.includes(method), `${where} is no path and method`);
    const named = operation.parameters.map((one) => `${one.in} ${one.name.toLowerCase()}`);
    must(new Set(named).size === named.length, `${where} has a parameter twice`);
    const inPath = operation.parameters.filter((one) => one.in === "path");
    must(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).join() === inPath.map(({ name }) => name).join(),
      `${where} has other parameters than its path`,
    );
    must(
      inPath.every(({ required }) => required === true),
      `${where} has a path parameter that is not required`,
    );
    for (const one of operation.parameters) {
      must(["path", "query", "header"].includes(one.in) && typeof one.schema === "object", `${where}: ${one.name}`);
      // Such parameters are ignored: they are described otherwise.
      must(!/^(accept|content-type|authorization)$/i.test(one.name), `${where} describes ${one.name}`);
    }
    must(method === "post" || operation.requestBody === undefined, `${where} has a body`);
    must(
      operation.requestBody === undefined || Object.keys(operation.requestBody.content).length > 0,
      `${where}: body`,
    );
    for (const name of operation.security.flatMap((one) => Object.keys(one)))
      must(name in doc.components.securitySchemes, `${where} wants ${name}, which there is not`);
    must(Object.keys(operation.responses).length > 0, `${where} has no response`);
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      must(/^([1-5]\d\d|default)$/.test(status), `${where}: ${status} is no status`);
      must(typeof description === "string" && description !== "", `${where}: ${status} has no description`);
      must(
        Object.values(content).every(({ schema }) => typeof schema === "object"),
        `${where}: ${status} has no schema`,
      );
    }
  }
  return [...problems, ...schemaProblemsOf(doc)];
}

const TYPES = ["null", "boolean", "object", "array", "number", "string", "integer"];
function schemaProblemsOf(doc: Document): string[] {
  const problems: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { $ref, type, pattern, required, properties } = value as Json;
    if (typeof $ref === "string") {
      const target = $ref
        .replace(/^#\//, "")
        .split("/")
        .reduce<unknown>((at, part) => (at as Json | undefined)?.[part], doc);
      if (target === undefined || !$ref.startsWith("#/")) problems.push(`${path}: ${$ref} leads nowhere`);
    }
    const isSchema = /\/(schema|schemas\/\w+|items|properties\/[^/]+)$/.test(path);
    if (isSchema && type !== undefined && ![type].flat().every((one) => TYPES.includes(String(one))))
      problems.push(`${path}: ${JSON.stringify(type)} is no type`);
    if (isSchema && typeof pattern === "string") new RegExp(pattern, "u");
    if (isSchema && Array.isArray(required))
      for (const name of required)
        if (!Object.hasOwn(properties as object, String(name))) problems.push(`${path}: ${name}`);
    for (const [name, member] of Object.entries(value)) if (name !== "example") walk(member, `${path}/${name}`);
  };
  walk(doc, "#");
  return problems;
}

/** Of the schemas that a status of an operation may have, those that an answer fits. */
function fitting(doc: Document, operation: Operation, status: number, body: unknown): string[] {
  const schema = operation.responses[String(status)]?.content["application/json"]?.schema ?? {};
  const refs = [schema, ...(((schema.oneOf ?? schema.anyOf) as Json[] | undefined) ?? [])].flatMap(({ $ref }) =>
    typeof $ref === "string" ? [$ref.split("/").at(-1) as string] : [],
  );
  return refs.filter((name) => z.fromJSONSchema(doc.components.schemas[name] as never).safeParse(body).success);
}

describe("the description of what is shipped", () => {
  it("is valid OpenAPI 3.1", () => expect(problemsOf(document)).toEqual([]));

  it("has an operation for each route, with its method, title and input", () => {
    for (const route of shipped) {
      const item = document.paths[`/v1/api/${routeName(route)}`] ?? expect.fail(routeName(route));
      expect(Object.keys(item)).toEqual([route.method.toLowerCase()]);
      expect(Object.values(item)[0]).toMatchObject({ summary: route.title.en, description: route.title.zh });
    }
    expect(Object.keys(document.paths)).toHaveLength(shipped.length + 2);
  });

  it("says of each route what its caller has to give: every alternative of the kind", () => {
    const wanted: Record<AuthKind, object[]> = {
      none: [{}],
      token: [{ token: [] }, { bearer: [] }],
      password: [{ user: [], password: [] }, { basic: [] }],
      hmac: [{ signature: [] }],
    };
    const said = shipped.map((route) => [route.auth, document.paths[`/v1/api/${routeName(route)}`]] as const);
    for (const [auth, item] of said) expect(Object.values(item ?? {})[0]?.security).toEqual(wanted[auth]);
    expect(new Set(said.map(([auth]) => auth)).size).toBe(4);
    expect(document.components.securitySchemes).toMatchObject({
      token: { type: "apiKey", in: "header", name: "token" },
      user: { type: "apiKey", in: "header", name: "user" },
      password: { type: "apiKey", in: "header", name: "password" },
      signature: { type: "apiKey", in: "header", name: "x-signature" },
      bearer: { type: "http", scheme: "bearer" },
      basic: { type: "http", scheme: "basic" },
    });
  });

  it("marks those that are not enabled", () => {
    const closed = operationsOf(document).filter(({ operation }) => operation["x-enabled"] === false);
    expect(closed.map(({ path }) => path)).toEqual(["/v1/api/demo/notices/send"]);
    expect(closed[0]?.operation.deprecated).toBe(true);
  });

  it("has the input of a POST as its body, with the example that works, and of a GET as its query", () => {
    const leave = document.paths["/v1/api/demo/leave/start"]?.post?.requestBody?.content["application/json"];
    expect(leave).toMatchObject({
      schema: { type: "object", required: ["reason", "days", "startsOn"], properties: { days: { type: "number" } } },
      example: { reason: "探亲", days: 3, startsOn: "2026-12-01" },
    });
    const query = document.paths["/v1/api/demo/customers/get"]?.get?.parameters.filter((one) => one.in === "query");
    expect(query).toMatchObject([
      { name: "customerId", required: true, schema: { type: "string" } },
      { name: "style", required: false },
    ]);
  });

  it("has what may stand beside the input, by its header", () => {
    for (const { path, operation } of operationsOf(document)) {
      if (!path.startsWith("/v1/api/")) continue;
      const headers = operation.parameters.filter((one) => one.in === "header").map(({ name }) => name);
      expect(headers).toEqual(["Idempotency-Key", "Prefer", "X-Callback-Url"]);
    }
  });

  it("has how a run is asked for and ended, with any of the credentials", () => {
    const schemes = [{ token: [] }, { user: [], password: [] }, { signature: [] }];
    for (const operation of [document.paths["/v1/runs/{uid}"]?.get, document.paths["/v1/runs/{uid}/cancel"]?.post])
      expect(operation?.security).toEqual(expect.arrayContaining(schemes));
  });

  it("names no secret and no variable of the environment", () => {
    expect(JSON.stringify(document)).not.toMatch(/STARTFLOW_|123456"/);
  });
});

describe("an answer", () => {
  const uid = "379206788450353152";
  const operation = () => document.paths["/v1/api/demo/flows/hello"]?.post ?? expect.fail("no operation");
  const places = [{ id: "n", name: "审批", assignees: ["张三"] }];

  it.each(Object.keys(REFUSALS) as RefusalKind[])("that refuses (%s) is as its status is described", (kind) => {
    const issues = [{ path: "days", label: { zh: "", en: "" }, code: "too_big" as const, message: { zh: "", en: "" } }];
    for (const details of [{}, { issues }]) {
      const { status, body } = refusal(kind, details);
      expect(fitting(document, operation(), status, body)).toEqual(["Refusal"]);
    }
  });

  it.each(Object.keys(RUN_CODES) as RunState[])("of a run that is %s is as its status is described", (state) => {
    for (const run of [
      { uid, state },
      { uid, state, places, reason: "x" },
    ])
      for (const output of [undefined, "text", { a: 1 }]) {
        const { status, body } = runReply(run, output);
        expect(fitting(document, operation(), status, body)).toEqual(["Run"]);
      }
  });

  it("with the uid at once is as its status is described", () => {
    const { status, body } = acceptedReply(uid);
    expect(fitting(document, operation(), status, body)).toEqual(["Run"]);
  });

  it("has a status that is described for what it says, and no other is", () => {
    const statuses = [...Object.values(REFUSALS), ...Object.values(RUN_CODES)].map(({ status }) => String(status));
    expect(Object.keys(operation().responses).sort()).toEqual([...new Set(statuses)].sort());
    expect(operation().responses["429"]?.description).toContain(REFUSALS.lockedOut.en);
    expect(operation().responses["429"]?.description).toContain(REFUSALS.rateLimited.en);
  });
});

describe("the description of any routes", () => {
  const engine = openEngine();

  it("is valid where names differ only in where their parts end", () => {
    const names = [
      ["a_b", "c", "d"],
      ["a", "b_c", "d"],
      ["a", "b", "c_d"],
      ["a-b", "c", "d"],
    ] as const;
    const doc = openapiOf(names.map(([space, module, name]) => routeOf(engine, { space, module, function: name })));
    expect(problemsOf(doc)).toEqual([]);
  });

  it("is valid for every kind and method, also without a schema, and without any route", () => {
    const kinds: AuthKind[] = ["none", "token", "password", "hmac"];
    const many = kinds.flatMap((auth) => [
      routeOf(engine, { auth, function: `get-${auth}`, method: "GET" }),
      routeOf(engine, { auth, function: `post-${auth}` }),
    ]);
    expect(problemsOf(openapiOf(many))).toEqual([]);
    expect(problemsOf(openapiOf([]))).toEqual([]);
    const look = openapiOf([routeOf(engine, { function: "look", method: "GET" })]).paths["/v1/api/demo/flows/look"]
      ?.get;
    expect(look?.parameters.slice(0, 2)).toMatchObject([{ name: "customerId", required: true }, { name: "style" }]);
  });

  it("is checked by these rules: what breaks them is found", () => {
    const broken = structuredClone(document);
    const item = broken.paths["/v1/api/demo/flows/hello"] as Record<string, Operation>;
    item.post = { ...(item.post as Operation), operationId: "getRun", security: [{ nothing: [] }], responses: {} };
    broken.components.schemas.Run = { $ref: "#/components/schemas/None" };
    expect(problemsOf(broken)).toEqual([
      "two operations have one id",
      "post /v1/api/demo/flows/hello wants nothing, which there is not",
      "post /v1/api/demo/flows/hello has no response",
      "#/components/schemas/Run: #/components/schemas/None leads nowhere",
    ]);
  });
});

describe("our importer", () => {
  it("reads the description, and what it writes calls the routes with their credentials", async () => {
    const [from, to] = [join(folder, "sync-api.json"), join(folder, "sync_api.ts")];
    writeFileSync(from, JSON.stringify(document));
    const args = ["import", "--out", to, "--key", "sync_api", "--base-url", server.url, from];
    const said = await new Promise<string>((settle, reject) => {
      execFile(
        process.execPath,
        ["scripts/run.mjs", "interface", ...args],
        { env: { PATH: process.env.PATH } },
        (error, _, stderr) => (error === null ? settle(stderr) : reject(new Error(stderr))),
      );
    });
    expect(said).not.toMatch(/is not in this file|cannot be read|not imported: .*operation/);
    const entry = join(folder, "entry.ts");
    const client = JSON.stringify(resolve("shared", "proxy", "client"));
    writeFileSync(
      entry,
      `import { createProxy } from ${client};\nimport * as all from "./sync_api";\nexport const $proxy = createProxy(Object.values(all));\n`,
    );
    const outfile = join(folder, "proxy.mjs");
    await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
    for (const [name, value] of Object.entries({ URL: server.url, ALLOW_PRIVATE: "true", KEY: "123456" }))
      vi.stubEnv(`STARTFLOW_SYNC_API_${name}`, value);
    const { $proxy } = (await import(pathToFileURL(outfile).href)) as {
      $proxy: (key: string) => Record<string, (...args: unknown[]) => Promise<unknown>>;
    };
    server.answer = (_, response) => answerJson(response, 200, { response: { code: 0 } });
    const called = $proxy("sync_api");
    await called.demoCustomersGet?.("12345", "direct");
    await called.demoFlowsHello?.({ name: "botman.cc" });
    await called.getRun?.("379206788450353152");
    const [get, post, run] = server.received;
    expect(get).toMatchObject({
      method: "GET",
      path: "/v1/api/demo/customers/get?customerId=12345&style=direct",
      headers: { token: "123456" },
    });
    expect(post).toMatchObject({ method: "POST", path: "/v1/api/demo/flows/hello", headers: { token: "123456" } });
    expect(run).toMatchObject({ method: "GET", path: "/v1/runs/379206788450353152" });
  });
});
