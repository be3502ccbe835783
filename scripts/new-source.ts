/** The source text of a new method, a new route, and the test of each; not yet formatted. */
import { json } from "./interface-write";
import { type KindParts, partsOfKind } from "./new-kinds";
import type { NewOptions } from "./new-options";

/** In a comment nothing may end it. */
const comment = (title: string) => title.replaceAll("*/", "* /");

function formText({ second }: KindParts, name: string): string {
  return `const ${name} = z.strictObject({
    reason: z.string().trim().min(1).max(500).meta(label("事由", "Reason")),
    ${second.key}: number({ fromText: true }).positive().meta(label("${second.zh}", "${second.en}")),
  });`;
}

export function methodSource(options: NewOptions): string {
  const { id, title } = options;
  const parts = partsOfKind(options);
  const { imports, start, note, fields, sample, second } = parts;
  const does =
    imports === undefined
      ? `run: async ({ reason, ${second.key} }) => ({ reason, ${second.key} }),`
      : `// ${note}\nstart: ${start},\nfields: ${json(fields)},`;
  return `/** ${comment(title.en)}. */
import * as z from "zod";
${imports === undefined ? "" : `import { ${imports.name} } from "../../shared/${imports.from}";`}
import { label, number } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";

${formText(parts, "form")}

const ${id} = defineMethod({
  title: ${json(title)},
  input: form,
  sample: ${json(sample)},
  ${does}
});

export = ${id};
`;
}

export function routeSource(options: NewOptions): string {
  const { id, name, title } = options;
  const parts = partsOfKind(options);
  const [space, module, last] = name.split("/");
  return `/** The route ${name} of the sync API: ${comment(title.en)}. */
import * as z from "zod";
import { cloudbaseWorkflow } from "../../shared/engines/workflow";
import { label, number } from "../../shared/form/fields";
import type { Route } from "../../shared/sync-api/routes/route";
import { runsProcess } from "../../shared/sync-api/runs/runnable";

${formText(parts, "input")}

export const ${id}: Route = {
  space: ${json(space)},
  module: ${json(module)},
  function: ${json(last)},
  title: ${json(title)},
  method: "POST",
  auth: "token",
  credentials: { token: "STARTFLOW_SYNC_TOKEN" },
  enabled: true,
  // ${parts.note}
  run: runsProcess({ input, start: ${parts.start}, fields: ${json(parts.fields)} }),
  debug: ${json(parts.sample)},
};
`;
}

const TARGETS = { weda: "weda-process", workflow: "cloudbase-workflow", apaas: "apaas-flow", corehr: "corehr-process" };

const OPEN = `let platform: PlatformHere;
beforeAll(async () => {
  platform = await platformHere(temporaryFolder());
});
afterAll(() => platform.stop());`;

export function methodTest(options: NewOptions): string {
  const { kind, name } = options;
  const { sample } = partsOfKind(options);
  const isStart = kind in TARGETS;
  const helpers = isStart ? "form, type PlatformHere" : "type PlatformHere";
  return `/** ${name} on the local platform: what it answers, and what it refuses. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { ${helpers}, platformHere, temporaryFolder } from "../../helpers/platform";

${OPEN}

const sample = ${json(sample)};

${isStart ? startTests(name, TARGETS[kind as keyof typeof TARGETS]) : runTests(name)}

it("refuses a form that lacks a field, and names the field", async () => {
  const answer = await platform.test(${json(name)}, { params: { reason: sample.reason } });
  expect(answer).toMatchObject({ ok: false, error: { code: "INVALID_PARAMS", outcome: "rejected" } });
  expect(answer.error?.issues).toHaveLength(1);
});
`;
}

function startTests(name: string, target: string): string {
  return `it.each(["code", "main"] as const)("starts one process through %s, and answers a repeat with it", async (entry) => {
  const before = (await platform.instances()).length;
  const params = form(sample);
  const first = await platform.test(${json(name)}, { params, entry });
  expect(first).toMatchObject({ ok: true, result: { outcome: "started", target: ${json(target)} } });
  const again = await platform.test(${json(name)}, { params, entry });
  expect(again.result).toEqual({ ...(first.result as object), outcome: "duplicate" });
  expect(await platform.instances()).toHaveLength(before + 1);
});`;
}

function runTests(name: string): string {
  return `it.each(["code", "main"] as const)("answers through %s", async (entry) => {
  expect(await platform.test(${json(name)}, { params: sample, entry })).toMatchObject({ ok: true, result: sample });
});`;
}

export function routeTest(options: NewOptions): string {
  const { name } = options;
  const { sample } = partsOfKind(options);
  return `/** The route ${name}: what a call answers, and who is refused. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type PlatformHere, platformHere, temporaryFolder } from "../../helpers/platform";
import { apiOf, TOKEN } from "./open-api";

${OPEN}

const body = ${json(sample)};
const call = (headers: Record<string, string>, sent: object) =>
  apiOf(platform).call(${json(`/api/${name}`)}, { headers, body: sent });

it("runs one workflow, and answers its output", async () => {
  const answer = await call(TOKEN, body);
  expect(answer).toMatchObject({ status: 200, body: { code: 0, data: { name: "hello world" } } });
  expect(await platform.instances()).toHaveLength(1);
});

it("refuses a call without its token, and one that lacks a field, and runs nothing", async () => {
  const before = (await platform.instances()).length;
  expect((await call({}, body)).status).toBe(401);
  expect((await call(TOKEN, { reason: body.reason })).status).toBe(400);
  expect(await platform.instances()).toHaveLength(before);
});
`;
}
