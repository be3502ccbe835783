/** The answers as they leave: the published bodies to the letter, and one envelope for everything that a run can be. */
import { describe, expect, it } from "vitest";
import { REFUSALS, type RefusalKind, RUN_CODES, type RunState } from "../../../../shared/sync-api/wire/codes";
import {
  acceptedReply,
  messageOf,
  type Run,
  refusal,
  runReply,
  withoutOutput,
} from "../../../../shared/sync-api/wire/envelope";
import { fixture } from "../../../helpers/fixtures";

interface Example {
  title: string;
  settings: { output?: unknown };
  answer: string;
}
const examples = fixture<Example[]>("sync-api/published-examples.json");
const textOf = ({ body }: { body: unknown }) => JSON.stringify(body);
const errorOf = (kind: RefusalKind, details?: Parameters<typeof refusal>[1]) =>
  (refusal(kind, details).body as { response: { error: { code: string; message: string; fields?: unknown } } }).response
    .error;
const uid = "213996969363910656";
const responseOf = (run: Run, output?: unknown) =>
  (runReply(run, output).body as { response: Record<string, unknown> }).response;

describe("a published answer", () => {
  it.each([
    ["tokenRequired", '{"response":{"error":{"code":"requestError.invalidParams","message":"Token is required"}}}'],
    [
      "loginRequired",
      '{"response":{"error":{"code":"requestError.invalidParams","message":"User/Password is required"}}}',
    ],
  ] as const)("to a call where %s is given byte for byte, also with details", (kind, text) => {
    expect(textOf(refusal(kind))).toBe(text);
    expect(textOf(refusal(kind, { detail: { zh: "多", en: "more" }, headers: { a: "b" } }))).toBe(text);
    expect(examples.map(({ answer }) => answer)).toContain(text);
  });

  const succeeded = examples
    .map((example) => ({ ...example, printed: JSON.parse(example.answer) as { response: { uid?: string } } }))
    .filter(({ printed }) => printed.response.uid !== undefined);

  it.each(succeeded)("with $title is given, with the printed uid", ({ printed, settings }) => {
    const run: Run = { uid: printed.response.uid as string, state: "succeeded" };
    const { status, body } = runReply(run, settings.output);
    expect(status).toBe(200);
    expect(body).toStrictEqual(printed);
  });

  it("has its members in the order of the page", () => {
    expect(textOf(runReply({ uid, state: "succeeded" }, undefined))).toBe(
      '{"response":{"data":"","code":0,"msg":"","uid":"213996969363910656"}}',
    );
  });
});

describe("the data of a success", () => {
  it.each([["text"], [""], [{ name: "hello world" }], [[1, null]], [0], [false]])("is the output %j", (output) => {
    expect(responseOf({ uid, state: "succeeded" }, output)).toStrictEqual({ data: output, code: 0, msg: "", uid });
  });

  it.each([undefined, null])("is an empty text for the output %j", (output) => {
    expect(responseOf({ uid, state: "succeeded" }, output).data).toBe("");
  });

  it.each((Object.keys(RUN_CODES) as RunState[]).filter((state) => state !== "succeeded" && state !== "declined"))(
    "is not shown of a run that is %s",
    (state) => expect(responseOf({ uid, state }, { secret: 1 }).data).toBe(""),
  );
});

describe("a refusal", () => {
  it("of an API that is not enabled says so in the words of the page", () => {
    expect(errorOf("notEnabled").message).toContain("接口未启用");
    expect(errorOf("notEnabled").message).toContain("The API is not enabled.");
  });

  it.each((Object.keys(REFUSALS) as RefusalKind[]).filter((kind) => !/^(token|login)Required$/.test(kind)))(
    "%s has its code and status, its English and its Chinese words",
    (kind) => {
      const { code, status, zh, en } = REFUSALS[kind];
      expect(refusal(kind)).toStrictEqual({
        status,
        headers: {},
        body: { response: { error: { code, message: `${en}. ${zh}。` } } },
      });
    },
  );

  it("says a detail beside its own words, or other words in their place", () => {
    const detail = { zh: "请用 POST", en: "send a POST request" };
    expect(errorOf("methodNotAllowed", { detail }).message).toBe(
      "This API takes another method: send a POST request. 请求方法不对：请用 POST。",
    );
    expect(errorOf("invalidParams", { message: { zh: "缺少天数", en: "Days are missing" } }).message).toBe(
      "Days are missing. 缺少天数。",
    );
  });

  it("names fields by path and code, with both languages in one line", () => {
    const issue = { path: "days", label: { zh: "天数", en: "Days" }, code: "too_big" as const };
    const issues = [{ ...issue, message: { zh: "最多 60。", en: "At most 60." } }];
    expect(errorOf("invalidParams", { issues }).fields).toEqual([
      { path: "days", code: "too_big", message: "At most 60. 最多 60。" },
    ]);
    expect(errorOf("invalidParams", { issues: [] })).toHaveProperty("fields", []);
  });

  it("carries the id of its run in a header, not in its body", () => {
    const reply = refusal("refused", { uid, headers: { "retry-after": "3" } });
    expect(reply.headers).toEqual({ "x-run-uid": uid, "retry-after": "3" });
    expect(textOf(reply)).not.toContain(uid);
  });
});

describe("a run", () => {
  it.each(Object.keys(RUN_CODES) as RunState[])("that is %s is answered with its code and status", (state) => {
    const { status, headers, body } = runReply({ uid, state }, undefined);
    expect(status).toBe(RUN_CODES[state].status);
    expect(headers["x-run-uid"]).toBe(uid);
    expect(body).toMatchObject({ response: { code: RUN_CODES[state].code, uid } });
  });

  it.each(["queued", "running", "waiting", "unknown"] as const)("that is %s says where to ask for it", (state) =>
    expect(runReply({ uid, state }, undefined).headers.location).toBe(`/v1/runs/${uid}`),
  );

  it.each(["succeeded", "failed", "declined", "cancelled"] as const)("that has %s is not to be asked for", (state) =>
    expect(runReply({ uid, state }, undefined).headers).not.toHaveProperty("location"),
  );

  it("whose wait is over is answered as one that goes on, and says that this is not known", () => {
    const run: Run = { uid, state: "unknown", isWaitOver: true };
    expect(runReply(run, undefined)).toMatchObject({ status: 504, body: { response: { code: 1002 } } });
    expect(messageOf(run)).toContain("not known");
    expect(messageOf(run)).toContain("未知");
    expect(runReply(run, undefined).headers.location).toBe(`/v1/runs/${uid}`);
  });

  it("that failed says why and where, and shows the node", () => {
    const places = [{ id: "Gateway_1", name: "没有出口" }];
    const response = responseOf({ uid, state: "failed", reason: "no way out", places });
    expect(response).toStrictEqual({
      data: "",
      code: 1001,
      msg: "the run failed 运行失败: no way out: 没有出口",
      uid,
      node: { id: "Gateway_1", name: "没有出口" },
    });
  });

  it("that waits says where, and for whom", () => {
    const places = [
      { id: "n1", name: "主管审批", assignees: ["张三", "李四"] },
      { id: "n2", name: "" },
    ];
    const response = responseOf({ uid, state: "waiting", places, reason: "not shown" });
    expect(response.msg).toBe("waiting for a person 等待人工处理: 主管审批（张三, 李四）: n2");
    expect(response.waiting).toEqual(places);
    expect(responseOf({ uid, state: "waiting", places: [] })).not.toHaveProperty("waiting");
  });

  it("that was declined gives its output, if there is one", () => {
    expect(responseOf({ uid, state: "declined" }, { by: "李四" })).toMatchObject({ code: 1006, data: { by: "李四" } });
  });
});

describe("a run whose output was left out", () => {
  it("is a success that says so", () => {
    const { status, body } = runReply({ uid, state: "succeeded", isOutputLeftOut: true }, undefined);
    expect(status).toBe(200);
    expect(body).toMatchObject({ response: { data: "", code: 0, msg: expect.stringContaining("输出太大") } });
  });

  it("of an answer that is too long keeps all its other members", () => {
    const long = "x".repeat(100);
    expect(withoutOutput(runReply({ uid, state: "declined" }, long))).toMatchObject({
      response: { data: "", code: 1006, uid },
    });
    const viewed = {
      status: 200,
      headers: {},
      body: { response: { uid, state: "succeeded", api: "a/b/c", data: long } },
    };
    expect(withoutOutput(viewed)).toMatchObject({ response: { uid, state: "succeeded", api: "a/b/c", data: "" } });
  });
});

describe("a raw answer", () => {
  it.each([["botman.cc"], [{ code: 0, msg: "ok" }], [[1]], [0]])("of a success is the output %j alone", (output) =>
    expect(runReply({ uid, state: "succeeded" }, output, true)).toMatchObject({ status: 200, body: output }),
  );

  it("without an output is an empty text", () => {
    expect(runReply({ uid, state: "succeeded" }, undefined, true).body).toBe("");
  });

  it.each((Object.keys(RUN_CODES) as RunState[]).filter((state) => state !== "succeeded"))(
    "of a run that is %s has the members of the envelope, without it",
    (state) => {
      const { code, status } = RUN_CODES[state];
      const reply = runReply({ uid, state }, undefined, true);
      expect(reply).toMatchObject({ status, body: { data: "", code, uid }, headers: { "x-run-uid": uid } });
      expect(reply.body).not.toHaveProperty("response");
    },
  );
});

describe("an accepted run", () => {
  it("is answered with its uid at once, and where to ask for it", () => {
    expect(acceptedReply(uid, { "preference-applied": "respond-async" })).toStrictEqual({
      status: 202,
      headers: {
        "x-run-uid": uid,
        location: `/v1/runs/${uid}`,
        "retry-after": "1",
        "preference-applied": "respond-async",
      },
      body: { response: { uid } },
    });
  });
});
