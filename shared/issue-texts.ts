/** What each issue code tells a user: what is wrong with the field, and what to do. */

export interface IssueFacts {
  /** The bound that was crossed. */
  limit?: number;
  /** The values that are allowed. */
  choices?: readonly string[];
}

interface IssueText {
  zh(label: string, facts: IssueFacts): string;
  en(label: string, facts: IssueFacts): string;
}

const MAX_CHOICES = 10;

function listed(choices: readonly string[] = [], separator: string): string {
  const shown = choices.slice(0, MAX_CHOICES).join(separator);
  return choices.length > MAX_CHOICES ? `${shown}…` : shown;
}

export const ISSUE_TEXTS = {
  required: {
    zh: (label) => `请填写「${label}」。`,
    en: (label) => `Fill in "${label}".`,
  },
  unknown_field: {
    zh: (label) => `表单里没有「${label}」这个字段，请删除它或检查拼写。`,
    en: (label) => `The form has no field "${label}". Remove it or check its spelling.`,
  },
  forbidden_key: {
    zh: (label) => `不允许使用字段名「${label}」，请删除。`,
    en: (label) => `The field name "${label}" is not allowed. Remove it.`,
  },
  expected_number: {
    zh: (label) => `「${label}」应为数字。`,
    en: (label) => `"${label}" must be a number.`,
  },
  expected_text: {
    zh: (label) => `「${label}」应为文字。`,
    en: (label) => `"${label}" must be text.`,
  },
  expected_boolean: {
    zh: (label) => `「${label}」应为是或否（true / false）。`,
    en: (label) => `"${label}" must be yes or no (true / false).`,
  },
  expected_list: {
    zh: (label) => `「${label}」应为列表。`,
    en: (label) => `"${label}" must be a list.`,
  },
  expected_object: {
    zh: (label) => `「${label}」应为一组字段（对象）。`,
    en: (label) => `"${label}" must be a group of fields (an object).`,
  },
  wrong_type: {
    zh: (label) => `「${label}」的类型不对，请检查表单控件的类型。`,
    en: (label) => `"${label}" is of the wrong type. Check the type of its control.`,
  },
  too_short: {
    zh: (label, { limit }) => `「${label}」至少要 ${limit} 个字。`,
    en: (label, { limit }) => `"${label}" needs at least ${limit} characters.`,
  },
  too_long: {
    zh: (label, { limit }) => `「${label}」最多 ${limit} 个字，请缩短。`,
    en: (label, { limit }) => `"${label}" takes at most ${limit} characters. Shorten it.`,
  },
  too_small: {
    zh: (label, { limit }) => `「${label}」不能小于 ${limit}。`,
    en: (label, { limit }) => `"${label}" must be at least ${limit}.`,
  },
  too_big: {
    zh: (label, { limit }) => `「${label}」不能大于 ${limit}。`,
    en: (label, { limit }) => `"${label}" must be at most ${limit}.`,
  },
  not_above: {
    zh: (label, { limit }) => `「${label}」应大于 ${limit}。`,
    en: (label, { limit }) => `"${label}" must be above ${limit}.`,
  },
  not_below: {
    zh: (label, { limit }) => `「${label}」应小于 ${limit}。`,
    en: (label, { limit }) => `"${label}" must be below ${limit}.`,
  },
  not_multiple_of: {
    zh: (label, { limit }) => `「${label}」应为 ${limit} 的倍数。`,
    en: (label, { limit }) => `"${label}" must be a multiple of ${limit}.`,
  },
  too_few: {
    zh: (label, { limit }) => `「${label}」至少要 ${limit} 项。`,
    en: (label, { limit }) => `"${label}" needs at least ${limit} entries.`,
  },
  too_many: {
    zh: (label, { limit }) => `「${label}」最多 ${limit} 项，请删减。`,
    en: (label, { limit }) => `"${label}" takes at most ${limit} entries. Remove some.`,
  },
  invalid_choice: {
    zh: (label, { choices }) => `「${label}」只能选：${listed(choices, "、")}。`,
    en: (label, { choices }) => `"${label}" must be one of: ${listed(choices, ", ")}.`,
  },
  invalid_format: {
    zh: (label) => `「${label}」的格式不对，请检查后重填。`,
    en: (label) => `"${label}" is not in the right format. Check it and fill it in again.`,
  },
  invalid_date: {
    zh: (label) => `「${label}」不是有效的日期，请按 2026-12-01 的格式填写。`,
    en: (label) => `"${label}" is not a valid date. Write it like 2026-12-01.`,
  },
  invalid_date_time: {
    zh: (label) => `「${label}」不是有效的日期时间，请按 2026-12-01 09:30 的格式填写。`,
    en: (label) => `"${label}" is not a valid date and time. Write it like 2026-12-01 09:30.`,
  },
  invalid_time: {
    zh: (label) => `「${label}」不是有效的时间，请按 09:30 的格式填写。`,
    en: (label) => `"${label}" is not a valid time. Write it like 09:30.`,
  },
  invalid_file: {
    zh: (label) => `「${label}」不是已上传的文件，请重新上传。`,
    en: (label) => `"${label}" is not an uploaded file. Upload it again.`,
  },
  invalid_relation: {
    zh: (label) => `「${label}」没有选中有效的记录，请重新选择。`,
    en: (label) => `"${label}" does not name a record. Select it again.`,
  },
  unsafe_number: {
    zh: (label) => `「${label}」的数字太长，会丢失位数。编号请用文字（字符串）提交。`,
    en: (label) => `"${label}" is too long for a number and would lose digits. Submit ids as text.`,
  },
  not_finite: {
    zh: (label) => `「${label}」不是一个有限的数字。`,
    en: (label) => `"${label}" is not a finite number.`,
  },
  bad_text: {
    zh: (label) => `「${label}」含有无法保存的字符（控制字符或半个字符），请重新输入。`,
    en: (label) => `"${label}" has characters that cannot be kept (control or half characters). Type it again.`,
  },
  invalid_submission_id: {
    zh: () => "提交编号（submissionId）应为 8 到 64 个字母、数字、- 或 _，例如一个 UUID。",
    en: () => "The submission id (submissionId) must be 8 to 64 letters, digits, - or _, such as a UUID.",
  },
  invalid: {
    zh: (label) => `「${label}」没有填对，请检查。`,
    en: (label) => `"${label}" is not right. Check it.`,
  },
} as const satisfies Record<string, IssueText>;

export type IssueCode = keyof typeof ISSUE_TEXTS;
