/** Flows for the engine's tests: the shipped ones, and small ones written on the spot. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readFlow } from "../../../local/engine/flows";
import type { Flow } from "../../../local/engine/workflow-engine";

export const FLOWS_DIR = join("local", "engine", "flows");

export async function shipped(processKey: string): Promise<Flow> {
  return await readFlow(await readFile(join(FLOWS_DIR, `${processKey}.bpmn`), "utf8"));
}

/** BPMN text with one process; `body` is what stands in it. */
export function bpmn(body: string, processKey = "flow_test"): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:weda="http://startflow.local/schema/weda" id="d_${processKey}" targetNamespace="test">
  <process id="${processKey}" name="试验" isExecutable="true" weda:version="2.0">${body}</process>
</definitions>`;
}

/** start -> the given node -> end. */
export function around(node: string, id: string): string {
  return bpmn(`<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="${id}" />${node}
    <sequenceFlow id="f2" sourceRef="${id}" targetRef="e" /><endEvent id="e" />`);
}

/** start -> gateway -> a task where the condition holds, else the end. */
export function withCondition(condition: string): string {
  return bpmn(`<startEvent id="s" /><sequenceFlow id="f1" sourceRef="s" targetRef="g" />
    <exclusiveGateway id="g" default="f3" />
    <sequenceFlow id="f2" sourceRef="g" targetRef="t">${condition}</sequenceFlow>
    <sequenceFlow id="f3" sourceRef="g" targetRef="e" />
    <userTask id="t" name="T" weda:assignee="\${environment.variables.boss}" />
    <sequenceFlow id="f4" sourceRef="t" targetRef="e" /><endEvent id="e" />`);
}

/** `${…}` around an expression: not written out, where it would look like a template string. */
export const placeholder = (inner: string): string => `\${${inner}}`;

export const condition = (text: string): string =>
  `<conditionExpression xsi:type="tFormalExpression"><![CDATA[${text}]]></conditionExpression>`;
