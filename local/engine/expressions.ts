/**
 * The expressions of a flow: `${environment.variables.days}` and `${environment.services.gt(a, 3)}`, and nothing else.
 * The library's own resolver follows any property, so that a condition can reach `constructor` and with it JavaScript;
 * this one reads own members of plain data and calls the five functions below.
 */
import { WorkflowError } from "./workflow-error";

export interface ExpressionScope {
  /** The start variables by name. */
  variables: Record<string, unknown>;
  /** What was decided last at a node: "agree" or "reject", by node id. */
  decisions: Record<string, unknown>;
}

type Service = (left: unknown, right: unknown) => boolean;

const bothNumbers =
  (compare: (left: number, right: number) => boolean): Service =>
  (left, right) =>
    typeof left === "number" && typeof right === "number" && compare(left, right);

const SERVICES = new Map<string, Service>([
  ["gt", bothNumbers((left, right) => left > right)],
  ["gte", bothNumbers((left, right) => left >= right)],
  ["lt", bothNumbers((left, right) => left < right)],
  ["lte", bothNumbers((left, right) => left <= right)],
  ["equals", (left, right) => left === right],
]);

const PLACEHOLDER = /\$\{([^{}]*)\}/;
const WHOLE = /^\$\{([^{}]*)\}$/;
const CALL = /^environment\.services\.([A-Za-z]+)\(([^()]*)\)$/;
const PATH = /^environment\.(variables|decisions)((?:\.[\p{L}_][\p{L}\p{N}_]*|\[\d{1,9}\])+)$/u;
const LITERALS = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Whether a text is one expression that this resolver understands in its outer form. */
export const isExpression = (text: unknown): boolean => typeof text === "string" && WHOLE.test(text.trim());

/** In the shape that the library asks of its `expressions` option. */
export function createExpressions(scope: ExpressionScope) {
  const resolveExpression = (text: unknown): unknown => {
    if (typeof text !== "string") return text;
    const whole = WHOLE.exec(text.trim());
    if (whole) return evaluate(whole[1] ?? "", scope);
    return text.replaceAll(new RegExp(PLACEHOLDER, "g"), (_, inner: string) => String(evaluate(inner, scope) ?? ""));
  };
  return { resolveExpression, isExpression, hasExpression: (text: unknown) => PLACEHOLDER.test(String(text)) };
}

function evaluate(expression: string, scope: ExpressionScope): unknown {
  const text = expression.trim();
  const call = CALL.exec(text);
  if (call === null) return operand(text, scope);
  const service = SERVICES.get(call[1] ?? "");
  const operands = (call[2] ?? "").split(",").map((part) => operand(part.trim(), scope));
  if (service === undefined || operands.length !== 2) throw notUnderstood(text);
  return service(operands[0], operands[1]);
}

function operand(text: string, scope: ExpressionScope): unknown {
  if (LITERALS.has(text)) return LITERALS.get(text);
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  const quoted = /^(['"])([^'"]*)\1$/.exec(text);
  if (quoted) return quoted[2];
  const path = PATH.exec(text);
  if (path === null) throw notUnderstood(text);
  const root = path[1] === "variables" ? scope.variables : scope.decisions;
  return (path[2] ?? "").match(/[\p{L}\p{N}_]+/gu)?.reduce<unknown>(ownMember, root);
}

function ownMember(holder: unknown, name: string): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return undefined;
  return (holder as Record<string, unknown>)[name];
}

function notUnderstood(expression: string): WorkflowError {
  return new WorkflowError("FLOW_INVALID", `\${${expression}}`);
}
