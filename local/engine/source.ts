/** BPMN text -> the parsed flow, once per text; what could run code or could never run is refused here. */
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
    const condition = behaviour.conditionExpression as { language?: string; body?: string } | undefined;
    if (condition === undefined) continue;
    if (condition.language !== undefined) throw invalid(`<${id}>: script`);
    if (!isExpression(condition.body)) throw invalid(`<${id}>: \${environment.services.gt(…)}`);
  }
}

function invalid(detail: string): WorkflowError {
  return new WorkflowError("FLOW_INVALID", detail);
}
