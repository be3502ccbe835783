/** The catalogue of this bundle, and `$proxy`, which calls what is in it. A new platform is added here. */
import { createProxy } from "../client";
import { crmSystem } from "./crm-system";
import { dingtalk } from "./dingtalk";
import { externalSystem } from "./external-system";
import { feishu } from "./feishu";
import { qywx } from "./qywx";

export const catalogue = [qywx, feishu, dingtalk, crmSystem, externalSystem] as const;
export const $proxy = createProxy(catalogue);
