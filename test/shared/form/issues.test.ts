import { describe, expect, it } from "vitest";
import * as z from "zod";
import { date, label, number } from "../../../shared/form/fields";
import { ISSUE_TEXTS } from "../../../shared/form/issue-texts";
import { fieldIssues } from "../../../shared/form/issues";
import { labelsOf } from "../../../shared/form/labels";

const form = z.strictObject({
  title: z.string().min(2).max(5).meta(label("标题", "Title")),
  amount: number().positive().max(100).multipleOf(5).meta(label("金额", "Amount")),
  kind: z.enum(["a", "b"]).optional().meta(label("类别", "Kind")),
  on: date().optional().meta(label("日期", "Date")),
  mail: z.email().optional().meta(label("邮箱", "E-mail")),
  rows: z
    .array(z.strictObject({ name: z.string().meta(label("品名", "Item")) }))
    .min(1)
    .max(2)
    .optional()
    .meta(label("明细", "Rows")),
  flag: z.boolean().optional(),
});
const good = { title: "abc", amount: 5 };

function issuesOf(change: Record<string, unknown>) {
  const input = { ...good, ...change };
  const parsed = form.safeParse(input);
  return parsed.success ? [] : fieldIssues(parsed.error.issues, input, labelsOf(form));
}

describe("an issue", () => {
  it.each([
    [{ title: undefined }, "required", "请填写「标题」。", 'Fill in "Title".'],
    [{ title: 7 }, "expected_text", "「标题」应为文字。", '"Title" must be text.'],
    [{ title: "a" }, "too_short", "「标题」至少要 2 个字。", '"Title" needs at least 2 characters.'],
    [
      { title: "abcdef" },
      "too_long",
      "「标题」最多 5 个字，请缩短。",
      '"Title" takes at most 5 characters. Shorten it.',
    ],
    [{ amount: "x" }, "expected_number", "「金额」应为数字。", '"Amount" must be a number.'],
    [{ amount: 0 }, "not_above", "「金额」应大于 0。", '"Amount" must be above 0.'],
    [{ amount: 105 }, "too_big", "「金额」不能大于 100。", '"Amount" must be at most 100.'],
    [{ amount: 7 }, "not_multiple_of", "「金额」应为 5 的倍数。", '"Amount" must be a multiple of 5.'],
    [{ kind: "c" }, "invalid_choice", "「类别」只能选：a、b。", '"Kind" must be one of: a, b.'],
    [
      { on: "2023-02-30" },
      "invalid_date",
      "「日期」不是有效的日期，请按 2026-12-01 的格式填写。",
      '"Date" is not a valid date. Write it like 2026-12-01.',
    ],
    [
      { on: { toString: 1, valueOf: 1 } },
      "invalid_date",
      "「日期」不是有效的日期，请按 2026-12-01 的格式填写。",
      '"Date" is not a valid date. Write it like 2026-12-01.',
    ],
    [
      { mail: "x" },
      "invalid_format",
      "「邮箱」的格式不对，请检查后重填。",
      '"E-mail" is not in the right format. Check it and fill it in again.',
    ],
    [{ rows: [] }, "too_few", "「明细」至少要 1 项。", '"Rows" needs at least 1 entries.'],
    [{ rows: [{}] }, "required", "请填写「明细 第 1 行 品名」。", 'Fill in "Rows, row 1, Item".'],
    [{ rows: "x" }, "expected_list", "「明细」应为列表。", '"Rows" must be a list.'],
    [
      { rows: ["x"] },
      "expected_object",
      "「明细 第 1 行」应为一组字段（对象）。",
      '"Rows, row 1" must be a group of fields (an object).',
    ],
    [
      { flag: "true" },
      "expected_boolean",
      "「flag」应为是或否（true / false）。",
      '"flag" must be yes or no (true / false).',
    ],
    [
      { extra: 1 },
      "unknown_field",
      "表单里没有「extra」这个字段，请删除它或检查拼写。",
      'The form has no field "extra". Remove it or check its spelling.',
    ],
  ])("of %j is told in words", (change, code, zh, en) => {
    expect(issuesOf(change)).toMatchObject([{ code, message: { zh, en } }]);
  });

  it("never repeats what was typed", () => {
    const typed = "13812345678";
    const shown = JSON.stringify(
      issuesOf({ title: typed, amount: typed, kind: typed, on: typed, mail: typed, flag: typed }),
    );
    expect(shown).not.toContain(typed);
  });

  it("shows an unknown key only as far as it looks like a name", () => {
    expect(issuesOf({ "<script>": 1 })).toMatchObject([{ path: "…" }]);
    expect(issuesOf({ ["k".repeat(500)]: 1 })[0]?.path).toHaveLength(41);
  });

  it("is one of at most 20", () => {
    const many: Record<string, unknown> = {};
    for (let at = 0; at < 100; at += 1) many[`extra${at}`] = at;
    expect(issuesOf(many)).toHaveLength(20);
  });
});

it("has a text in both languages that names the field, for every code", () => {
  // The submission id is no field of the form: its text names it itself.
  const { invalid_submission_id: _, ...ofFields } = ISSUE_TEXTS;
  for (const texts of Object.values(ofFields)) {
    expect(texts.zh("字段名", { limit: 1, choices: ["a"] })).toContain("字段名");
    expect(texts.en("the name", { limit: 1, choices: ["a"] })).toContain("the name");
  }
});
