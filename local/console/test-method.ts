/** One method test: runs the method in its process, and tells what came of it in one shape for both routes. */
import * as z from "zod";
import type { Functions } from "../functions/functions";
import type { CallReply, ThrownError } from "../functions/protocol";
import type { RequestLog } from "../requests";
import type { TestAnswer, TestError, testRequestSchema } from "./wire";

const textSchema = z.object({ zh: z.string(), en: z.string() });
/** The product's own failure: thrown with a body (custom code) or returned (cloud function). */
const failureSchema = z.looseObject({
  code: z.string(),
  message: z.union([z.string(), textSchema]),
  text: textSchema.optional(),
  outcome: z.enum(["rejected", "in_progress", "unknown"]),
});
/** Any cloud function's failure. */
const codeSchema = z.looseObject({ code: z.union([z.string().min(1), z.number()]), message: z.string().default("") });

export async function testMethod(
  parts: { functions: Functions; requests: RequestLog },
  name: string,
  text: string,
  { env, user, dryRun, entry }: z.output<typeof testRequestSchema>,
): Promise<TestAnswer> {
  const startedMs = performance.now();
  const route = dryRun ? "dryRun" : entry;
  const reply = await parts.functions.call(name, { route, text, member: "params", userId: user, environment: env });
  return {
    ...outcomeOf(reply, route),
    logs: reply.logs,
    requests: parts.requests.of(reply.callId),
    durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
  };
}

function outcomeOf(reply: CallReply, route: string): Pick<TestAnswer, "ok" | "result" | "error"> {
  if (reply.error !== undefined) return { ok: false, error: thrownFailure(reply.error) };
  const result: unknown = JSON.parse(reply.resultText ?? "null");
  const failure = route === "main" ? returnedFailure(result) : undefined;
  return failure === undefined ? { ok: true, result } : { ok: false, error: failure };
}

function returnedFailure(result: unknown): TestError | undefined {
  const parsed = codeSchema.safeParse(result);
  if (!parsed.success || parsed.data.code === 0) return undefined;
  return ownFailure(result) ?? foreignFailure({ name: "Error", code: parsed.data.code, message: parsed.data.message });
}

function thrownFailure(error: ThrownError): TestError {
  return ownFailure(error.details) ?? foreignFailure(error);
}

function ownFailure(value: unknown): TestError | undefined {
  const parsed = failureSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { message, text, ...rest } = parsed.data;
  return { ...rest, message: text ?? (typeof message === "string" ? { zh: message, en: message } : message) };
}

/** What did not come from our own table says nothing about the process. */
function foreignFailure({ code, message }: ThrownError): TestError {
  return { code: String(code ?? "FUNCTIONS_EXECUTE_FAIL"), message: { zh: message, en: message }, outcome: "unknown" };
}
