/** The look-up of a process by the submission's id: "none" only where the engine said so, "cannot tell" everywhere else. */
import { describe, expect, it } from "vitest";
import { wedaProcess } from "../../../../shared/engines/weda";
import { FIND_ACTION } from "../../../../shared/engines/weda/find";
import { recordingContext } from "../../../helpers/context";
import { fixtures } from "../../../helpers/fixtures";

const target = wedaProcess({ connector: { ConnectorName: "api", FunctionName: "method" }, processKey: "flow_012" });
const sought = {
  id: "s-12345678",
  environment: "preview" as const,
  stamp: "165708798187000009",
  sinceMs: 0,
  untilMs: 0,
};
const question = { ProcessKey: "flow_012", ParamCode: sought.stamp, Value: sought.id };
const find = (answer: unknown, more: object = {}) =>
  target.find?.(
    { ...sought, ...more },
    recordingContext(() => answer),
  );

describe("a look-up on WeDa", () => {
  it("asks by process, variable and id, as the ledger has them", async () => {
    const context = recordingContext(() => ({ ...question, Instances: [] }));
    expect(await target.find?.(sought, context)).toBe("none");
    expect(context.calls).toEqual([{ action: FIND_ACTION, data: question }]);
  });

  it("asks nothing of a start that carried no id", async () => {
    const context = recordingContext();
    expect(await target.find?.({ ...sought, stamp: null }, context)).toBe("cannot-tell");
    expect(context.calls).toEqual([]);
  });

  it("finds the process in every envelope, and the first one where there are several", async () => {
    const answer = { ...question, Instances: [{ InstanceId: "1542109022301507586" }, { InstanceId: "2" }] };
    for (const wrapped of [answer, { data: answer }, { Response: answer }, { code: 0, data: { Data: answer } }]) {
      expect(await find(wrapped)).toEqual({ processId: "1542109022301507586" });
    }
  });

  it("knows that it started where the id lost digits", async () => {
    const answer = { ...question, Instances: [{ InstanceId: JSON.parse("1542109022301507586") }] };
    expect(await find(answer)).toEqual({ processId: null });
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["text", "ok"],
    ["no list", question],
    ["a list that is none", { ...question, Instances: "" }],
    ["an empty list beside no question", { Instances: [] }],
    ["an empty list beside another id", { ...question, Value: "s-other-one", Instances: [] }],
    ["an empty list beside another variable", { ...question, ParamCode: "1", Instances: [] }],
    ["an instance without an id", { ...question, Instances: [{}] }],
    ["a failure beside an empty list", { code: "InternalError", message: "x", ...question, Instances: [] }],
    ["a failure inside a success", { code: 0, data: { Error: { Code: "x" }, ...question, Instances: [] } }],
    ["an action that there is not", { code: "InvalidAction", message: "Action不存在" }],
  ])("cannot tell from %s", async (_, answer) => {
    expect(await find(answer)).toBe("cannot-tell");
  });

  it.each(fixtures<{ answer: unknown }>("weda/answers"))(
    "cannot tell from an answer to a start: %s",
    async (_, { answer }) => {
      expect(await find(answer)).toBe("cannot-tell");
    },
  );

  it.each(["ECONNREFUSED", "ECONNRESET", "InvalidAction", "ResourceNotFound", "RequestLimitExceeded", undefined])(
    "cannot tell from a call that fails with %s",
    async (code) => {
      const context = recordingContext(() => {
        throw Object.assign(new Error("failed"), { code });
      });
      expect(await target.find?.(sought, context)).toBe("cannot-tell");
    },
  );
});
