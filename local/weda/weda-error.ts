/**
 * The refusals of the WeDa stand-in, in one table.
 *
 * An assumption: WeDa publishes no codes for starting a process, so the codes are families of Tencent Cloud's API 3.0
 * (https://cloud.tencent.com/document/api/213/30435), and those that WeDa's own client handles (`InnerError.AuthFailure`,
 * `InvalidAccessToken`; @cloudbase/weda-client). `{name}` is a variable, a member or a key, never a value that was typed.
 */
const ERRORS = {
  // The call.
  functionUnknown: ["FUNCTION_NOT_FOUND", "没有这个云函数。", "There is no such cloud function."],
  notJson: [
    "InvalidParameter",
    "云函数的 data 必须是一个 JSON 对象。",
    "The data of the cloud function must be a JSON object.",
  ],
  modeUnknown: [
    "UnsupportedOperation",
    "本地平台没有模拟这种调用方式（mode）。",
    "The local platform does not emulate this kind of call (mode).",
  ],
  /** The text is what WeDa's client looks for (@cloudbase/weda-client, utils/tcb.js). */
  actionUnknown: [
    "InvalidAction",
    "Action不存在，请检查 action 的拼写。",
    "There is no such action. Check its spelling.",
  ],
  actionNotEmulated: [
    "UnsupportedOperation",
    "微搭有这个 action，但本地平台没有模拟它。",
    "WeDa has this action, but the local platform does not emulate it.",
  ],
  bodyInvalid: [
    "InvalidParameter",
    "data 中的 {name} 缺失或格式不对，请按接口文档修改。",
    "{name} in data is missing or has the wrong shape. Correct it as the API's page says.",
  ],
  operationUnsupported: [
    "UnsupportedOperation",
    "本地平台不支持 {name} 的这个取值。",
    "The local platform does not support this value of {name}.",
  ],
  // Starting a process.
  processUnknown: [
    "ResourceNotFound",
    "没有流程标识为 {name} 的流程，请检查 ProcessKey。",
    "There is no process with the key {name}. Check ProcessKey.",
  ],
  processUnpublished: [
    "UnsupportedOperation",
    "流程 {name} 只保存、未发布，正式环境不能发起。请先发布流程。",
    "Process {name} is saved but not published, so production cannot start it. Publish it first.",
  ],
  flowInvalid: [
    "UnsupportedOperation",
    "流程 {name} 的流程图不能使用，请修改流程图。",
    "The drawing of process {name} cannot be used. Correct it.",
  ],
  variableUnknown: [
    "InvalidParameterValue",
    "流程的开始节点没有声明 paramCode 为 {name} 的变量，请对照流程的变量修改。",
    "The start node declares no variable with the paramCode {name}. Compare it with the variables of the process.",
  ],
  variableType: [
    "InvalidParameterValue",
    "变量 {name} 的 fieldType 或值与开始节点声明的类型不符，请修改类型或值。",
    "The fieldType or the value of variable {name} does not fit the declared type. Correct the type or the value.",
  ],
  variableTwice: [
    "InvalidParameter",
    "StartParams 中变量 {name} 出现了两次，请删除一个。",
    "Variable {name} occurs twice in StartParams. Remove one.",
  ],
  variableMissing: [
    "MissingParameter",
    "缺少必填的变量 {name}，请在 StartParams 中传入。",
    "The required variable {name} is missing. Pass it in StartParams.",
  ],
  noUser: [
    "InnerError.AuthFailure",
    "没有登录用户，也没有传 ExtraUserInfo。请先登录，或传入 ExtraUserInfo。",
    "Nobody is signed in, and there is no ExtraUserInfo. Sign in, or pass ExtraUserInfo.",
  ],
  // Instances and tasks.
  instanceUnknown: [
    "ResourceNotFound",
    "没有这个流程实例，请检查 {name}。",
    "There is no such instance. Check {name}.",
  ],
  taskUnknown: ["ResourceNotFound", "流程实例中没有这个任务，请检查 {name}。", "There is no such task. Check {name}."],
  taskNotOpen: [
    "FailedOperation",
    "任务已经处理过了，没有重复处理。",
    "The task is done already; it was not done again.",
  ],
  instanceEnded: ["FailedOperation", "流程实例已经结束。", "The process instance has ended already."],
  notAllowed: [
    "InnerError.AuthFailure",
    "没有权限：只有发起人可以撤回流程。",
    "No right: only who started the process can revoke it.",
  ],
  // Data sources.
  /** The text is what WeDa's client looks for (@cloudbase/weda-cloud-sdk, error-normalize.js). */
  methodUnknown: [
    "DS_METHOD_NOT_FOUND",
    "没有这个数据源方法。method {name} not found in datasource.",
    "There is no such method.",
  ],
  // Fault switches.
  rejected: ["UnauthorizedOperation", "未授权操作（故障开关）。", "Unauthorized operation (fault switch)."],
  rateLimited: [
    "RequestLimitExceeded",
    "请求的次数超过了频率限制（故障开关）。",
    "The number of requests exceeds the frequency limit (fault switch).",
  ],
  tokenRevoked: ["InvalidAccessToken", "登录态已失效（故障开关）。", "The login is no longer valid (fault switch)."],
  noScope: ["InnerError.AuthFailure", "没有权限（故障开关）。", "No right (fault switch)."],
  flowDisabled: ["UnsupportedOperation", "流程已停用（故障开关）。", "The process is disabled (fault switch)."],
  internal: ["InternalError", "内部错误。", "Internal error."],
} as const satisfies Record<string, readonly [code: string, zh: string, en: string]>;

export type WedaErrorKind = keyof typeof ERRORS;

export class WedaError extends Error {
  override readonly name = "WedaError";
  readonly code: string;

  constructor(kind: WedaErrorKind, name = "") {
    const [code, zh, en] = ERRORS[kind];
    super(`${zh} ${en}`.replaceAll("{name}", () => name));
    this.code = code;
  }
}

/** A failure that is not the stand-in's own: what a method of the bundle threw, or the document store. */
export class PassedOnError extends Error {
  override readonly name = "PassedOnError";
  readonly code: string | number;

  constructor(code: string | number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Answers `error` itself where it has no code that a caller could read. */
export function passedOn(error: unknown): unknown {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const usable = (typeof code === "string" && code !== "") || (typeof code === "number" && code !== 0);
  if (error instanceof WedaError || !usable || typeof message !== "string") return error;
  return new PassedOnError(code, message);
}
