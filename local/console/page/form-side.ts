/** What a WeDa form must do around a method, as snippets to copy; the page shows them and the docs quote them. */
import { ERRORS, type Text } from "../../../shared/base/errors";

export interface FormSideStep {
  id: string;
  title: Text;
  text: Text;
  /** What to copy; absent where the words are all. */
  code?: string;
  /** What no official document says: to be tried in the user's own environment. */
  assumed?: Text;
}

/** What stands in the snippets where an API and its method are named. */
const PLACEHOLDERS = { ConnectorName: "<API 标识>", FunctionName: "<方法标识>" } as const;

/** Every code that a method can answer, with its outcome: any other error says nothing about the process. */
const outcomeRows = Object.entries(ERRORS).map(([code, { outcome }]) => `  ${code}: "${outcome}",`);

const newId = `/** 提交编号：8 到 64 个字母、数字、- 或 _。小程序里可能没有 crypto.randomUUID。 */
function newSubmissionId() {
  if (typeof crypto !== "undefined" && typeof crypto.randomUUID === "function") return crypto.randomUUID();
  let id = Date.now().toString(36) + "-";
  while (id.length < 32) id += Math.random().toString(36).slice(2);
  return id.slice(0, 32);
}`;

const pageLoad = `${newId}

export default () => {
  const state = $w.page.dataset.state;
  if (!state.submissionId) state.submissionId = newSubmissionId();
};`;

const submitJs = `const OUTCOMES = {
${outcomeRows.join("\n")}
};

${newId}

/** 方法的回答 -> 五种结果之一。认不出的错误（超时、断网）按「不知道」处理。 */
function outcomeOf(answer) {
  if (answer && answer.outcome) return answer.outcome;
  return (answer && OUTCOMES[answer.code]) || "unknown";
}

/** 结果不明时再看几次：问 submission-status 这份提交怎么样了。它只查询，不会发起；问不到就维持原来的结果。 */
async function lookAgain(submissionId, known) {
  for (let times = 0; times < 4; times += 1) {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    try {
      const answer = await $w.cloud.callConnector({
        name: "${PLACEHOLDERS.ConnectorName}",
        methodName: "<submission-status 的方法标识>",
        params: { submissionId },
      });
      if (!answer.code && (answer.outcome === "started" || answer.outcome === "rejected")) return answer;
    } catch (error) {
      // 没有装这个方法，或这一次没有问到。
    }
  }
  return known;
}

const SHOWN = {
  started: { text: "已提交，流程已发起。", icon: "success" },
  duplicate: { text: "这份表单已经提交过，没有重复发起。", icon: "success" },
  in_progress: { text: "正在处理，请等几秒后再点一次提交。", icon: "none" },
};

export default async ({ event }) => {
  const state = $w.page.dataset.state;
  const form = $w.form1;
  if (state.submitting) return;
  state.submitting = true;
  state.submissionId = state.submissionId || newSubmissionId();
  form.disableSubmit?.(true);
  let answer;
  try {
    answer = await $w.cloud.callConnector({
      name: "${PLACEHOLDERS.ConnectorName}",
      methodName: "${PLACEHOLDERS.FunctionName}",
      params: { ...form.value, submissionId: state.submissionId },
    });
  } catch (error) {
    answer = { code: error.code, message: error.message };
  }
  if (["in_progress", "unknown"].includes(outcomeOf(answer))) answer = await lookAgain(state.submissionId, answer);
  const outcome = outcomeOf(answer);
  // 有 retryAfterMs 的「不知道」：引擎会认出同一个提交编号，再提交一次就能确认，不会重复发起。
  if (outcome === "unknown" && !answer.retryAfterMs) {
    // 按钮保持禁用：再次提交可能重复发起。
    $w.utils.showModal({
      title: "不知道是否已发起",
      content: "请不要再次提交，先在流程列表中核对，或把提交编号告诉管理员：" + state.submissionId,
      showCancel: false,
    });
    return;
  }
  const { text = answer.next ? answer.next.zh : answer.message, icon = "error" } = SHOWN[outcome] || {};
  $w.utils.showToast({ title: text, icon, duration: 3000 });
  // 只有发起成功后才换新编号；改正后重试、等待后再看，都用原来的编号。
  if (outcome === "started" || outcome === "duplicate") state.submissionId = newSubmissionId();
  state.submitting = false;
  form.disableSubmit?.(false);
};`;

export const FORM_SIDE: FormSideStep[] = [
  {
    id: "page-variable",
    title: { zh: "1. 新建页面变量", en: "1. Add the page variables" },
    text: {
      zh: "在页面变量中新建 submissionId（文本，默认值留空）和 submitting（布尔，默认 false）。submissionId 在表单打开时生成，重试时不变。",
      en: "Add the page variables submissionId (text, empty) and submitting (boolean, false). submissionId is made when the form opens and kept across retries.",
    },
    code: "$w.page.dataset.state.submissionId",
  },
  {
    id: "page-load",
    title: { zh: "2. 页面加载时生成提交编号", en: "2. Make the id when the page loads" },
    text: {
      zh: "新建一个 JavaScript 方法，在页面的「加载」事件中调用。已经有编号时不再生成。",
      en: "Add a JavaScript method and call it from the page's load event. An id that exists is kept.",
    },
    code: pageLoad,
    assumed: {
      zh: "页面加载事件能调用自定义 JavaScript 方法，并且能在方法里给页面变量赋值。",
      en: "That the page's load event can call a custom JavaScript method, and that the method can set a page variable.",
    },
  },
  {
    id: "hidden-field",
    title: { zh: "3. 不写代码的做法：隐藏字段", en: "3. Without code: a hidden field" },
    text: {
      zh: "在表单中加一个单行输入，字段名 submissionId，默认值绑定下面的表达式，并设为隐藏。这样 $w.form1.value 里就带有编号。用第 4 或第 5 步时不需要它。",
      en: "Add a text input with the field name submissionId, bind its default value to this expression and hide it: then $w.form1.value holds the id. Not needed with step 4 or 5.",
    },
    code: "$w.page.dataset.state.submissionId",
    assumed: {
      zh: "隐藏的组件仍然会把值交给表单容器；请先用预演确认入参里有 submissionId。",
      en: "That a hidden component still gives its value to the form. Check with a dry run that the params hold submissionId.",
    },
  },
  {
    id: "submit-expression",
    title: { zh: "4. 只用事件流时：入参表达式", en: "4. With an event flow only: the params expression" },
    text: {
      zh: "提交事件依次为：组件动作「禁用提交」→ 调用方法（入参用下面的表达式）→ 成功或失败后恢复。$w.form1.submitParams（{data, filter}）和 $w.form1.value 都可以展开。",
      en: "The submit event runs: component action “disable submit” → call the method with this expression → enable again. Both $w.form1.submitParams ({data, filter}) and $w.form1.value may be spread.",
    },
    code: "({ ...$w.form1.value, submissionId: $w.page.dataset.state.submissionId })",
  },
  {
    id: "submit-event",
    title: { zh: "5. 推荐：提交事件的 JavaScript", en: "5. Recommended: JavaScript of the submit event" },
    text: {
      zh: "禁用按钮，用同一个编号调用方法，再按五种结果分别提示；结果不明时用 submission-status 再看四次，每次隔 3 秒。自定义代码会抛出带 code 和 message 的错误，云函数会返回 code 不为 0 的结果，这里两种都能处理。方法的出参映射要保留 outcome、processId 和 submissionId；submission-status 的还要保留 next。",
      en: "Disables the button, calls the method with the same id, and shows each of the five outcomes; where the outcome is not clear it looks again with submission-status, four times, 3 seconds apart. Custom code throws an error with code and message, a cloud function returns a code that is not 0; this handles both. Keep outcome, processId and submissionId in the method's output mapping, and next in that of submission-status.",
    },
    code: submitJs,
    assumed: {
      zh: "disableSubmit 能以 true / false 调用；$w.utils.showModal 和 showToast 的参数；错误的 code 原样传到页面。认不出 code 时按「不知道」处理，不会重复发起。云函数类型的 submission-status 与自定义代码看到的是同一个登录用户；如果不是，它会答没有记录，页面维持原来的结果。",
      en: "That disableSubmit takes true / false; the parameters of $w.utils.showModal and showToast; that an error's code reaches the page unchanged. A code that is not recognised counts as unknown, so nothing is started twice. That submission-status, a method of the type cloud function, sees the same signed-in user as custom code; if not, it answers that there is no record, and the page keeps the outcome that it had.",
    },
  },
];

/** The same steps for one method: with its own identifiers in the snippets, where they are known. */
export function formSideOf(connector: Partial<Record<keyof typeof PLACEHOLDERS, string>> = {}): FormSideStep[] {
  const named = (code: string) =>
    (Object.keys(PLACEHOLDERS) as (keyof typeof PLACEHOLDERS)[]).reduce((text, name) => {
      const id = connector[name];
      return id === undefined ? text : text.split(`"${PLACEHOLDERS[name]}"`).join(JSON.stringify(id));
    }, code);
  return FORM_SIDE.map((step) => (step.code === undefined ? step : { ...step, code: named(step.code) }));
}

export interface ShownOutcome {
  outcome: "started" | "duplicate" | "in_progress" | "rejected" | "unknown";
  shows: Text;
  button: Text;
}

/** What the form shows for each outcome, and what becomes of its button. */
export const FORM_OUTCOMES: ShownOutcome[] = [
  {
    outcome: "started",
    shows: {
      zh: "流程已发起；换一个新编号，供下一份表单使用。",
      en: "The process started; take a new id for the next form.",
    },
    button: { zh: "恢复可用", en: "enabled again" },
  },
  {
    outcome: "duplicate",
    shows: {
      zh: "已经提交过，没有重复发起；视同成功。",
      en: "Submitted before, not started twice; as good as success.",
    },
    button: { zh: "恢复可用", en: "enabled again" },
  },
  {
    outcome: "in_progress",
    shows: {
      zh: "正在处理，等几秒再点一次；编号不变，不会重复发起。",
      en: "Being handled; wait a few seconds and press again, same id. It is not started twice.",
    },
    button: { zh: "恢复可用", en: "enabled again" },
  },
  {
    outcome: "rejected",
    shows: {
      zh: "没有发起；显示原因，改正后用同一编号再提交。",
      en: "Nothing started; show the reason, correct, submit again with the same id.",
    },
    button: { zh: "恢复可用", en: "enabled again" },
  },
  {
    outcome: "unknown",
    shows: {
      zh: "不知道是否已发起；显示提交编号，请用户先核对，不要再次提交。有 retryAfterMs 时，请用同一编号再提交一次来确认。",
      en: "Not known whether it started; show the id, let the user check first and not submit again. With retryAfterMs: submit again with the same id to find out.",
    },
    button: { zh: "保持禁用；有 retryAfterMs 时恢复可用", en: "stays disabled; enabled again with retryAfterMs" },
  },
];
