/** The two slots of a process: preview starts what is saved, production what is published. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bpmn } from "../engine/flow-of";
import { codeOf, idOf, leaveOf, messageOf, open, startData, temporaryDir } from "./open-weda";

const START = "StartProcessWithParams";

describe("the two slots of a process", () => {
  it("let preview start what is saved, and production only what is published", async () => {
    const { weda, call } = await open();
    expect((await weda.processes()).every(({ published }) => published === null)).toBe(true);
    expect(codeOf(await call(START, leaveOf(1)))).toBe(0);
    const refused = await call(START, leaveOf(1), "user-1", "lowcode-datasource");
    expect([codeOf(refused), messageOf(refused)]).toEqual(["UnsupportedOperation", expect.stringContaining("发布")]);
    expect(await weda.publish("flow_012")).toEqual({
      processKey: "flow_012",
      name: "请假审批",
      saved: "1.0",
      published: "1.0",
    });
    expect(codeOf(await call(START, leaveOf(1), "user-1", "lowcode-datasource"))).toBe(0);
    await expect(weda.publish("flow_none")).rejects.toMatchObject({ code: "PROCESS_NOT_FOUND" });
    await weda.close();
  });

  it("are two flows: an edit is what preview starts, and production keeps its copy, also after a restart", async () => {
    const flowsDir = join(await temporaryDir(), "flows");
    await mkdir(flowsDir);
    const file = join(flowsDir, "flow_test.bpmn");
    const first = bpmn(
      '<startEvent id="s" /><sequenceFlow id="f" sourceRef="s" targetRef="t" /><userTask id="t" name="旧" />',
    );
    await writeFile(file, first);
    const before = await open({ flowsDir });
    await before.weda.publish("flow_test");
    const data = { ...startData([]), ProcessKey: "flow_test" };
    const old = idOf(await before.call(START, data));
    await writeFile(file, first.replace("旧", "新的").replace('"2.0"', '"3.0"'));
    await before.weda.close();
    const { weda, call } = await open({ flowsDir, dir: before.dir });
    expect(await weda.processes()).toMatchObject([{ saved: "3.0", published: "2.0" }]);
    const [preview, production] = [await call(START, data), await call(START, data, "user-1", "lowcode-datasource")];
    expect((await weda.instance(idOf(preview))).tasks).toMatchObject([{ name: "新的" }]);
    expect((await weda.instance(idOf(production))).tasks).toMatchObject([{ name: "旧" }]);
    expect((await weda.diagram(old)).xml).toBe(first);
    await weda.close();
  });

  it("are both as shipped after a reset", async () => {
    const { weda, dir } = await open();
    await weda.publish("flow_012");
    await weda.reset();
    expect((await weda.processes()).map(({ published }) => published)).toEqual([null, null]);
    await weda.close();
    const after = await open({ dir });
    expect((await after.weda.processes()).map(({ published }) => published)).toEqual([null, null]);
    await after.weda.close();
  });
});
