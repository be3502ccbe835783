/** The console's pages of the sync APIs, without a browser: names, filter, output, and what is said of an answer. */
import { describe, expect, it } from "vitest";
import { KINDS, saidBy } from "../../../local/console/page/apis/answer";
import { filtered, nameOf, outputKind, outputText, pathOf, startedSince } from "../../../local/console/page/apis/rows";
import { runsText, targetText } from "../../../local/console/page/engines";
import { hrefTo, parseRoute } from "../../../local/console/page/route";
import { TEXTS } from "../../../local/console/page/texts";
import type { ApiRow, InstanceView } from "../../../local/console/wire";
import { RUN_CODES, type RunState } from "../../../shared/sync-api/wire/codes";
import { acceptedReply, type Reply, type Run, refusal, runReply } from "../../../shared/sync-api/wire/envelope";

const ROW: ApiRow = {
  space: "demo",
  module: "flows",
  function: "approval",
  title: { zh: "等待审批的工作流", en: "A workflow that waits for an approver" },
  method: "POST",
  auth: "token",
  enabled: true,
  mode: "sync",
  waitMs: 15_000,
  raw: false,
  keyRequired: false,
  inputSchema: {},
  debug: { name: "botman.cc" },
  target: { kind: "cloudbase-workflow", processKey: "wf_approval" },
  credentials: {},
  url: "http://127.0.0.1:4000/v1/api/demo/flows/approval?a=1",
  curl: "curl",
  overridden: [],
};

describe("the address of an API", () => {
  it("leads to it and back", () => {
    expect(hrefTo.api(nameOf(ROW))).toBe("#/apis/demo/flows/approval");
    expect(parseRoute("#/apis/demo/flows/approval")).toEqual({ page: "api", name: "demo/flows/approval" });
    expect(parseRoute(hrefTo.apis)).toEqual({ page: "apis" });
    expect(parseRoute("#/apis/")).toEqual({ page: "apis" });
  });

  it("is shown without the origin that all have", () => {
    expect(pathOf(ROW)).toBe("/v1/api/demo/flows/approval?a=1");
  });
});

describe("the filter", () => {
  const off: ApiRow = { ...ROW, function: "other", title: { zh: "别的", en: "Another" }, enabled: false };
  const names = (text: string, state: "all" | "enabled" | "disabled" = "all") =>
    filtered([ROW, off], { text, state }).map((row) => row.function);

  it.each([
    ["", ["approval", "other"]],
    ["  ", ["approval", "other"]],
    ["FLOWS", ["approval", "other"]],
    ["demo/flows/app", ["approval"]],
    ["审批", ["approval"]],
    ["another", ["other"]],
    ["flows 别的", ["other"]],
    ["flows none", []],
  ])("%j finds %j", (text, found) => {
    expect(names(text)).toEqual(found);
  });

  it("goes by the state too", () => {
    expect(names("", "enabled")).toEqual(["approval"]);
    expect(names("", "disabled")).toEqual(["other"]);
    expect(names("审批", "disabled")).toEqual([]);
  });
});

describe("the output", () => {
  it.each([
    [{}, "own", ""],
    [{ output: null }, "none", "null"],
    [{ output: "botman.cc" }, "fixed", '"botman.cc"'],
    [{ output: { code: 0 } }, "fixed", '{\n  "code": 0\n}'],
    [{ output: "" }, "fixed", '""'],
  ])("of %j is told apart: %s", (output, kind, text) => {
    expect(outputKind({ ...ROW, ...output })).toBe(kind);
    expect(outputText({ ...ROW, ...output })).toBe(text);
  });
});

describe("what an API runs", () => {
  const t = (key: keyof typeof TEXTS) => TEXTS[key].zh;

  it.each([
    [{ kind: "cloudbase-workflow", processKey: "wf_hello" }, "云开发工作流 → wf_hello"],
    [{ kind: "weda-process", processKey: "flow_012" }, "微搭 → flow_012"],
    [{ kind: "cloud-function", processKey: "lookup-customer" }, "云函数 → lookup-customer"],
    [{ kind: "bundle-method", processKey: "notify" }, "本项目的方法 → notify"],
    [{ kind: "other", processKey: "x" }, "other → x"],
  ])("%j is shown as %s", (target, text) => {
    expect(runsText({ target }, t)).toBe(text);
  });

  it("is shown with its kind on its own page", () => {
    expect(targetText(ROW, t)).toBe("云开发工作流 · cloudbase-workflow → wf_approval");
  });
});

describe("the instance behind an answer", () => {
  const instance = (id: string, engine = "workflow", processKey = "wf_approval") =>
    ({ id, engine, processKey }) as InstanceView;

  it("is the one of this process that was not there before", () => {
    const instances = [instance("3", "weda"), instance("2"), instance("4", "workflow", "wf_hello"), instance("1")];
    expect(startedSince(ROW, ["1"], instances)?.id).toBe("2");
  });

  it("is not known where there is none, or more than one", () => {
    expect(startedSince(ROW, ["1"], [instance("1")])).toBeUndefined();
    expect(startedSince(ROW, [], [instance("1"), instance("2")])).toBeUndefined();
    expect(startedSince(ROW, [], undefined)).toBeUndefined();
  });
});

describe("an answer", () => {
  const answer = ({ status, headers, body }: Reply) => ({ status, headers, body, durationMs: 1 });
  const ofRun = (run: Run, output?: unknown, isRaw = false) => saidBy(answer(runReply(run, output, isRaw)), isRaw);
  const KIND_OF: Record<RunState, keyof typeof KINDS> = {
    succeeded: "ended",
    failed: "failed",
    running: "goesOn",
    queued: "goesOn",
    waiting: "waiting",
    cancelled: "cancelled",
    unknown: "unknown",
    declined: "declined",
  };

  it.each(Object.entries(KIND_OF))(
    "of a run that is %s is told as %s, with the envelope and without",
    (state, kind) => {
      const run: Run = { uid: "514946387623337548", state: state as RunState };
      const { uid } = run;
      expect(ofRun(run, { code: 7 })).toMatchObject({ kind, code: String(RUN_CODES[run.state].code), uid });
      expect(ofRun(run, { code: 7, uid: "other" }, true)).toMatchObject({ kind, uid });
    },
  );

  it("says where a run waits, and for whom", () => {
    const places = [
      { id: "Task_manager", name: "主管审批", assignees: ["主管", "张三"] },
      { id: "Task_2", name: "" },
    ];
    expect(ofRun({ uid: "1", state: "waiting", places }).places).toEqual([
      { name: "主管审批", assignees: ["主管", "张三"] },
      { name: "Task_2", assignees: [] },
    ]);
  });

  it("says where a run failed, and why", () => {
    const run: Run = { uid: "1", state: "failed", places: [{ id: "Gateway", name: "没有出口" }], reason: "no flow" };
    expect(ofRun(run)).toMatchObject({
      places: [{ name: "没有出口", assignees: [] }],
      message: "the run failed 运行失败: no flow: 没有出口",
    });
  });

  it("says of a wait that is over, and of which nothing more is known, that the run may go on", () => {
    expect(ofRun({ uid: "1", state: "unknown", isWaitOver: true })).toMatchObject({ kind: "goesOn", code: "1002" });
  });

  it("that only has an id was taken, and runs on its own", () => {
    expect(saidBy(answer(acceptedReply("12")), false)).toMatchObject({ kind: "accepted", uid: "12" });
    expect(saidBy(answer(acceptedReply("12")), true)).toMatchObject({ kind: "accepted", uid: "12" });
  });

  it.each([false, true])("that refuses the request says why, and which members are wrong (raw: %s)", (isRaw) => {
    expect(saidBy(answer(refusal("notEnabled")), isRaw)).toMatchObject({
      kind: "refused",
      code: "requestError.notEnabled",
      message: "The API is not enabled. 接口未启用。",
    });
    const issues = [{ path: "days", label: "天数", code: "too_big", message: { zh: "太大", en: "too big" } }];
    const wrong = refusal("invalidParams", { issues: issues as never });
    expect(saidBy(answer(wrong), isRaw).fields).toEqual([{ path: "days", message: "too big 太大" }]);
  });

  it.each([
    null,
    "text",
    [],
    { response: null },
    { response: {} },
    { response: { code: 7 } },
    { response: { uid: 1 } },
  ])("%j is no answer of a sync API", (body) => {
    expect(saidBy({ status: 200, headers: {}, body, durationMs: 1 }, false).kind).toBe("other");
  });

  it("has a headline and a next step in two languages, and a sign beside its colour", () => {
    for (const { title, next, sign } of Object.values(KINDS)) {
      expect([TEXTS[title].zh, TEXTS[title].en, TEXTS[next].zh, TEXTS[next].en, sign]).not.toContain("");
    }
  });
});
