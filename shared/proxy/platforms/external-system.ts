/** Any system outside, as the samples call it with headers of their own: change base URL, token and paths to yours. */
import { definePlatform } from "../types";

export const externalSystem = definePlatform({
  platform_key: "external_system",
  title: { zh: "外部系统", en: "External system" },
  auth: { kind: "bearer", token: "token" },
  instances: [
    {
      instance_key: "main",
      isDefault: true,
      baseUrlVariable: "STARTFLOW_EXTERNAL_SYSTEM_URL",
      allowPrivateVariable: "STARTFLOW_EXTERNAL_SYSTEM_ALLOW_PRIVATE",
      secrets: { token: "STARTFLOW_EXTERNAL_SYSTEM_TOKEN" },
    },
  ],
  interfaces: {
    some_api: { title: { zh: "示例接口", en: "Sample interface" }, method: "GET", path: "/some-api" },
  },
});
