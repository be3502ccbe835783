/** On whose behalf an aPaaS flow runs: a user of the low-code platform, from the configuration or the signed-in user, never from a form. */
import { textSetting } from "../../base/environment";
import { StartflowError } from "../../base/errors";
import type { UserInfo } from "../../platform/context";
import { objectIn } from "./params";

export interface Operator {
  /** Digits. */
  id?: string;
  email?: string;
}

/** A text that holds JSON, passed on unchanged; or who it is, made of the signed-in user. */
export type OperatorOption = string | ((user: UserInfo) => Operator | undefined);

const ID = /^[1-9]\d{0,18}$/;
const EMAIL = /^[^\s@"\\{}]{1,64}@[\w.-]{1,190}$/;

/**
 * The `operator` of the call, in the spacing of the published example.
 * @throws StartflowError NOT_CONFIGURED where neither id nor email is known, NOT_SIGNED_IN where the user has none
 */
export function operatorText(option: OperatorOption | undefined, user: UserInfo | undefined): string {
  if (typeof option === "string") return option;
  const operator = option === undefined ? configuredOperator() : option(user ?? {});
  if (operator === undefined) throw new StartflowError("NOT_SIGNED_IN", { message: NO_USER });
  const { id, email } = operator;
  const isWrong = (id !== undefined && !ID.test(id)) || (email !== undefined && !EMAIL.test(email));
  if (isWrong) throw new StartflowError("NOT_CONFIGURED", { message: WRONG_OPERATOR });
  const members: string[] = [];
  // Unquoted, as the page has it, and so with all its digits.
  if (id !== undefined) members.push(`"_id": ${id}`);
  if (email !== undefined) members.push(`"email": ${JSON.stringify(email)}`);
  if (members.length > 0) return `{${members.join(", ")}}`;
  throw new StartflowError("NOT_CONFIGURED", { message: NO_OPERATOR });
}

const NO_USER = {
  zh: "登录用户没有对应的低代码平台用户，流程没有发起。请先登录，或联系管理员。",
  en: "The signed-in user is no user of the low-code platform, so nothing was started. Sign in, or tell the administrator.",
};
const WRONG_OPERATOR = {
  zh: "方法给出的操作人不对，流程没有发起。请联系管理员检查 operator：_id 是一串数字，email 是邮箱地址。",
  en: "The method's operator is wrong, so nothing was started. Have operator checked: _id is digits, email an e-mail address.",
};

const NO_OPERATOR = {
  zh: "没有配置流程的操作人，流程没有发起。请由管理员设置 STARTFLOW_APAAS_OPERATOR_ID（低代码平台的用户 _id）或 STARTFLOW_APAAS_OPERATOR_EMAIL。",
  en: "No operator of the flow is configured, so nothing was started. Have STARTFLOW_APAAS_OPERATOR_ID (the _id of a user of the low-code platform) or STARTFLOW_APAAS_OPERATOR_EMAIL set.",
};

function configuredOperator(): Operator {
  const id = textSetting("STARTFLOW_APAAS_OPERATOR_ID", ID, "1111");
  const email = textSetting("STARTFLOW_APAAS_OPERATOR_EMAIL", EMAIL, "name@example.com");
  return { ...(id === undefined ? {} : { id }), ...(email === undefined ? {} : { email }) };
}

/** What is wrong with an operator that is given as a text, in words. */
export function operatorProblem(option: OperatorOption | undefined): string | undefined {
  if (typeof option !== "string") return undefined;
  const operator = objectIn(option);
  if (operator === undefined) return "the operator is no text that holds a JSON object";
  const has = (name: string) => operator[name] !== undefined && operator[name] !== null && operator[name] !== "";
  return has("_id") || has("email") ? undefined : "the operator has neither _id nor email";
}
