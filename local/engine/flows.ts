/** BPMN files -> flows: the process key, the name, the version, and the start variables that the start event declares. */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import type { ParsedElement, SourceContext } from "./library";
import { executableProcess, loadSource } from "./source";
import type { DeclaredVariable, Flow } from "./workflow-engine";
import { WorkflowError } from "./workflow-error";

/** The types that a start variable can have: https://cloud.tencent.com/document/product/1301/77290 */
const declaredVariableSchema = z.object({
  paramCode: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
  name: z.string().regex(/^(?!__proto__$)[\p{L}_][\p{L}\p{N}_]{0,63}$/u),
  type: z.enum(["string", "number", "boolean", "object", "objectList"]),
  required: z.boolean().default(false),
});

/** A file that holds no usable flow: the others work without it. */
export interface FlowProblem {
  file: string;
  error: WorkflowError;
}

/** Throws `WorkflowError` FLOW_INVALID. */
export async function readFlow(xml: string): Promise<Flow> {
  const source = await loadSource(xml);
  const process = executableProcess(source);
  const { version } = process.behaviour;
  return {
    processKey: process.id,
    name: process.name ?? process.id,
    version: typeof version === "string" ? version : "1.0",
    xml,
    startVariables: startVariables(source, process),
  };
}

/** Every `*.bpmn` of a folder, in the order of the file names. */
export async function readFlowsDir(dir: string): Promise<{ flows: Flow[]; problems: FlowProblem[] }> {
  const files = (await readdir(dir)).filter((name) => name.endsWith(".bpmn")).sort();
  const flows: Flow[] = [];
  const problems: FlowProblem[] = [];
  for (const file of files) {
    try {
      const flow = await readFlow(await readFile(join(dir, file), "utf8"));
      if (flows.some(({ processKey }) => processKey === flow.processKey)) {
        throw new WorkflowError("FLOW_INVALID", `<process id="${flow.processKey}">: 2 files`);
      }
      flows.push(flow);
    } catch (error) {
      if (!(error instanceof WorkflowError)) throw error;
      problems.push({ file: basename(file, ".bpmn"), error });
    }
  }
  return { flows, problems };
}

function startVariables(source: SourceContext, process: ParsedElement): DeclaredVariable[] {
  const starts = source
    .getActivities()
    .filter(({ type, parent }) => type === "bpmn:StartEvent" && parent.id === process.id);
  const declared = starts.flatMap(({ behaviour }) => {
    const extensions = behaviour.extensionElements as { values?: { $type: string }[] } | undefined;
    return (extensions?.values ?? []).filter(({ $type }) => $type === "weda:StartVariable");
  });
  const parsed = z.array(declaredVariableSchema).safeParse(declared);
  if (!parsed.success) throw new WorkflowError("FLOW_INVALID", `<weda:startVariable> ${z.prettifyError(parsed.error)}`);
  for (const member of ["paramCode", "name"] as const) {
    const seen = parsed.data.map((variable) => variable[member]);
    if (new Set(seen).size < seen.length) throw new WorkflowError("FLOW_INVALID", `<weda:startVariable> ${member} × 2`);
  }
  return parsed.data;
}
