/** The switches of the Feishu stand-in: limits, the app's scopes, how long a token is good, which flows are not enabled. */
import type { FeishuChange, FeishuSettings } from "../console/wire";
import { LOCAL_FEISHU_APP } from "../functions/environment";

/** One of them each is enough; from the pages of the APIs, see routes.ts. */
export const SCOPES = {
  executeFlow: "app_engine:flow:write",
  writeProcess: "corehr:process.instance:write",
  readProcess: "corehr:process:read",
  writeFile: "corehr:file:write",
  sendMessage: "im:message:send_as_bot",
  /** Beside the API's own, where users are named by `user_id`. */
  userId: "contact:user.employee_id:readonly",
} as const;
export type Scope = (typeof SCOPES)[keyof typeof SCOPES];

export interface Settings {
  get(): FeishuSettings;
  /** Changes the given members only. */
  set(change: FeishuChange): FeishuSettings;
  reset(): void;
}

/** Two hours. https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal */
const TOKEN_LIFE_S = 7_200;

export function createSettings(): Settings {
  const asShipped = (): FeishuSettings => ({
    ...LOCAL_FEISHU_APP,
    limits: true,
    rateLimitStatus: 429,
    scopes: Object.values(SCOPES),
    tokenLifeS: TOKEN_LIFE_S,
    disabledFlows: [],
  });
  let settings = asShipped();
  return {
    get: () => settings,
    set(change) {
      settings = { ...settings, ...change };
      return settings;
    },
    reset() {
      settings = asShipped();
    },
  };
}
