/** What `npm run paste` prints: where each thing goes in WeDa's console, in the words of the console. */
import { type PasteParts, paramRows } from "../local/console/page/paste-parts";
import type { WedaSchema } from "../local/console/page/paste-schema";

export interface Printed {
  name: string;
  title: { zh: string; en: string };
  /** null where the method has a secret. */
  pasteFile: string | null;
  secrets: readonly string[];
  parts: PasteParts;
}

export function pasteJson({ name, title, pasteFile, secrets, parts }: Printed): string {
  const { api, method, intent, inParams, outParams, formSide } = parts;
  const steps = formSide.map(({ id, title, text, code = null }) => ({ id, title, text, code }));
  const type = pasteFile === null ? "cloud-function" : "custom-code";
  const shown = { name, title, type, pasteFile, secrets, api, method, intent, inParams, outParams, formSide: steps };
  return JSON.stringify(shown, null, 2);
}

const TYPES = { code: "自定义代码 (custom code)", function: "云函数 (cloud function)" };

export function pasteText(printed: Printed): string {
  const { name, title, parts } = printed;
  const { api, method, intent, inParams, outParams, formSide } = parts;
  const out = outParams === null ? [`Not declared: test ${name} once, save the answer, and add --outputs <file>.`] : [];
  const steps = formSide.filter(({ id }) => id !== "submit-event");
  return [
    `${name}: ${title.zh} (${title.en})`,
    section(1, "方法 (the method)", [
      `API 标识    ${api || "your own choice"}`,
      `方法标识    ${method || "your own choice"}`,
      `类型        ${parts.isCustomCode ? TYPES.code : TYPES.function}`,
      `意图        ${intent}`,
    ]),
    section(2, "代码 (its code)", codeLines(printed)),
    section(3, "入参 (input parameters)", schemaLines(inParams)),
    section(4, "出参 (output parameters)", outParams === null ? out : schemaLines(outParams)),
    ...(steps.length === 0 ? [] : [section(5, "表单 (the form)", formLines(steps))]),
  ].join("\n\n");
}

const section = (at: number, title: string, lines: readonly string[]) => [`${at}. ${title}`, ...lines].join("\n");

function codeLines({ name, pasteFile, secrets }: Printed): string[] {
  if (pasteFile !== null) return [`Paste the whole of ${pasteFile}.`];
  return [
    `No file to paste: it needs ${secrets.join(", ")}, and custom code has no environment variables of yours.`,
    `Deploy dist/functions/${name} as the cloud function ${name} (its row is in cloudbaserc.json), set the variables there,`,
    "and choose it as this method's cloud function.",
  ];
}

function schemaLines(schema: WedaSchema): string[] {
  const rows = paramRows(schema).map(({ name, title, type, required }) => [name, title, type, required ? "必填" : ""]);
  const all = [["标识", "名称", "类型", "必填"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => widthOf(row[column] ?? ""))));
  const padded = (cell: string, at: number) => cell + " ".repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)));
  const lines = all.map((row) => row.map(padded).join("  ").trimEnd());
  return [...lines, "", JSON.stringify(schema, null, 2)];
}

/** Of a terminal: a Chinese character takes two columns. */
function widthOf(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/[\u2e80-\uffef]/.test(sign) ? 2 : 1), 0);
}

function formLines(steps: PasteParts["formSide"]): string[] {
  const lines = steps.flatMap(({ title, text, code }) => [`${title.zh} / ${title.en}`, text.en, code ?? "", ""]);
  return [...lines, "The JavaScript of the submit event: docs/form-side.md, or --json."];
}
