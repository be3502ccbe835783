/** What exists on the Feishu stand-in: a drawn flow for each one that the catalogue names, and a row in docs/parity.md. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createClock } from "../../../local/clock";
import { createWorkflowEngine } from "../../../local/engine/bpmn-workflow-engine";
import { readFlow, readFlowsDir } from "../../../local/engine/flows";
import { APAAS_FLOWS, COREHR_FLOWS } from "../../../local/feishu/catalogue";
import { ROUTES } from "../../../local/feishu/routes";
import { FLOWS_DIR } from "../engine/flow-of";

const dir = join(FLOWS_DIR, "feishu");
const files = readdirSync(dir).sort();
const flowIds = [...Object.keys(APAAS_FLOWS), ...Object.keys(COREHR_FLOWS)];
const engine = createWorkflowEngine({ clock: createClock() });

it("the flows of the catalogue are the files of the folder", async () => {
  const { flows, problems } = await readFlowsDir(dir);
  expect(problems).toEqual([]);
  expect(flows.map(({ processKey }) => processKey).sort()).toEqual([...flowIds].sort());
  expect(files).toEqual(flowIds.map((id) => `${id}.bpmn`).sort());
});

it.each(files)("%s is drawn whole: every node and every sequence flow", (file) => {
  const xml = readFileSync(join(dir, file), "utf8");
  const drawn = new Set([...xml.matchAll(/bpmnElement="([^"]+)"/g)].map(([, id]) => id));
  const elements = [...xml.matchAll(/<(?:\w+Event|task|userTask|exclusiveGateway|sequenceFlow) id="([^"]+)"/g)];
  expect(elements.length).toBeGreaterThan(3);
  expect(elements.map(([, id]) => id).filter((id) => !drawn.has(id))).toEqual([]);
});

describe.each(["approveRequest_1a2b3c4d5e", ...Object.keys(COREHR_FLOWS)])("%s", (flowId) => {
  it.each([
    ["agree", "completed"],
    ["reject", "declined"],
  ] as const)("when its approver says %s is %s", async (action, state) => {
    const flow = await readFlow(readFileSync(join(dir, `${flowId}.bpmn`), "utf8"));
    const asked = await engine.start(flow, {});
    expect(asked.tasks).toHaveLength(1);
    expect((await engine.complete(flow, asked, asked.tasks[0]?.id ?? "", { action })).state).toBe(state);
  });
});

it("docs/parity.md has a row for every API", () => {
  const rows = readFileSync("docs/parity.md", "utf8").split("\n");
  const missing = ROUTES.filter(({ method, path }) => !rows.some((row) => row.startsWith(`| \`${method} ${path}\``)));
  expect(missing).toEqual([]);
});
