/** What each issue code tells a user: what is wrong with the field, and what to do. */

export interface IssueFacts {
  /** The bound that was crossed. */
  limit?: number;
  /** The values that are allowed. */
  choices?: readonly string[];
  /** What was sent instead, where it is one of the method's own labels. */
  given?: string;
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
  choice_label: {
    zh: (label, { choices, given }) =>
      `「${label}」要提交选项的 ID：${listed(choices, "、")}，而不是名称「${given}」。`,
    en: (label, { choices, given }) => `"${label}" takes the option's id: ${listed(choices, ", ")}, not "${given}".`,
  },
  invalid_id: {
    zh: (label) => `「${label}」应为 ID（最多 128 个字母、数字、- 或 _），不是名称。`,
    en: (label) => `"${label}" must be an id (at most 128 letters, digits, - or _), not a name.`,
  },
  not_json_object: {
    zh: (label) => `「${label}」应为一段 JSON 对象的文字，例如 {"amount": 100}。`,
    en: (label) => `"${label}" must be a text that holds a JSON object, like {"amount": 100}.`,
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
  expected_moment: {
    zh: (label) => `「${label}」应为带时区的时间（如 2026-12-01T09:30:00+08:00）或毫秒时间戳。`,
    en: (label) => `"${label}" must be a time with its offset (like 2026-12-01T09:30:00+08:00) or epoch milliseconds.`,
  },
  expected_milliseconds: {
    zh: (label) => `「${label}」应为毫秒时间戳的文字，例如 "1714013877512"。`,
    en: (label) => `"${label}" must be epoch milliseconds as text, like "1714013877512".`,
  },
  seconds_given: {
    zh: (label) => `「${label}」要用毫秒时间戳（13 位），收到的是秒（10 位），请乘以 1000。`,
    en: (label) => `"${label}" takes milliseconds (13 digits), and these are seconds (10 digits). Multiply by 1000.`,
  },
  expected_days: {
    zh: (label) => `「${label}」应为 1970-01-01 起的天数的文字，例如 "19838"。`,
    en: (label) => `"${label}" must be the days since 1970-01-01 as text, like "19838".`,
  },
  expected_decimal: {
    zh: (label) => `「${label}」应为十进制数字，例如 100 或 12.5，不带指数和千分位。`,
    en: (label) => `"${label}" must be a decimal like 100 or 12.5, with no exponent and no thousands marks.`,
  },
  expected_i18n: {
    zh: (label) => `「${label}」应为 {zh_cn, en_us}，至少填一种语言。`,
    en: (label) => `"${label}" must be {zh_cn, en_us} with at least one of the two.`,
  },
  invalid_file: {
    zh: (label) => `「${label}」不是已上传的文件，请重新上传。`,
    en: (label) => `"${label}" is not an uploaded file. Upload it again.`,
  },
  invalid_file_name: {
    zh: (label) =>
      `「${label}」的文件名要带后缀，不能超过 255 个字，也不能含有 /、\\、.. 和控制字符，请改名后重新上传。`,
    en: (label) =>
      `The file name of "${label}" must have a suffix, at most 255 characters, and no /, \\, .. or control characters. Rename the file and upload it again.`,
  },
  file_too_large: {
    zh: (label, { limit }) => `「${label}」的文件太大，单个文件最大 ${limit} MB，请换一个小一些的文件。`,
    en: (label, { limit }) =>
      `A file of "${label}" is too large. One file takes ${limit} MB at most; use a smaller one.`,
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
  duplicate_variable: {
    zh: (label) => `「${label}」对应的流程变量已经有值，同一个变量只能提交一次。`,
    en: (label) => `The variable of "${label}" already has a value. Submit each variable once.`,
  },
  duplicate_key: {
    zh: (label) => `「${label}」的 key 在同一变量的 sub_values 里重复，请改成不同的 key。`,
    en: (label) => `The key of "${label}" is there twice in the variable's sub_values. Make every key different.`,
  },
  missing_sub_value: {
    zh: (label) => `「${label}」引用的 key 不在同一变量的 sub_values 里，请补上或删除引用。`,
    en: (label) =>
      `"${label}" refers to a key that the variable's sub_values do not have. Add it or remove the reference.`,
  },
  unused_sub_value: {
    zh: (label) => `「${label}」没有被 list_values 或 record_values 引用，请引用它或删除。`,
    en: (label) => `No list_values or record_values refer to "${label}". Refer to it or remove it.`,
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
