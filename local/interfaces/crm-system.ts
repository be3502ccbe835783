/** The customer system of the samples: its own code in every answer, HTTP 200 also for a customer that it has not. */
import * as z from "zod";
import type { FaultKind } from "../faults";
import { LOCAL_CRM_SYSTEM } from "../functions/environment";
import { isSame } from "./expiring-tokens";
import { type OpenStandIn, ok, Refusal, type Reply, type StandInCall } from "./stand-in";

interface Customer {
  id: string;
  name: string;
  phone: string;
  email: string;
  address: string;
}

const SHIPPED: readonly Customer[] = [
  { id: "12345", name: "华星科技", phone: "021-55550123", email: "service@huaxing.example", address: "上海市浦东新区" },
  { id: "123", name: "远帆贸易", phone: "010-55550188", email: "office@yuanfan.example", address: "北京市朝阳区" },
];
/** So many that are made on top: what a script makes by mistake must not fill the memory. */
const MAX_CUSTOMERS = 1_000;

const text = (max: number) => z.string().max(max).default("");
const newCustomerSchema = z.object({
  name: z.string().min(1).max(100),
  phone: text(32),
  email: text(200),
  address: text(200),
});

export const openCrmSystem: OpenStandIn = () => {
  const customers = new Map<string, Customer>();
  const reset = () => {
    customers.clear();
    for (const customer of SHIPPED) customers.set(customer.id, customer);
  };
  reset();
  const guarded = (run: (call: StandInCall) => unknown) => (call: StandInCall) => {
    if (!isSame(call.headers["x-api-key"], LOCAL_CRM_SYSTEM.key)) throw refused(401, "API key 不正确");
    return ok({ code: 200, data: run(call), message: "ok" });
  };
  return {
    routes: {
      "GET /customers/:id": guarded(({ path, query }) => {
        const customer = customers.get(path.id ?? "");
        if (customer === undefined) throw new Refusal(ok({ code: 404, message: "客户不存在" }));
        return picked(customer, query.get("fields"));
      }),
      "GET /customers": guarded(({ query }) => pageOf([...customers.values()], query)),
      "POST /customers": guarded(({ body }) => {
        const parsed = newCustomerSchema.safeParse(body);
        if (!parsed.success) throw refused(400, "客户资料不完整");
        if (customers.size >= MAX_CUSTOMERS) throw refused(507, "客户太多");
        const id = String(20_000 + customers.size);
        customers.set(id, { id, ...parsed.data });
        return customers.get(id);
      }),
    },
    notFound: { status: 404, body: { code: 404, message: "没有这个接口" } },
    refusal: (fault) => REFUSALS[fault]?.(),
    reset,
  };
};

const REFUSALS: Partial<Record<FaultKind, () => Refusal>> = {
  reject: () => refused(403, "不允许访问"),
  "rate-limit": () => refused(429, "请求太频繁", { "retry-after": "60" }),
  "token-revoked": () => refused(401, "API key 不正确"),
  "no-scope": () => refused(403, "没有权限"),
  "error-before": () => refused(500, "系统错误"),
  "error-after": () => refused(500, "系统错误"),
};

function refused(status: number, message: string, headers: Reply["headers"] = {}): Refusal {
  return new Refusal({ status, body: { code: status, message }, headers });
}

/** `fields=name,phone`: these only, those that it has. */
function picked(customer: Customer, fields: string | null): Partial<Customer> {
  if (fields === null || fields === "") return customer;
  const wanted = fields.split(",").map((field) => field.trim());
  return Object.fromEntries(Object.entries(customer).filter(([name]) => wanted.includes(name)));
}

function pageOf(customers: Customer[], query: URLSearchParams) {
  const page = Math.max(1, Number(query.get("page") ?? 1) || 1);
  const size = Math.min(100, Math.max(1, Number(query.get("size") ?? 20) || 20));
  return { total: customers.length, items: customers.slice((page - 1) * size, page * size) };
}
