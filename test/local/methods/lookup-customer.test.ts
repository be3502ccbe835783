/** lookup-customer as it was built: what a form gets, in both ways of calling, and what it is told where there is nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RequestRow } from "../../../local/console/wire";
import { type PlatformHere, platformHere, temporaryFolder } from "../../helpers/platform";

let platform: PlatformHere;
beforeAll(async () => {
  platform = await platformHere(temporaryFolder());
});
beforeEach(() => platform.send("POST", "/_local/reset", {}));
afterAll(() => platform.stop());

const look = (params: object, entry: "code" | "main" = "code") => platform.test("lookup-customer", { params, entry });
const CUSTOMER = {
  name: "华星科技",
  phone: "021-55550123",
  email: "service@huaxing.example",
  address: "上海市浦东新区",
};

describe.each(["direct", "chain"] as const)("in the %s way", (style) => {
  it.each(["code", "main"] as const)("gives the customer through %s", async (entry) => {
    const { ok, result, requests } = await look({ customerId: "12345", style }, entry);
    expect([ok, result]).toEqual([true, style === "direct" ? { id: "12345", ...CUSTOMER } : CUSTOMER]);
    expect(requests).toMatchObject([{ engine: "crm_system", method: "GET", headers: { "x-api-key": "***" } }]);
  });

  it("says clearly that there is no such customer", async () => {
    const { ok, error } = await look({ customerId: "no-such", style });
    expect(ok).toBe(false);
    expect(error).toMatchObject({ code: "INTERFACE_FAILED", outcome: "rejected", message: { zh: /请核对客户编号/ } });
    expect(JSON.stringify(error)).not.toContain("no-such");
  });

  it.each([
    ["down", "INTERFACE_UNAVAILABLE"],
    ["error-before", "INTERFACE_UNAVAILABLE"],
    ["token-revoked", "INTERFACE_FAILED"],
  ])("tells a fault (%s) by a code of its own, and nothing of the key", async (kind, code) => {
    await platform.send("PUT", "/_local/faults", { crm_system: { kind } });
    const answer = await look({ customerId: "12345", style });
    expect(answer.error).toMatchObject({ code, outcome: "rejected", message: { en: /crm_system/ } });
    expect(JSON.stringify(answer)).not.toContain("startflow-crm-key");
  });

  it.each(["..", ".", "a/../b", "a b&c=d", "张三"])("asks for exactly %j, or for nothing", async (customerId) => {
    const { error } = await look({ customerId, style });
    expect(error?.code).toBe("INTERFACE_FAILED");
    const sent = (await platform.get<RequestRow[]>("/_local/requests")).map(({ path }) => path);
    const [only = "/interfaces/crm_system/customers/"] = sent;
    expect(sent.length).toBe(/^\.\.?$/.test(customerId) ? 0 : 1);
    if (sent.length > 0) expect(only).toBe(`/interfaces/crm_system/customers/${encodeURIComponent(customerId)}`);
  });
});

it("looks directly where nothing is said", async () => {
  expect((await look({ customerId: "12345" })).result).toEqual({ id: "12345", ...CUSTOMER });
});
