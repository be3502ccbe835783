/** 出参: what a method that starts something answers; and what any answer looks like, taken from one that was really given. */
import type { FailureAnswer } from "../../../shared/base/errors";
import type { StartedAnswer } from "../../../shared/method";
import { isRecord } from "./form-model";
import { objectOf, type WedaSchema } from "./paste-schema";

const text = (title: string): WedaSchema => ({ type: "string", title });
const choice = (title: string, labels: Record<string, string>): WedaSchema => ({
  ...text(title),
  enum: Object.keys(labels),
  "x-enumObj": Object.entries(labels).map(([value, label]) => ({ label, value })),
});

/** How a run stood is for those who wait for it, and in no answer. */
const STARTED: Record<Exclude<keyof StartedAnswer, "progress">, WedaSchema> = {
  outcome: choice("结果", { started: "已发起", duplicate: "已经发起过" }),
  processId: text("流程实例编号"),
  submissionId: text("提交编号"),
  target: text("目标"),
  status: text("引擎答复的状态"),
  problem: { ...objectOf({ code: text("错误码"), message: text("说明") }, []), title: "流程自己出的错" },
  output: { type: "object", title: "流程的输出" },
};

/** Of a cloud function, which returns its failures; custom code throws them. */
const FAILED: Record<Exclude<keyof FailureAnswer, keyof StartedAnswer>, WedaSchema> = {
  code: text("错误码"),
  message: text("说明"),
  text: { ...objectOf({ zh: text("中文"), en: text("English") }, []), title: "两种语言的说明" },
  retryAfterMs: { type: "number", title: "多少毫秒后可以再试" },
  issues: {
    type: "array",
    title: "有误的字段",
    items: objectOf(
      {
        path: text("字段的位置"),
        label: { type: "object", title: "字段的名称" },
        code: text("错误码"),
        message: { type: "object", title: "说明" },
      },
      [],
    ),
  },
};
const OUTCOMES = choice("结果", {
  started: "已发起",
  duplicate: "已经发起过",
  in_progress: "正在处理",
  rejected: "没有发起",
  unknown: "不知道是否已发起",
});

export function answerSchema(isCustomCode: boolean): WedaSchema {
  if (isCustomCode) return objectOf(STARTED, ["outcome", "submissionId", "target"]);
  return objectOf({ ...STARTED, outcome: OUTCOMES, ...FAILED }, []);
}

const TITLES: Record<string, string | undefined> = Object.fromEntries(
  Object.entries({ ...STARTED, ...FAILED }).map(([key, { title }]) => [key, title]),
);
const MAX_DEPTH = 10;

/** The shape of a real answer; its values are in nothing of it. */
export function schemaOfAnswer(answer: unknown, depth = 0): WedaSchema {
  if (typeof answer === "number") return { type: "number" };
  if (typeof answer === "boolean") return { type: "boolean" };
  if (Array.isArray(answer)) {
    const items = answer.map((item) => schemaOfAnswer(item, depth + 1));
    return { type: "array", items: items.reduce(together, undefined) ?? { type: "object" } };
  }
  if (!isRecord(answer)) return { type: "string" };
  if (depth >= MAX_DEPTH) return { type: "object" };
  const members = Object.entries(answer).map(([key, value]) => {
    const title = Object.hasOwn(TITLES, key) ? TITLES[key] : undefined;
    return [key, { ...schemaOfAnswer(value, depth + 1), title: title ?? key }] as const;
  });
  return objectOf(Object.fromEntries(members), []);
}

/** Of a list's rows: with the members of all of them. */
function together(known: WedaSchema | undefined, next: WedaSchema): WedaSchema {
  if (known?.properties === undefined || next.properties === undefined) return known ?? next;
  return objectOf({ ...known.properties, ...next.properties }, []);
}
