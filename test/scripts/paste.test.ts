/** `npm run paste`: what it prints for WeDa's console fits what the methods really take and answer. */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORM_SIDE, formSideOf } from "../../local/console/page/form-side";
import { answerSchema, schemaOfAnswer } from "../../local/console/page/paste-answer";
import { objectOf, type WedaSchema, wedaSchema } from "../../local/console/page/paste-schema";
import type { MethodRow } from "../../local/console/wire";
import { pasteNames, startingNames } from "../helpers/built";
import { type Command, openCommand } from "../helpers/command";
import { type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";
import { projectCopy } from "../helpers/project-copy";

const copy = projectCopy();
// What is built already is not built again: test/scripts/new.test.ts has a copy in which nothing is.
for (const name of ["paste", "methods.json", "apis.json", "build.json"])
  cpSync(join("dist", name), join(copy.folder, "dist", name), { recursive: true });
const data = temporaryFolder();
let command: Command;
let platform: PlatformHere;
beforeAll(async () => {
  command = await openCommand("paste");
  platform = await platformHere(data);
});
afterAll(async () => {
  command.close();
  copy.remove();
  await platform.stop();
  rmSync(data, { recursive: true });
});
const paste = (...args: string[]) => command.run(args, { cwd: copy.folder });
const methods = JSON.parse(readFileSync(join("dist", "methods.json"), "utf8")) as (MethodRow & { secrets: string[] })[];

/** What of a value the schema does not know. */
function unknownIn(value: unknown, schema: WedaSchema | undefined, path: string): string[] {
  if (schema === undefined) return [`${path}: not declared`];
  if (value === null) return [];
  const type = Array.isArray(value) ? "array" : typeof value;
  if (type !== schema.type) return [`${path}: ${type}, not ${schema.type}`];
  if (Array.isArray(value)) return value.flatMap((item) => unknownIn(item, schema.items, `${path}[]`));
  if (type !== "object" || schema.properties === undefined) return [];
  return Object.entries(value as object).flatMap(([key, one]) =>
    unknownIn(one, schema.properties?.[key], `${path}.${key}`),
  );
}

describe("npm run paste", () => {
  it("says and ends the same as a process of its own", async () => {
    expect(command.help).toMatchObject({ stdout: expect.stringMatching(/^npm run paste /), stderr: "" });
    const started = await command.start(["start-leave"], { cwd: copy.folder });
    expect(started).toEqual(await paste("start-leave"));
    expect(started).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it.each(pasteNames)(
    "writes the file of %s, the very one of the build, and names the identifiers of its connector",
    async (name) => {
      const { stdout } = await paste(name, "--json");
      const printed = JSON.parse(stdout) as Record<string, unknown>;
      const { connector } = methods.find((row) => row.name === name)?.target ?? {};
      expect(printed).toMatchObject({
        api: connector?.ConnectorName,
        method: connector?.FunctionName,
        intent: "create",
        type: "custom-code",
      });
      expect(copy.read(String(printed.pasteFile))).toBe(readFileSync(String(printed.pasteFile), "utf8"));
      const text = (await paste(name)).stdout;
      for (const id of [connector?.ConnectorName, connector?.FunctionName]) expect(text).toContain(id);
      for (const step of FORM_SIDE.slice(0, 4)) expect(text).toContain(step.code);
    },
  );

  it("numbers the input parameters from 1, in the form's order, submissionId last", async () => {
    for (const name of startingNames) {
      const { stdout } = await paste(name, "--json");
      const { inParams } = JSON.parse(stdout) as { inParams: WedaSchema };
      const properties = Object.entries(inParams.properties ?? {});
      expect(properties.map(([, schema]) => schema["x-index"])).toEqual(properties.map((_, at) => at + 1));
      const fields = Object.keys(methods.find((row) => row.name === name)?.inputSchema?.properties ?? {});
      expect(properties.map(([key]) => key)).toEqual([...fields, "submissionId"]);
      expect(properties.filter(([, { title = "" }]) => title === "")).toEqual([]);
    }
  });

  it("says of a method with a secret what to do instead, and has its parameters all the same", async () => {
    const { exitCode, stdout } = await paste("submission-status");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("STARTFLOW_OPERATOR_KEY");
    expect(stdout).toContain("Deploy dist/functions/submission-status as the cloud function");
    expect(stdout).not.toContain("dist/paste");
    expect(stdout).toContain("add --outputs <file>");
    expect(JSON.parse((await paste("submission-status", "--json")).stdout)).toMatchObject({
      pasteFile: null,
      intent: "get-item",
      outParams: null,
      formSide: [],
    });
  });

  it("takes the output parameters from a real answer, without its values", async () => {
    const answer = await platform.test("lookup-customer", { params: { customerId: "12345" } });
    expect(answer.ok).toBe(true);
    copy.write("answer.json", JSON.stringify(answer));
    const { stdout } = await paste("lookup-customer", "--json", "--outputs", join(copy.folder, "answer.json"));
    const { outParams } = JSON.parse(stdout) as { outParams: WedaSchema };
    expect(Object.keys(outParams.properties ?? {})).toEqual(Object.keys(answer.result as object));
    expect(unknownIn(answer.result, outParams, "")).toEqual([]);
    const values = Object.values(answer.result as object).filter((value) => String(value).length > 3);
    expect(values.filter((value) => JSON.stringify(outParams).includes(String(value)))).toEqual([]);
  });

  it.each([
    [["no-such"], "there is no such method; there are: lookup-customer"],
    [[], "which method?"],
    [["start-leave", "start-contract"], "one method at a time"],
    [["start-leave", "--outputs", "none.json"], "there is no file none.json"],
    [["start-leave", "--outputs", "package.json.x"], "there is no file"],
    [["start-leave", "--nope"], "Unknown option '--nope'"],
  ])("refuses %j in words", async (args, said) => {
    const { exitCode, stdout, stderr } = await paste(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(said);
  });

  it("refuses an answer that is none, and repeats nothing of it", async () => {
    for (const text of ['"canary-of-an-answer"', "canary-of-an-answer", "[1]", ""]) {
      copy.write("answer.json", text);
      const { exitCode, stderr } = await paste("start-leave", "--outputs", join(copy.folder, "answer.json"));
      expect(exitCode).toBe(1);
      expect(stderr).toContain("holds no JSON object");
      expect(stderr).not.toContain("canary");
    }
  });
});

describe("the output parameters", () => {
  it.each(startingNames)("of %s name every member that it answers", async (name) => {
    const { sample, secrets } = methods.find((row) => row.name === name) as (typeof methods)[number];
    const schema = answerSchema(secrets.length === 0);
    const entry = secrets.length === 0 ? "code" : "main";
    const good = await platform.test(name, { params: sample, entry });
    expect(good.ok).toBe(true);
    expect(unknownIn(good.result, schema, "")).toEqual([]);
    const required = schema.required ?? [];
    expect(required.filter((key) => !Object.hasOwn(good.result as object, key))).toEqual([]);
  });

  it("of a cloud function name every member of a failure", () => {
    const failure = {
      code: "INVALID_PARAMS",
      message: "a",
      text: { zh: "a", en: "b" },
      outcome: "rejected",
      submissionId: "s",
      retryAfterMs: 1,
      issues: [{ path: "a", label: { zh: "a", en: "b" }, code: "required", message: { zh: "a", en: "b" } }],
    };
    expect(unknownIn(failure, answerSchema(false), "")).toEqual([]);
  });

  it("of an answer with rows have the members of all rows, and any name", () => {
    const schema = schemaOfAnswer(JSON.parse('{"rows":[{"a":1},{"b":true,"__proto__":"x"}],"none":[],"gone":null}'));
    expect(Object.keys(schema.properties?.rows?.items?.properties ?? {})).toEqual(["a", "b", "__proto__"]);
    expect(schema.properties?.none?.items).toEqual({ type: "object" });
    expect(Object.getPrototypeOf(schema.properties)).toBe(Object.prototype);
  });
});

describe("the input parameters", () => {
  it("of a choice list its options; of a choice between types they take the first", () => {
    expect(wedaSchema({ enum: ["a", "b"], type: "string", default: "a" })).toEqual({
      type: "string",
      enum: ["a", "b"],
      "x-enumObj": [
        { label: "a", value: "a" },
        { label: "b", value: "b" },
      ],
      default: "a",
    });
    expect(wedaSchema({ title: "天数", anyOf: [{ type: "number" }, { type: "string" }] })).toEqual({
      title: "天数",
      type: "number",
    });
  });

  it("of a schema that holds itself come to an end", () => {
    const node = { type: "object", properties: { next: { $ref: "#/properties/node" } } };
    const root = { type: "object", properties: { node } };
    expect(JSON.stringify(wedaSchema(root)).length).toBeLessThan(2_000);
  });

  it("keep no name back", () => {
    expect(Object.keys(objectOf(JSON.parse('{"__proto__":{"type":"string"}}'), []).properties ?? {})).toEqual([
      "__proto__",
    ]);
  });
});

it("the form's side has the method's own identifiers, and is the page's text otherwise", () => {
  const event = formSideOf({ ConnectorName: "api_1", FunctionName: 'm"2' }).at(-1)?.code ?? "";
  expect(event).toContain('name: "api_1",\n      methodName: "m\\"2",');
  expect(event).toContain("<submission-status 的方法标识>");
  expect(formSideOf()).toEqual(FORM_SIDE);
});
