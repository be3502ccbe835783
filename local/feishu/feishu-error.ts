/** The refusals of the Feishu stand-in, in one table: HTTP status, code, text. */

/**
 * The first two groups: https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code ; the others are on
 * the pages of their APIs, see routes.ts. That an unreadable body is 9499 is an assumption, and so are the two texts of
 * 2320001 for a repeated key and for a flow that is not enabled: the page has this one code only.
 */
const ERRORS = {
  // Asking for a token: HTTP 200 all the same.
  tokenParam: [200, 10003, "invalid param"],
  appUnknown: [200, 10014, "app id not exists"],
  secretWrong: [200, 10015, "app secret invalid"],
  // The gateway.
  tokenMissing: [400, 99991661, "Missing access token for authorization. Please make a request with token attached."],
  tokenInvalid: [400, 99991663, "Invalid access token for authorization. Please make a request with token attached."],
  userTokenUsed: [400, 99991668, "Invalid access token for authorization. Please make a request with token attached."],
  tokenPrefix: [400, 99991671, "Invalid access token for authorization: the token must start with t- or u-."],
  scopeMissing: [400, 99991672, "Access denied. One of the following scopes is required"],
  rateLimited: [429, 99991400, "request trigger frequency limit"],
  fieldInvalid: [400, 99992402, "field validation failed"],
  bodyUnreadable: [400, 9499, "Bad Request"],
  internal: [500, 5000, "internal error"],
  // Messages. https://open.feishu.cn/document/server-docs/im-v1/message/create
  messageParam: [400, 230001, "Your request contains an invalid request parameter"],
  // aPaaS.
  apaasParam: [400, 2320001, "param is invalid"],
  keyDuplicated: [400, 2320001, "idempotent_key duplicated"],
  flowNotEnabled: [400, 2320001, "flow is not enabled"],
  // CoreHR.
  corehrParam: [400, 1161001, "param error"],
  corehrNoPermission: [403, 1161002, "no permission"],
  corehrFlowNotEnabled: [400, 1161059, "flow is not enabled"],
  corehrNoUser: [400, 1161060, "failed to get tenant id and user id"],
} as const satisfies Record<string, readonly [status: number, code: number, msg: string]>;

export type FeishuErrorKind = keyof typeof ERRORS;

export interface FieldViolation {
  field: string;
  description: string;
}

export interface ErrorExtras {
  /** Which member, which name; never a value that was typed. */
  detail?: string;
  violations?: FieldViolation[];
  scope?: string;
  headers?: Record<string, string>;
}

export class FeishuError extends Error {
  override readonly name = "FeishuError";
  readonly kind: FeishuErrorKind;
  readonly status: number;
  readonly code: number;
  readonly extras: ErrorExtras;

  constructor(kind: FeishuErrorKind, extras: ErrorExtras = {}) {
    const [status, code, msg] = ERRORS[kind];
    super(extras.detail === undefined ? msg : `${msg}: ${extras.detail}`);
    this.kind = kind;
    this.status = status;
    this.code = code;
    this.extras = extras;
  }
}

/** The body of a refusal. Those of the token endpoint are as bare as they were recorded from the real one. */
export function errorBody(
  { kind, status, code, message, extras }: FeishuError,
  logId: string,
): Record<string, unknown> {
  if (status === 200) return kind === "tokenParam" ? { code, data: {}, msg: message } : { code, msg: message };
  const { violations, scope } = extras;
  return {
    code,
    msg: message,
    error: {
      log_id: logId,
      troubleshooter: `排查建议查看(Troubleshooting suggestions): https://open.feishu.cn/search?from=openapi&log_id=${logId}&code=${code}`,
      ...(violations === undefined ? {} : { field_violations: violations }),
      ...(scope === undefined ? {} : { permission_violations: [{ type: "action_scope_required", subject: scope }] }),
    },
  };
}

/** As the gateway words it. */
export const missingScope = (scope: string, appId: string): FeishuError =>
  new FeishuError("scopeMissing", {
    scope,
    detail: `[${scope}]. 应用尚未开通所需的应用身份权限：[${scope}]，点击链接申请并开通任一权限即可：https://open.feishu.cn/app/${appId}/auth?q=${scope}&op_from=openapi&token_type=tenant`,
  });
