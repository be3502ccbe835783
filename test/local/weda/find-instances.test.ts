/** The local look-up by a start variable: the very processes, of one environment, and the question beside them. */
import { describe, expect, it } from "vitest";
import { FIND_ACTION } from "../../../shared/engines/weda/find";
import { codeOf, dataOf, idOf, leaveOf, open, startData } from "./open-weda";

const STAMP = "165708798187000009";
const START = "StartProcessWithParams";
const stamped = (id: string) => startData([[STAMP, "string", id]]);
const question = (Value: string, more: object = {}) => ({ ProcessKey: "flow_012", ParamCode: STAMP, Value, ...more });

describe("a look-up by a start variable", () => {
  it("answers the question and every process that carries the value, oldest first", async () => {
    const { weda, call } = await open();
    const first = idOf(await call(START, stamped("s-12345678")));
    const second = idOf(await call(START, stamped("s-12345678"), "user-2"));
    await call(START, stamped("s-other-one"));
    await call(START, leaveOf(1));
    const found = dataOf(await call(FIND_ACTION, question("s-12345678")));
    expect(found).toMatchObject({
      ...question("s-12345678"),
      Instances: [
        { InstanceId: first, FlowCode: "flow_012" },
        { InstanceId: second, FlowCode: "flow_012" },
      ],
    });
    await weda.close();
  });

  it("finds none under another value, variable, process or environment", async () => {
    const { weda, call } = await open();
    await call(START, stamped("s-12345678"));
    const instances = async (data: object, name?: string) =>
      dataOf(await call(FIND_ACTION, data, null, name)).Instances;
    expect(await instances(question("s-12345678"))).toHaveLength(1);
    expect(await instances(question("s-1234567"))).toEqual([]);
    expect(await instances(question("s-12345678", { ParamCode: "165708798187000001" }))).toEqual([]);
    expect(await instances(question("s-12345678", { ProcessKey: "flow_contract" }))).toEqual([]);
    expect(await instances(question("s-12345678"), "lowcode-datasource")).toEqual([]);
    await weda.close();
  });

  it.each([{}, { ProcessKey: "flow_012" }, question("", {}), question("x", { ParamCode: "a b" })])(
    "is refused without a whole question: %j",
    async (data) => {
      const { weda, call } = await open();
      expect(codeOf(await call(FIND_ACTION, data))).toBe("InvalidParameter");
      await weda.close();
    },
  );
});
