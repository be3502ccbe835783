/** Names of interfaces: both spellings, collisions, reserved ones, and what was probably meant. */
import { describe, expect, it } from "vitest";
import { InterfaceError } from "../../../shared/proxy/error";
import { camelCase, nameTable } from "../../../shared/proxy/names";
import { nearest, notThere } from "../../../shared/proxy/problem";

function failureOf(run: () => unknown): InterfaceError {
  try {
    run();
  } catch (error) {
    if (error instanceof InterfaceError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a name", () => {
  it.each([
    ["get_customer_detail", "getCustomerDetail"],
    ["ping", "ping"],
    ["getUser", "getUser"],
    ["查询_客户", "查询客户"],
    ["get_1st", "get1st"],
    ["_private", "Private"],
  ])("%s is also called %s", (key, camel) => {
    expect(camelCase(key)).toBe(camel);
    expect([...nameTable("crm", [key]).keys()]).toEqual([...new Set([key, camel])]);
  });

  it("that stands for two interfaces is refused, and both are named", () => {
    const failure = failureOf(() => nameTable("crm", ["get_user", "getUser"]));
    expect(failure).toMatchObject({ kind: "config", platform: "crm", interface: "getUser" });
    expect(failure.text.zh).toContain("get_user");
    expect(failure.text.en).toContain("get_user is also called by the name getUser");
  });

  it.each(["then", "catch", "toJSON", "constructor", "inspect", "to_string", "__proto__", "hasOwnProperty"])(
    "%s is reserved",
    (key) => {
      expect(failureOf(() => nameTable("crm", [key]))).toMatchObject({ kind: "config", interface: key });
    },
  );
});

describe("a name that does not exist", () => {
  it("is told with what does, and with the nearest", () => {
    const { zh, en } = notThere({ zh: "接口", en: "interface" }, "getCustmer", ["getCustomer", "ping"]);
    expect(zh).toBe("没有接口「getCustmer」。是不是「getCustomer」？已有：getCustomer、ping。");
    expect(en).toBe('there is no interface "getCustmer". Did you mean "getCustomer"? There are: getCustomer, ping.');
  });

  it("is shown only where it looks like a name", () => {
    expect(notThere({ zh: "平台", en: "platform" }, "13800138000", ["crm"]).en).not.toContain("13800138000");
    expect(notThere({ zh: "平台", en: "platform" }, { a: 1 }, []).en).toContain('"object". There is none at all.');
  });

  it("has no nearest where nothing is near, or where it is too long to be one", () => {
    expect(nearest("abcdef", ["uvwxyz"])).toBeUndefined();
    expect(nearest("a".repeat(10_000), ["a"])).toBeUndefined();
    expect(nearest("qwyx", ["feishu", "qywx"])).toBeUndefined();
    expect(nearest("CRM_SYSTEM", ["crm_system"])).toBe("crm_system");
  });
});
