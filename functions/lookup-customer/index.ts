/** Shows a customer of the customer system while a form is filled in. */
import * as z from "zod";
import { StartflowError } from "../../shared/base/errors";
import { label } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";
import { InterfaceError } from "../../shared/proxy/error";
import { $proxy } from "../../shared/proxy/platforms/index";

const input = z.strictObject({
  customerId: z.string().trim().min(1).max(64).meta(label("客户编号", "Customer id")),
  style: z.enum(["direct", "chain"]).default("direct").meta(label("调用方式", "Way of calling")),
});

// The two functions are those of the published page about calling interfaces, with their types.
// https://doc.bpmax.cn/develop/api-integration/api-calling.html
async function getCustomerInfo(customerId: string) {
  try {
    const result = await $proxy("crm_system").getCustomerDetail(customerId);

    if (result.code === 200) {
      return result.data;
    } else {
      throw new Error(result.message);
    }
  } catch (error) {
    // The page prints the error, too: it holds what another system answered, which belongs in no log.
    console.error("查询客户信息失败");
    throw error;
  }
}

async function getCustomerInfoChain(customerId: string) {
  const result = await $proxy("crm_system")
    .$api("get_customer_detail")
    .$path({ id: customerId })
    .$query({ fields: "name,phone,email,address" })
    .$call();

  return result.data;
}

/** @throws StartflowError INTERFACE_FAILED where the system gives no such customer; InterfaceError where the call failed */
async function lookUp(find: (customerId: string) => Promise<unknown>, customerId: string): Promise<object> {
  const customer = await find(customerId).catch((error: unknown) => {
    if (error instanceof InterfaceError) throw error;
    throw noData();
  });
  // The chain does not look at the answer's own code: what has no data is no customer.
  if (typeof customer !== "object" || customer === null) throw noData();
  return customer;
}

function noData(): StartflowError {
  const message = {
    zh: "客户系统没有给出这个客户的资料，请核对客户编号。",
    en: "The customer system gave no data of this customer. Check the customer id.",
  };
  return new StartflowError("INTERFACE_FAILED", { message });
}

const lookupCustomer = defineMethod({
  title: { zh: "查询客户", en: "Look a customer up" },
  input,
  sample: { customerId: "12345", style: "direct" },
  secrets: ["STARTFLOW_CRM_SYSTEM_KEY"],
  run: ({ customerId, style }) => lookUp(style === "chain" ? getCustomerInfoChain : getCustomerInfo, customerId),
});

export = lookupCustomer;
