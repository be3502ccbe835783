/** The other actions of callWedaApi, and the routes into the cloud functions. */
import { describe, expect, it } from "vitest";
import { ACTIONS } from "../../../local/weda/actions";
import { FIND_ACTION } from "../../../shared/engines/weda/find";
import { codeOf, dataOf, idOf, leaveOf, messageOf, open, wedaApi } from "./open-weda";

const START = "StartProcessWithParams";

async function started(days = 5) {
  const opened = await open();
  const id = idOf(await opened.call(START, leaveOf(days)));
  const task = async () => String(dataOf(await opened.call("DescribeProcessInstance", { instanceId: id })).TaskId);
  return { ...opened, id, task };
}

describe("an action", () => {
  it("has the address of what documents it, and one of ours says that there is none", () => {
    expect(Object.keys(ACTIONS)).toHaveLength(7);
    for (const [name, { doc }] of Object.entries(ACTIONS)) {
      expect(doc).toMatch(name === FIND_ACTION ? /^not published: an assumption/ : /^https:\/\//);
    }
  });

  it.each(Object.keys(ACTIONS))("%s without data is refused by the name of what is missing", async (action) => {
    const { weda, call } = await open();
    for (const data of [undefined, null, "text", []]) {
      const answer = await call(action, data);
      expect([codeOf(answer), messageOf(answer)]).toEqual([
        "InvalidParameter",
        expect.stringMatching(/data|Id|Trigger/),
      ]);
    }
    await weda.close();
  });

  it.each(["startProcessWithParams", "constructor", "Nothing"])("called %s does not exist", async (action) => {
    const { weda, call } = await open();
    const answer = await call(action, {});
    expect([codeOf(answer), messageOf(answer)]).toEqual(["InvalidAction", expect.stringContaining("Action不存在")]);
    await weda.close();
  });

  it("that exists on the platform and not here says so", async () => {
    const { weda, call } = await open();
    const answer = await call("RollBack", {});
    expect([codeOf(answer), messageOf(answer)]).toEqual([
      "UnsupportedOperation",
      expect.not.stringContaining("不存在"),
    ]);
    await weda.close();
  });
});

describe("an instance is described", () => {
  it("by its id and by its task, while it runs", async () => {
    const { weda, call, id, task } = await started();
    const expected = {
      InstanceId: id,
      Name: "请假审批",
      FlowCode: "flow_012",
      FlowVersion: "1.0",
      StartUserId: "user-1",
      StartTime: expect.any(Number),
      IsCompleted: false,
      CurrentApprover: "主管",
      CurrentNodeName: "主管审批",
      TaskId: await task(),
    };
    const details = dataOf(await call("DescribeProcessInstanceDetails", { processInstanceId: id }));
    expect(details).toMatchObject(expected);
    expect(details).not.toHaveProperty("Status");
    const byTask = await call("DescribeProcessInstance", { flowTaskId: await task(), pageType: "TODO" });
    expect(dataOf(byTask)).toEqual(details);
    await weda.close();
  });

  it("not where there is none", async () => {
    const { weda, call } = await open();
    const asked = [
      call("DescribeProcessInstanceDetails", { processInstanceId: "1" }),
      call("DescribeProcessInstance", { flowTaskId: "1" }),
      call("GetInstanceOperation", { instanceId: "1" }),
      call("CompleteTask", { instanceId: "1", taskId: "1", buttonAction: 2 }),
    ];
    expect((await Promise.all(asked)).map(codeOf)).toEqual(Array(4).fill("ResourceNotFound"));
    await weda.close();
  });
});

describe("CompleteTask", () => {
  it("agrees with 2 and rejects with 3, and the operations tell who said what", async () => {
    const { weda, call, id, task } = await started();
    const first = { instanceId: id, taskId: await task(), buttonAction: 2, comment: { operationComment: "同意" } };
    expect(dataOf(await call("CompleteTask", first))).toMatchObject({
      CurrentNodeName: "人事审批",
      IsCompleted: false,
    });
    const again = await call("CompleteTask", first);
    expect([codeOf(again), messageOf(again)]).toEqual(["FailedOperation", expect.stringContaining("已经处理")]);
    const second = { instanceId: id, taskId: await task(), buttonAction: "3" };
    expect(dataOf(await call("CompleteTask", second))).toMatchObject({ IsCompleted: true, Status: 2 });
    const { ElementInfos } = dataOf(await call("GetInstanceOperation", { instanceId: id }));
    expect(ElementInfos).toMatchObject([
      {
        Id: "Task_manager",
        Name: "主管审批",
        OperaName: ["主管"],
        ContentInfo: [{ Action: 2, OperationComment: "同意" }],
      },
      { Id: "Task_hr", Name: "人事审批", OperaName: ["人事"], ContentInfo: [{ Action: 3 }] },
    ]);
    await weda.close();
  });

  it("refuses other buttons, a task that is not there, and a comment above 500 characters", async () => {
    const { weda, call, id, task } = await started();
    const data = { instanceId: id, taskId: await task(), buttonAction: 2 };
    expect(codeOf(await call("CompleteTask", { ...data, buttonAction: 4 }))).toBe("UnsupportedOperation");
    expect(codeOf(await call("CompleteTask", { ...data, taskId: "none" }))).toBe("ResourceNotFound");
    const comment = { operationComment: "长".repeat(501) };
    expect(messageOf(await call("CompleteTask", { ...data, comment }))).toContain("Comment.operationComment");
    expect((await weda.instance(id)).state).toBe("waiting");
    await weda.close();
  });
});

describe("Revoke", () => {
  it("ends the instance for who started it, once", async () => {
    const { weda, call, id } = await started();
    const data = { instanceId: id, revokeType: 2 };
    expect(codeOf(await call("Revoke", data, "user-2"))).toBe("InnerError.AuthFailure");
    expect(codeOf(await call("Revoke", data, null))).toBe("InnerError.AuthFailure");
    expect(codeOf(await call("Revoke", { ...data, revokeType: 1 }))).toBe("UnsupportedOperation");
    expect(dataOf(await call("Revoke", data))).toMatchObject({ IsCompleted: true, Status: 1 });
    expect(codeOf(await call("Revoke", data))).toBe("FailedOperation");
    expect(await weda.instance(id)).toMatchObject({ state: "cancelled", tasks: [{ state: "done" }] });
    await weda.close();
  });
});

describe("the cloud functions", () => {
  it("hand a method of an API on, with environment and caller, and its failure back", async () => {
    const calls: unknown[] = [];
    const { weda, invoke } = await open({
      callMethod: async (call) => {
        calls.push(call);
        if (call.methodName === "bad") throw Object.assign(new Error("no"), { code: "INVALID_PARAMS" });
        if (call.methodName === "broken") throw new Error("inner detail");
        return { done: true };
      },
    });
    const payload = { dataSourceName: "startflow_0iivqwe", methodName: "method_1", params: { a: 1 }, envType: "pre" };
    expect(await invoke(payload, "user-1", "lowcode-datasource")).toMatchObject({ code: 0, data: { done: true } });
    expect(calls).toMatchObject([
      { methodName: "method_1", params: { a: 1 }, environment: "production", caller: { userId: "user-1" } },
    ]);
    expect(await invoke({ ...payload, methodName: "bad" })).toMatchObject({ code: "INVALID_PARAMS", message: "no" });
    const broken = await invoke({ ...payload, methodName: "broken" });
    expect([codeOf(broken), messageOf(broken)]).toEqual(["InternalError", expect.not.stringContaining("detail")]);
    await weda.close();
  });

  it("refuse what they do not know, in their own shape", async () => {
    const { weda, invoke } = await open();
    const answers = [
      await invoke("{", "user-1"),
      await invoke("[]"),
      await invoke({}),
      await invoke({ ...wedaApi(START, leaveOf(1)), mode: "sdk" }),
      await invoke({ ...wedaApi(START, leaveOf(1)), mode: "c", methodName: "other" }),
      await invoke(wedaApi(START, leaveOf(1)), "user-1", "lowcode-other"),
      await invoke({ methodName: "wedaSomethingV2", dataSourceName: "m", params: {} }),
    ];
    expect(answers.map(codeOf)).toEqual([
      "InvalidParameter",
      "InvalidParameter",
      "InvalidParameter",
      "UnsupportedOperation",
      "UnsupportedOperation",
      "FUNCTION_NOT_FOUND",
      "DS_METHOD_NOT_FOUND",
    ]);
    expect(messageOf(answers[6] ?? { code: 0, data: null, requestId: "" })).toContain("not found in datasource");
    expect(await weda.instances()).toEqual([]);
    await weda.close();
  });
});
