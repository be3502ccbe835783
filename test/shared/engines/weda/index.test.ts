/** The target of WeDa: the one call that it makes, and what each answer and each failure says of the process. */
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import startContract from "../../../../functions/start-contract/index";
import { wedaProcess, wireUserId } from "../../../../shared/engines/weda";
import { readStartAnswer } from "../../../../shared/engines/weda/answer";
import { labelsOf } from "../../../../shared/form/labels";
import { defineMethod } from "../../../../shared/method";
import { recordingContext } from "../../../helpers/context";
import { failureOf } from "../../../helpers/failure";
import { fixture, fixtures } from "../../../helpers/fixtures";

const target = wedaProcess({
  connector: { ConnectorName: "startflow_0iivqwe", FunctionName: "method_5b12595a75119" },
  processKey: "flow_012",
});
const submission = {
  id: "s-12345678",
  environment: "preview" as const,
  userId: "",
  generation: 1,
  labels: labelsOf(z.unknown()),
  fields: [
    { name: "reason", value: "test data", entry: { paramCode: "165708798187xxxxxx", fieldType: "string" as const } },
  ],
};

afterEach(() => vi.unstubAllEnvs());

describe("a start on WeDa", () => {
  it("sends the published sample call, byte for byte", async () => {
    vi.stubEnv("STARTFLOW_EXTRA_USER_ID", "1000000000000000000");
    const context = recordingContext();
    const prepared = await target.prepare(submission, context);
    await prepared.send();
    const sample = JSON.stringify(fixture("weda/start-process-sample.json"));
    expect(JSON.stringify(prepared.request)).toBe(sample);
    expect(JSON.stringify(context.calls[0])).toBe(sample);
  });

  it("sends no ExtraUserInfo where a user is signed in", async () => {
    vi.stubEnv("STARTFLOW_EXTRA_USER_ID", "1000000000000000000");
    const prepared = await target.prepare({ ...submission, userId: "user-1" }, recordingContext());
    expect(prepared.request).not.toHaveProperty("data.ExtraUserInfo");
  });

  it("is refused where nobody is signed in and no user is configured", async () => {
    expect((await failureOf(target.prepare(submission, recordingContext()))).code).toBe("NOT_SIGNED_IN");
  });

  it.each(["12345678901234567890", "-1", "1e18", "abc"])(
    "is refused where the configured user is %s, named by its variable",
    async (id) => {
      vi.stubEnv("STARTFLOW_EXTRA_USER_ID", id);
      const failure = await failureOf(target.prepare(submission, recordingContext()));
      expect(failure.code).toBe("NOT_CONFIGURED");
      expect(failure.message).toContain("STARTFLOW_EXTRA_USER_ID");
      expect(failure.message).not.toContain(id);
    },
  );
});

describe("a start that carries the submission's id", () => {
  const connector = { ConnectorName: "api", FunctionName: "method" };
  const stampedBy = (stamp: { paramCode: string; name?: string }) =>
    wedaProcess({ connector, processKey: "flow_012", stamp });

  it("has it as one more text variable, after the form's own, and tells where", async () => {
    const stamped = stampedBy({ paramCode: "165708798187000009", name: "submissionId" });
    expect(stamped.stamp).toBe("165708798187000009");
    const { request } = await stamped.prepare({ ...submission, userId: "u" }, recordingContext());
    expect(request).toHaveProperty("data.StartParams", [
      { paramCode: "165708798187xxxxxx", fieldType: "string", entityCode: "", value: "test data" },
      {
        name: "submissionId",
        paramCode: "165708798187000009",
        fieldType: "string",
        entityCode: "",
        value: "s-12345678",
      },
    ]);
  });

  it.each(["", "a b", "编码", "x".repeat(65)])("is refused at definition where its paramCode is %j", (paramCode) => {
    expect(() => stampedBy({ paramCode })).toThrow("the stamp has a paramCode");
  });

  it("is refused at definition where a field of the form has its paramCode", () => {
    const entry = { paramCode: "1", fieldType: "string" as const };
    expect(stampedBy({ paramCode: "1" }).problemOf(entry)).toContain("stamp");
    expect(stampedBy({ paramCode: "2" }).problemOf(entry)).toBeUndefined();
    const input = z.strictObject({ reason: z.string() });
    const definition = { title: { zh: "", en: "" }, input, sample: { reason: "x" }, fields: { reason: entry } };
    const start = stampedBy({ paramCode: "1" });
    expect(() => defineMethod({ ...definition, start })).toThrow("fields.reason has the paramCode of the stamp");
  });
});

describe("a user id on the wire", () => {
  it.each([
    ["1000000000000000000", 1_000_000_000_000_000_000],
    ["42", 42],
    ["9007199254740993", "9007199254740993"],
    ["1549943583216373762", "1549943583216373762"],
    ["1549943583216373800", "1549943583216373800"],
    ["007", "007"],
  ])("of %s is a number only where that number is exact", (digits, wire) => expect(wireUserId(digits)).toBe(wire));
});

describe("an answer to a start", () => {
  interface Case {
    answer: unknown;
    started?: string | null;
    failed?: string;
  }
  it.each(fixtures<Case>("weda/answers"))("is read: %s", async (_, { answer, started, failed }) => {
    const prepared = await target.prepare(
      { ...submission, userId: "u" },
      recordingContext(() => answer),
    );
    if (failed === undefined) expect(await prepared.send()).toEqual({ processId: started });
    else expect((await failureOf(prepared.send())).code).toBe(failed);
  });

  it("that nests without end is no start", () => {
    const answer: Record<string, unknown> = {};
    answer.data = answer;
    expect(readStartAnswer(answer)).toHaveProperty("failure");
  });
});

describe("a failed call", () => {
  it.each([
    ["ECONNREFUSED", "ENGINE_UNREACHABLE"],
    ["ENOTFOUND", "ENGINE_UNREACHABLE"],
    ["EXCEED_REQUEST_LIMIT", "ENGINE_BUSY"],
    ["FUNCTION_NOT_FOUND", "ENGINE_REFUSED"],
    ["InvalidParameterValue.ProcessKey", "ENGINE_REFUSED"],
    ["INVALID_ACCESS_TOKEN", "NOT_SIGNED_IN"],
    ["ECONNRESET", "OUTCOME_UNKNOWN"],
    ["ESOCKETTIMEDOUT", "OUTCOME_UNKNOWN"],
    ["ETIMEDOUT", "OUTCOME_UNKNOWN"],
    ["SYS_ERR", "OUTCOME_UNKNOWN"],
    ["InternalError", "OUTCOME_UNKNOWN"],
    [500, "OUTCOME_UNKNOWN"],
    [undefined, "OUTCOME_UNKNOWN"],
  ])("with %s is %s", async (code, expected) => {
    const context = recordingContext(() => {
      throw Object.assign(new Error("failed"), code === undefined ? {} : { code });
    });
    const failure = await failureOf((await target.prepare({ ...submission, userId: "u" }, context)).send());
    expect(failure.code).toBe(expected);
    expect(failure.cause).toBeInstanceOf(Error);
  });

  it("is told in the engine's words, but for what the user typed and for secrets", async () => {
    const say = async (message: string) => {
      const context = recordingContext(() => ({ code: "InvalidParameterValue", message }));
      return (await failureOf((await target.prepare({ ...submission, userId: "u" }, context)).send())).message;
    };
    expect(await say("流程未发布")).toContain("流程未发布");
    expect(await say("bad value: test data")).not.toContain("test data");
    expect(await say("bad value: test data")).toContain("InvalidParameterValue");
    expect(await say("token=abcdef0123456789")).not.toContain("abcdef0123456789");
  });
});

describe("what was typed", () => {
  const TYPED = "张三的肾移植手术";
  const refusals: [string, () => unknown][] = [
    ["answered", () => ({ code: "InvalidParameterValue", message: `items[0].name: ${TYPED} is too odd` })],
    [
      "thrown",
      () => {
        throw Object.assign(new Error(`items[0].name: ${TYPED} is too odd`), { code: "InvalidParameterValue" });
      },
    ],
  ];

  it.each(refusals)("into a row's member called name is in no failure of start-contract that is %s", async (_, say) => {
    const printed: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
    const items = [{ name: TYPED, quantity: 1, price: 5 }];
    const params = { contract: { _id: "c-1", title: "采购合同", amount: 5 }, items, submissionId: "s-12345678" };
    const failure = await failureOf(startContract(params, recordingContext(say)));
    expect(failure).toMatchObject({ code: "ENGINE_REFUSED" });
    expect(failure.message).toContain("InvalidParameterValue");
    expect(JSON.stringify(failure.toAnswer()) + printed.join("\n")).not.toContain(TYPED);
    vi.restoreAllMocks();
  });

  it("leaves WeDa's own words of a start variable as they are, by its code and by its name", async () => {
    for (const words of ["no variable with the paramCode 165708798187xxxxxx", "variable reason: not filled in"]) {
      const entry = { paramCode: "165708798187xxxxxx", fieldType: "string" as const, name: "reason" };
      const fields = [{ name: "reason", value: "test data", entry }];
      const context = recordingContext(() => ({ code: "InvalidParameterValue", message: words }));
      const failure = await failureOf((await target.prepare({ ...submission, userId: "u", fields }, context)).send());
      expect(failure.text.en).toContain(words);
    }
  });
});
