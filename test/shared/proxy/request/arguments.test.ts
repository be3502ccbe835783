/** Declared arguments at their edges: what is left out leaves no trace, and what fails in a schema repeats nothing. */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import * as z from "zod";
import { describeError } from "../../../../shared/base/log";
import { createProxy } from "../../../../shared/proxy/client";
import { openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";
import { failureOf } from "../prepared";

/** A schema that fails by itself, as a developer's own code may. */
const picky = z.string().transform((text) => {
  if (text.startsWith("canary")) throw new Error(`no rule for ${text}`);
  return text;
});
const title = { name: "title", in: "body", as: "card.head.title", schema: z.string().optional() } as const;
const $proxy = createProxy([
  {
    platform_key: "edges",
    title: { zh: "边界", en: "Edges" },
    instances: [{ instance_key: "main", baseUrlVariable: "EDGES_URL", allowPrivate: true }],
    interfaces: {
      make: { method: "POST", path: "/x", args: [{ name: "to", in: "body", schema: z.string() }, title] },
      check: { method: "POST", path: "/x", args: [{ name: "text", in: "body", schema: picky }] },
    },
  },
]);

let server: ScriptedServer;
beforeAll(async () => {
  server = await openScriptedServer();
  server.answer = (_, response) => response.end("{}");
  process.env.EDGES_URL = server.url;
});
afterAll(() => server.close());
beforeEach(() => {
  server.received.length = 0;
  vi.spyOn(console, "log").mockImplementation(() => {});
});
const bodies = () => server.received.map(({ body }) => String(body));

it("an argument deep in the body that is left out makes no empty objects", async () => {
  await $proxy("edges").make("a");
  await $proxy("edges").$api("make").$body({ to: "a", more: 1 }).$call();
  await $proxy("edges").make("a", "t");
  await $proxy("edges")
    .$api("make")
    .$body({ to: "a", card: { n: 1 } })
    .$call();
  expect(bodies()).toEqual([
    '{"to":"a"}',
    '{"to":"a","more":1}',
    '{"to":"a","card":{"head":{"title":"t"}}}',
    '{"to":"a","card":{"n":1}}',
  ]);
});

it("a schema that fails by itself is told without what was typed", async () => {
  const failure = await failureOf($proxy("edges").check("canary-typed"));
  expect(failure).toMatchObject({ kind: "config" });
  expect(`${failure.stack} ${JSON.stringify(describeError(failure))}`).not.toContain("canary");
  expect(bodies()).toEqual([]);
});
