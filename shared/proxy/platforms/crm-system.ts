/** A customer system of one's own, as the samples call it: change base URL, key and paths to yours. */
import * as z from "zod";
import { definePlatform } from "../types";

const customerId = z.union([z.string().min(1).max(64), z.number().int()]);

export const crmSystem = definePlatform({
  platform_key: "crm_system",
  title: { zh: "客户管理系统", en: "Customer system" },
  auth: { kind: "apiKey", key: "key", place: { in: "header", name: "x-api-key" } },
  // No success rule: what calls it looks at `code` and `message` of the answer itself. A status that is not 2xx is a failure.
  instances: [
    {
      instance_key: "main",
      isDefault: true,
      baseUrlVariable: "STARTFLOW_CRM_SYSTEM_URL",
      allowPrivateVariable: "STARTFLOW_CRM_SYSTEM_ALLOW_PRIVATE",
      secrets: { key: "STARTFLOW_CRM_SYSTEM_KEY" },
    },
  ],
  interfaces: {
    get_customer_detail: {
      title: { zh: "查询客户", en: "Look a customer up" },
      method: "GET",
      path: "/customers/{id}",
      args: [
        { name: "id", in: "path", schema: customerId },
        { name: "fields", in: "query", schema: z.string().max(500).optional() },
      ],
    },
    list_customers: {
      title: { zh: "客户列表", en: "List customers" },
      method: "GET",
      path: "/customers",
      args: [
        { name: "page", in: "query", schema: z.number().int().min(1), default: 1 },
        { name: "size", in: "query", schema: z.number().int().min(1).max(100), default: 20 },
      ],
    },
    create_customer: {
      title: { zh: "新建客户", en: "Make a customer" },
      method: "POST",
      path: "/customers",
      args: [
        { name: "name", in: "body", schema: z.string().min(1).max(100) },
        { name: "phone", in: "body", schema: z.string().max(32).optional() },
        { name: "email", in: "body", schema: z.string().max(200).optional() },
        { name: "address", in: "body", schema: z.string().max(200).optional() },
      ],
    },
  },
});
