/** A question about a process, or its cancellation, that failed -> the product's error, in words that say nothing of a start. */
import { type ErrorCode, StartflowError, type Text } from "../base/errors";

/** What was asked of the engine. */
export type Asked = "status" | "cancel";

/** `OUTCOME_UNKNOWN`: nobody knows what the engine did. Of a question there is nothing to know: it was not answered. */
export type AskFailureCode = Extract<
  ErrorCode,
  "ENGINE_REFUSED" | "ENGINE_BUSY" | "ENGINE_UNREACHABLE" | "OUTCOME_UNKNOWN"
>;

const NOT_ANSWERED: Text = {
  zh: "暂时查不到流程的状态，请稍后再查。",
  en: "How the process stands cannot be told now. Ask again a little later.",
};
const NOT_CANCELLED: Text = {
  zh: "流程没有取消，请稍后再取消。",
  en: "The process was not cancelled. Try again a little later.",
};

/** Short, because they are in every file that is pasted; whether the engine is busy or silent, its own code says. */
const TEXTS: Record<Asked, Record<AskFailureCode, Text>> = {
  status: {
    ENGINE_REFUSED: {
      zh: "流程引擎拒绝了对流程状态的查询。",
      en: "The process engine refused to say how the process stands.",
    },
    ENGINE_BUSY: NOT_ANSWERED,
    ENGINE_UNREACHABLE: NOT_ANSWERED,
    OUTCOME_UNKNOWN: NOT_ANSWERED,
  },
  cancel: {
    ENGINE_REFUSED: { zh: "流程引擎拒绝取消流程。", en: "The process engine refused to cancel the process." },
    ENGINE_BUSY: NOT_CANCELLED,
    ENGINE_UNREACHABLE: NOT_CANCELLED,
    OUTCOME_UNKNOWN: {
      zh: "无法确认流程是否已经取消，请先查看流程的状态。",
      en: "It is not known whether the process was cancelled. Look first how it stands.",
    },
  },
};

export interface AskFailureDetails {
  /** The engine's own code and words, as far as they may be shown. */
  detail?: readonly string[];
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

export function askFailure(
  asked: Asked,
  known: AskFailureCode,
  { detail = [], retryAfterMs, cause }: AskFailureDetails = {},
): StartflowError {
  const is = asked === "status" && known === "OUTCOME_UNKNOWN" ? "ENGINE_UNREACHABLE" : known;
  const { zh, en } = TEXTS[asked][known];
  const shown = detail.filter((part) => part !== "");
  const message =
    shown.length === 0
      ? { zh, en }
      : { zh: `${zh}（引擎：${shown.join("，")}）`, en: `${en} (Engine: ${shown.join(", ")})` };
  return new StartflowError(is, { message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), cause });
}
