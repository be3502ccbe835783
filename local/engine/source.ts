/** BPMN text -> the parsed flow, once per text; what could run code or could never run is refused here. */
import * as z from "zod";
import { isExpression } from "./expressions";
import { loadLibrary, type ParsedElement, parserOptions, type SourceContext } from "./library";
import { WorkflowError } from "./workflow-error";

/** More flows than one project has; an old text is parsed again when it is needed. */
const MAX_CACHED = 50;
const cache = new Map<string, Promise<SourceContext>>();

export function loadSource(xml: string): Promise<SourceContext> {
  const known = cache.get(xml);
  if (known) return known;
  const [oldest] = cache.keys();
  if (cache.size >= MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  const source = parse(xml);
  cache.set(xml, source);
  return source;
}

/** The one process that is started. */
export function executableProcess(source: SourceContext): ParsedElement {
  const [process, ...others] = source.getProcesses().filter(({ behaviour }) => behaviour.isExecutable === true);
  if (process === undefined || others.length > 0) throw invalid('isExecutable="true": 1 process');
  return process;
}

async function parse(xml: string): Promise<SourceContext> {
  const library = await loadLibrary();
  try {
    const [definition] = await library.createEngine(parserOptions(library, xml)).getDefinitions();
    if (definition === undefined) throw invalid("<definitions>");
    const source = definition.environment.options.source;
    check(source);
    return source;
  } catch (error) {
    throw error instanceof WorkflowError ? error : invalid(error instanceof Error ? error.message : String(error));
  }
}

function check(source: SourceContext): void {
  executableProcess(source);
  const [script] = source.getScripts();
  if (script !== undefined) throw invalid(`<${script.name}>: script`);
  for (const { id, type, behaviour } of [...source.getActivities(), ...source.getSequenceFlows()]) {
    if (type === "bpmn:ScriptTask") throw invalid(`<${id}>: script`);
    if (type === "bpmn:ServiceTask") checkServiceTask(id, behaviour);
    if (type === "bpmn:EndEvent") checkOutput(id, behaviour);
    const condition = behaviour.conditionExpression as { language?: string; body?: string } | undefined;
    if (condition === undefined) continue;
    if (condition.language !== undefined) throw invalid(`<${id}>: script`);
    if (!isExpression(condition.body)) throw invalid(`<${id}>: \${environment.services.gt(…)}`);
  }
}

/** The name of a function of the bundle, as its folder is called. */
const FUNCTION = /^[a-z][a-z0-9-]{0,63}$/;

function checkServiceTask(id: string, behaviour: Record<string, unknown>): void {
  if (!FUNCTION.test(String(behaviour.function ?? ""))) throw invalid(`<${id}>: weda:function="…"`);
  if (behaviour.implementation !== undefined) throw invalid(`<${id}>: implementation`);
  if (behaviour.loopCharacteristics !== undefined) throw invalid(`<${id}>: loopCharacteristics`);
  if (!inputsSchema.safeParse(inputsOf(behaviour)).success) throw invalid(`<${id}>: <weda:input name="…" value="…" />`);
}

const inputsSchema = z.array(z.looseObject({ name: z.string().regex(/^[A-Za-z]\w{0,63}$/), value: z.string() }));

/** What a service task gives its function: `<weda:input name="days" value="${environment.variables.days}" />`. */
export function inputsOf(behaviour: Record<string, unknown>): { name: string; value: string }[] {
  const extensions = behaviour.extensionElements as { values?: { $type: string }[] } | undefined;
  const inputs = (extensions?.values ?? []).filter(({ $type }) => $type === "weda:Input");
  return inputs as unknown as { name: string; value: string }[];
}

function checkOutput(id: string, behaviour: Record<string, unknown>): void {
  try {
    outputOf(behaviour, () => undefined);
  } catch {
    throw invalid(`<${id}>: weda:output='{"a": 1}', or \${environment.variables.…}`);
  }
}

/** What an end gives as the output of the run: one expression, or constant JSON. `undefined` where it declares none. */
export function outputOf(behaviour: Record<string, unknown>, resolve: (expression: string) => unknown): unknown {
  const { output } = behaviour;
  if (typeof output !== "string") return undefined;
  return isExpression(output) ? resolve(output) : (JSON.parse(output) as unknown);
}

function invalid(detail: string): WorkflowError {
  return new WorkflowError("FLOW_INVALID", detail);
}
