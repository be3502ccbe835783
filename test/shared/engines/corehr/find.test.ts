/** Looking for the process of a submission: "none" only where Feishu's own list says so, beyond all doubt. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { findProcess } from "../../../../shared/engines/corehr/find";
import type { Sought } from "../../../../shared/engines/engine";
import { recordingContext } from "../../../helpers/context";
import { testStore } from "../../../helpers/database";
import { answerJson, openScriptedServer, type ScriptedServer } from "../../../helpers/scripted-server";

const OURS = "production:5f3b1c2e-8d54-4a43-9d53-1a5b9f0c7e21";
const OTHER = "production:00000000-8d54-4a43-9d53-1a5b9f0c7e21";
const NAME = "提交编号";
let server: ScriptedServer;
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.received = [];
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

interface World {
  /** What the list answers as `data`, page by page. */
  pages: unknown[];
  /** Process id -> its abstracts. */
  abstracts?: Record<string, unknown>;
  /** Instead of a page. */
  list?: (response: ServerResponse) => void;
}

function serve({ pages, abstracts = {}, list }: World): void {
  let page = 0;
  server.answer = ({ path }, response) => {
    if (path.endsWith("/internal")) {
      return answerJson(response, 200, { code: 0, tenant_access_token: "t-x", expire: 7_200 });
    }
    const id = /processes\/(\d+)/.exec(path)?.[1];
    if (id !== undefined) {
      const data = { process_id: id, status: 1, abstracts: abstracts[id] };
      return answerJson(response, 200, { code: 0, data });
    }
    if (list !== undefined) return list(response);
    answerJson(response, 200, { code: 0, data: pages[page++] });
  };
}

const STAMP = { variable: "submission_id", abstract: NAME };
const sought: Sought = {
  id: OURS,
  environment: "production",
  stamp: "submission_id",
  sinceMs: 1_700_000_000_000,
  untilMs: 1_700_000_200_000,
};
function find(change: Partial<Sought> = {}, stamp: typeof STAMP | undefined = STAMP) {
  const app = { domain: server.url, appId: `cli_${randomUUID()}`, appSecret: "x" };
  const context = recordingContext(undefined, undefined, testStore());
  const parts = { app: () => app, context, flowDefinitionId: "people_1_2", userIdType: "open_id" as const, stamp };
  return findProcess(parts, { ...sought, ...change });
}
const one = (value: unknown, name: unknown = NAME): World => ({
  pages: [{ process_ids: ["7"], has_more: false }],
  abstracts: { 7: [{ name, value }] },
});

describe("a process that shows the submission's id", () => {
  it.each([
    ["as a text", OURS, NAME],
    ["in one of two languages", { en_us: "Id", zh_cn: OURS }, NAME],
    ["under a name in two languages", OURS, { zh_cn: NAME, en_us: "Submission id" }],
  ])("is found, %s", async (_, value, name) => {
    serve(one(value, name));
    expect(await find()).toEqual({ processId: "7" });
  });

  it("is found where another abstract of the same name comes before it", async () => {
    const abstracts = {
      7: [
        { name: NAME, value: OTHER },
        { name: NAME, value: OURS },
      ],
    };
    serve({ pages: [{ process_ids: ["7"], has_more: false }], abstracts });
    expect(await find()).toEqual({ processId: "7" });
  });

  it("is found on a later page", async () => {
    const pages = [
      { process_ids: ["6"], has_more: true, page_token: "next" },
      { process_ids: ["7"], has_more: false },
    ];
    serve({ pages, abstracts: { 6: [{ name: NAME, value: OTHER }], 7: [{ name: NAME, value: OURS }] } });
    expect(await find()).toEqual({ processId: "7" });
    expect(server.received.some(({ path }) => path.includes("page_token=next"))).toBe(true);
  });
});

describe("no process", () => {
  it("is the answer where nothing of the flow was changed in that time, and five minutes around it are asked for", async () => {
    serve({ pages: [{ process_ids: [], has_more: false }] });
    expect(await find()).toBe("none");
    const query = new URL(server.url + server.received.at(-1)?.path).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      modify_time_from: String(sought.sinceMs - 300_000),
      modify_time_to: String(sought.untilMs + 300_000),
      flow_definition_id: "people_1_2",
    });
  });

  it("is the answer where each shows the whole id of another submission", async () => {
    serve(one(OTHER));
    expect(await find()).toBe("none");
  });

  it.each([
    ["the id cut short", OURS.slice(0, 30)],
    ["the id with a space before it", ` ${OURS}`],
    ["the id in upper case", OURS.toUpperCase()],
    ["a dash", "-"],
    ["nothing", undefined],
  ])("is not the answer where one shows %s", async (_, value) => {
    serve(one(value));
    expect(await find()).toBe("cannot-tell");
  });

  it("is not the answer where the id was carried elsewhere when it was sent, or nowhere", async () => {
    serve(one(OTHER));
    expect(await find({ stamp: "another_variable" })).toBe("cannot-tell");
    serve(one(OTHER));
    expect(await find({ stamp: null })).toBe("cannot-tell");
  });

  it.each([
    ["has no data", {}],
    ["names more than it gives, and no next page", { process_ids: [], has_more: true }],
    [
      "is longer than can be looked at",
      { process_ids: Array.from({ length: 41 }, (_, at) => String(at)), has_more: false },
    ],
  ])("is not the answer where the list %s", async (_, data) => {
    serve({ pages: [data] });
    expect(await find()).toBe("cannot-tell");
  });

  it("is not the answer for a time of 31 days and more, which the list does not take", async () => {
    expect(await find({ untilMs: sought.sinceMs + 31 * 86_400_000 })).toBe("cannot-tell");
    expect(server.received).toEqual([]);
  });
});

describe("Feishu", () => {
  it("that has too much to do is asked again later, which alarms nobody", async () => {
    serve({ pages: [], list: (response) => answerJson(response, 429, { code: 99991400, msg: "limit" }) });
    expect(await find()).toBe("not-now");
  });

  it.each([500, 400])("that answers HTTP %s cannot tell", async (status) => {
    serve({ pages: [], list: (response) => answerJson(response, status, { code: 1161001, msg: "x" }) });
    expect(await find()).toBe("cannot-tell");
  });
});
