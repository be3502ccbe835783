/** Starting a process over the wire of WeDa: the published sample, both environments, and every refusal. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixture } from "../../helpers/fixtures";
import { around } from "../engine/flow-of";
import { codeOf, DAYS, dataOf, idOf, leaveOf, messageOf, open, startData, temporaryDir, wedaApi } from "./open-weda";

const sample = fixture<{ action: string; data: object }>("weda/start-process-sample.json");
const START = "StartProcessWithParams";

describe("a start", () => {
  it("with the data of the published sample answers the instance's id as text, for the user that it names", async () => {
    const { weda, call } = await open();
    const answer = await call(sample.action, sample.data, null);
    expect(dataOf(answer)).toMatchObject({
      InstanceId: expect.stringMatching(/^\d{19}$/),
      FlowCode: "flow_012",
      FlowVersion: "1.0",
      StartUserId: "1000000000000000000",
      IsCompleted: false,
    });
    const instance = await weda.instance(idOf(answer));
    expect(instance).toMatchObject({
      processKey: "flow_012",
      name: "请假审批",
      state: "waiting",
      startedBy: "1000000000000000000",
      variables: { testData: "test data" },
      request: sample.data,
    });
    await weda.close();
  });

  it("belongs to the signed-in user, whatever ExtraUserInfo says", async () => {
    const { weda, call } = await open();
    const id = idOf(await call(sample.action, sample.data, "user-7"));
    expect((await weda.instance(id)).startedBy).toBe("user-7");
    await weda.close();
  });

  it("keeps all digits of a user id that was sent as a number", async () => {
    const { weda, invoke } = await open();
    const text = JSON.stringify(wedaApi(START, sample.data)).replace("1000000000000000000", "1549943583216373762");
    const id = idOf(await invoke(text, null));
    expect((await weda.instance(id)).startedBy).toBe("1549943583216373762");
    await weda.close();
  });

  it("takes lowerCamel keys, unless capitalizeDataKey is false", async () => {
    const { weda, call, invoke } = await open();
    const lower = Object.fromEntries(
      Object.entries(leaveOf(1)).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
    );
    expect(codeOf(await call(START, lower))).toBe(0);
    expect(codeOf(await invoke(wedaApi(START, lower, { capitalizeDataKey: false })))).toBe("InvalidParameter");
    await weda.close();
  });

  it("from a page (trigger type 1) names no API", async () => {
    const { weda, call } = await open();
    const { ConnectorParam: _, ...data } = leaveOf(1);
    expect(codeOf(await call(START, { ...data, TriggerType: 1 }))).toBe(0);
    expect(codeOf(await call(START, data))).toBe("InvalidParameter");
    await weda.close();
  });

  it("carries objects and lists of objects, and a whole number that only text can hold", async () => {
    const { weda, call } = await open();
    const contract = { _id: "c1", amount: 200_000, signedOn: null };
    const data = startData(
      [
        ["165708798188000001", "object", contract],
        ["165708798188000002", "objectList", [{ _id: "i1" }, {}]],
        ["165708798188000003", "boolean", true],
      ],
      { ProcessKey: "flow_contract" },
    );
    const { variables } = await weda.instance(idOf(await call(START, data)));
    expect(variables).toEqual({ contract, items: [{ _id: "i1" }, {}], urgent: true });
    const long = await call(START, startData([[DAYS, "number", "9223372036854775807"]]));
    expect((await weda.instance(idOf(long))).variables).toEqual({ days: "9223372036854775807" });
    await weda.close();
  });

  it("is shown in the request log with what was received and what came of it", async () => {
    const { weda, call, requests } = await open();
    await call(START, leaveOf(1));
    await call(START, {});
    expect(requests).toMatchObject([
      {
        engine: "weda",
        method: "POST",
        path: "/lowcode-datasource-preview",
        status: 200,
        body: wedaApi(START, leaveOf(1)),
      },
      { engine: "weda", status: 200 },
    ]);
    await weda.close();
  });
});

describe("a start is refused, and nothing was started:", () => {
  const user = { UserId: "1", Source: 4 };
  const cases: [what: string, data: object, code: string, names: RegExp][] = [
    ["no body", {}, "InvalidParameter", /TriggerType/],
    ["a trigger type that does not exist", { ...leaveOf(1), TriggerType: 9 }, "InvalidParameter", /TriggerType/],
    ["no StartParams", { ...leaveOf(1), StartParams: undefined }, "InvalidParameter", /StartParams/],
    ["an unknown process key", { ...leaveOf(1), ProcessKey: "flow_none" }, "ResourceNotFound", /flow_none/],
    ["an undeclared paramCode", startData([["1", "string", "x"]]), "InvalidParameterValue", /paramCode 1\./],
    ["another type than declared", startData([[DAYS, "string", "3"]]), "InvalidParameterValue", /days/],
    ["a value that does not fit", startData([[DAYS, "number", "three"]]), "InvalidParameterValue", /days .*number/],
    [
      "a paramCode twice",
      startData([
        [DAYS, "number", 1],
        [DAYS, "number", 2],
      ]),
      "InvalidParameter",
      /days/,
    ],
    ["a missing variable", { ...startData([]), ProcessKey: "flow_contract" }, "MissingParameter", /contract/],
    [
      "a user id that is no number",
      { ...leaveOf(1), ExtraUserInfo: { ...user, UserId: "ab" } },
      "InvalidParameter",
      /UserId/,
    ],
  ];

  it.each(cases)("%s", async (_, data, code, names) => {
    const { weda, call } = await open();
    const extra = "ExtraUserInfo" in data ? {} : { ExtraUserInfo: user };
    const answer = await call(START, { ...data, ...extra }, null);
    expect(answer).toEqual({ code, message: expect.stringMatching(names), requestId: expect.any(String) });
    expect(await weda.instances()).toEqual([]);
    await weda.close();
  });

  it("nobody signed in, and no ExtraUserInfo", async () => {
    const { weda, call } = await open();
    const answer = await call(START, leaveOf(1), null);
    expect([codeOf(answer), messageOf(answer)]).toEqual([
      "InnerError.AuthFailure",
      expect.stringContaining("ExtraUserInfo"),
    ]);
    expect(await weda.instances()).toEqual([]);
    await weda.close();
  });

  it("never with a typed value in the message", async () => {
    const { weda, call } = await open();
    const typed = "身份证110101199003070000";
    for (const data of [
      startData([[DAYS, "number", typed]]),
      { ...leaveOf(1), ProcessKey: typed },
      { TriggerType: typed },
    ]) {
      expect(messageOf(await call(START, data))).not.toContain("110101");
    }
    await weda.close();
  });

  it("a process whose drawing holds a script", async () => {
    const flowsDir = join(await temporaryDir(), "flows");
    await mkdir(flowsDir);
    const script = '<scriptTask id="t" scriptFormat="js"><script>process.exit(9)</script></scriptTask>';
    await writeFile(join(flowsDir, "flow_test.bpmn"), around(script, "t"));
    const { weda, call } = await open({ flowsDir });
    const answer = await call(START, { ...startData([]), ProcessKey: "flow_test" });
    expect([codeOf(answer), await weda.instances()]).toEqual(["UnsupportedOperation", []]);
    await weda.close();
  });
});
