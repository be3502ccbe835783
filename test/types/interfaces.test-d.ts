/** What of `$proxy` must not compile; `tsc` runs over this file, and an expected error that does not come is an error. */
import * as z from "zod";
import { createProxy } from "../../shared/proxy/client";
import { definePlatform } from "../../shared/proxy/types";

const crm = definePlatform({
  platform_key: "crm_system",
  title: { zh: "客户系统", en: "CRM" },
  auth: { kind: "apiKey", key: "key", place: { in: "header", name: "x-api-key" } },
  success: { code: "code", is: [200, "ok"] },
  instances: [
    { instance_key: "main", baseUrl: "https://crm.example.com", isDefault: true, secrets: { key: "CRM_KEY" } },
    { instance_key: "second", baseUrl: "https://second.example.com", secrets: { key: "CRM_KEY" } },
  ],
  interfaces: {
    get_customer_detail: {
      method: "GET",
      path: "/customers/{id}",
      args: [{ name: "id", in: "path", schema: z.string() }],
    },
    list_customers: {
      method: "GET",
      path: "/customers",
      args: [
        { name: "page", in: "query", schema: z.number().int(), default: 1 },
        { name: "fields", in: "query", schema: z.string().optional() },
      ],
    },
    查询客户: { method: "GET", path: "/c", args: [{ name: "编号", in: "query", schema: z.string() }] },
    ping: { method: "GET", path: "/ping" },
  },
});
const external = definePlatform({
  platform_key: "external_system",
  title: { zh: "外部系统", en: "External system" },
  instances: [{ instance_key: "main", baseUrl: "https://external.example.com" }],
  interfaces: {
    some_api: {
      method: "POST",
      path: "/some",
      args: [
        { name: "first", in: "body", schema: z.string().optional() },
        { name: "second", in: "body", schema: z.number() },
      ],
    },
  },
});
const $proxy = createProxy([crm, external] as const);

export async function compiles(customerId: string): Promise<unknown> {
  const result = await $proxy("crm_system").getCustomerDetail(customerId);
  if (result.code !== 200) throw new Error(result.message);
  await $proxy("crm_system").get_customer_detail(customerId);
  await $proxy("crm_system", { instance_key: "second", caller: "form" }).查询客户("1");
  await $proxy("crm_system").listCustomers();
  await $proxy("crm_system").listCustomers(2, "name");
  await $proxy("crm_system").ping();
  await $proxy("external_system").someApi(undefined, 2);
  const chain = $proxy("crm_system").$api("get_customer_detail").$path({ id: customerId }).$query({ fields: "name" });
  const { data } = await chain.$header({ "X-Custom": "value" }).$call();
  const { status, attempts } = await $proxy("crm_system").$query({}).$api("getCustomerDetail").$callRaw();
  return [data.name, data.phone, status, attempts, await chain.$body([1]).$dryRun()];
}

export async function doesNotCompile(): Promise<void> {
  // @ts-expect-error a platform that there is not
  $proxy("crm_sytem");
  // @ts-expect-error an option that there is not
  $proxy("crm_system", { instanceKey: "second" });
  // @ts-expect-error an interface that there is not
  await $proxy("crm_system").getCustomerDetails("1");
  // @ts-expect-error an interface of another platform
  await $proxy("crm_system").someApi(undefined, 2);
  // @ts-expect-error an argument of a wrong type
  await $proxy("crm_system").getCustomerDetail(12345);
  // @ts-expect-error too many arguments
  await $proxy("crm_system").getCustomerDetail("1", "2");
  // @ts-expect-error an argument to an interface that takes none
  await $proxy("crm_system").ping("1");
  // @ts-expect-error too few arguments
  await $proxy("crm_system").getCustomerDetail();
  // @ts-expect-error an optional argument in front of a required one cannot be left out
  await $proxy("external_system").someApi(2);
  // @ts-expect-error an interface that there is not, in a chain
  $proxy("crm_system").$api("get_customer_details");
  // @ts-expect-error a step that there is not
  $proxy("crm_system").$params({});
  // @ts-expect-error path parameters are named
  $proxy("crm_system").$path("12345");
}

const arg = { name: "b", schema: z.string() };
// @ts-expect-error a place that there is not
definePlatform({ ...external, interfaces: { a: { method: "GET", path: "/a", args: [{ ...arg, in: "cookie" }] } } });
