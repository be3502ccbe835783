/** What the target of CloudBase workflows makes of every answer that there may be: test/fixtures/cloudbase/workflow-*.json. */
import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { Started } from "../../../../shared/engines/engine";
import { cloudbaseWorkflow, NOTHING_RAN, RUN_FAILED, RUN_THREW, RUN_WAITS } from "../../../../shared/engines/workflow";
import { failureOf } from "../../../helpers/failure";
import { fixtures } from "../../../helpers/fixtures";
import { type Fields, options, type Scripted, scripted, submission, wholeOf } from "./scripted-workflow";

interface Case extends Scripted {
  started?: Started;
  failure?: { code: string; isUnanswered: boolean; says?: string };
}
const cases = fixtures<Case>("cloudbase").filter(([name]) => name.startsWith("workflow-"));

describe("an answer", () => {
  it.each(cases.filter(([, { started }]) => started !== undefined))("%s says how the run stands", async (_, one) => {
    const start = await cloudbaseWorkflow(options).prepare(submission, scripted(one).context);
    const { output, ...rest } = one.started as Started;
    expect(await start.send()).toStrictEqual(output === undefined ? rest : { ...rest, output });
  });

  it.each(cases.filter(([, { failure }]) => failure !== undefined))("%s says what is known of it", async (_, one) => {
    const start = await cloudbaseWorkflow(options).prepare(submission, scripted(one).context);
    const { code, isUnanswered, says = "" } = one.failure as NonNullable<Case["failure"]>;
    const failure = await failureOf(start.send());
    expect(failure).toMatchObject({ code, isUnanswered });
    expect(failure.text.en).toContain(says);
  });

  it("whose words repeat what was sent has them left out, also of a member called name", async () => {
    const result = { code: RUN_FAILED, message: "cannot greet 李四光 (13812345678)" };
    const { context } = scripted({ answer: { result } });
    const send = async (fields: Fields) =>
      (await cloudbaseWorkflow(options).prepare({ ...submission, fields }, context)).send();
    expect(await send(wholeOf({ people: [{ name: "李四光" }] }))).toMatchObject({
      problem: { code: RUN_FAILED, message: "" },
      progress: { phase: "failed" },
    });
    const words = "cannot greet 李四光 (138****5678)";
    expect(await send(wholeOf({ people: [] }))).toMatchObject({
      problem: { message: words },
      progress: { reason: words },
    });
    const thrown = scripted({ thrown: { code: RUN_THREW, message: "cannot greet 李四光" } });
    const start = await cloudbaseWorkflow(options).prepare(
      { ...submission, fields: wholeOf({ name: "李四光" }) },
      thrown.context,
    );
    expect(await start.send()).toMatchObject({ problem: { code: RUN_THREW, message: "" } });
  });

  it("leaves the request's id in the log, and nothing of what was sent or given back", async () => {
    const lines: string[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    const { context } = scripted({ answer: { result: { secret: "canary-1", said: "canary-2" }, requestID: "req-7" } });
    await (await cloudbaseWorkflow(options).prepare({ ...submission, fields: wholeOf("canary-3") }, context)).send();
    spy.mockRestore();
    expect(lines.join("\n")).toContain("req-7");
    expect(lines.join("\n")).not.toContain("canary");
  });
});

describe("docs/parity.md", () => {
  it.each([RUN_FAILED, RUN_WAITS, ...NOTHING_RAN, RUN_THREW])(
    "says of %s that it is an assumption, and where it is",
    (code) => {
      const rows = readFileSync("docs/parity.md", "utf8").split("\n");
      const row = rows.find(
        (line) => line.startsWith("| ") && line.includes(`\`${code}\``) && line.includes("| assumption"),
      );
      expect(row).toContain("(`shared/engines/workflow/wire.ts`)");
    },
  );
});
